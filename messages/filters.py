"""Filters of the templates: moments in the programme's zone, phones and durations to read aloud."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
CUT_AT = 600

Filter = Callable[..., str]


def filters_for(labels: Mapping[str, str], *, language: str, zone: str) -> dict[str, Filter]:
    """Return the filters for one language."""
    house = ZoneInfo(zone)
    weekdays = WEEKDAYS[language]

    def day(moment: str) -> str:
        local = datetime.fromisoformat(moment)
        if local.tzinfo is not None:
            local = local.astimezone(house)
        weekday = weekdays[local.weekday()]
        if language == "zh":
            return f"{local.month}月{local.day}日（{weekday}）"
        return f"{weekday} {local.day} {local:%b}"

    def clock(moment: str) -> str:
        return f"{datetime.fromisoformat(moment).astimezone(house):%H:%M}"

    def when(moment: str) -> str:
        return f"{day(moment)} {clock(moment)}"

    def label(key: str, kind: str) -> str:
        return labels[f"{kind}.{key}"]

    def labelled(keys: list[str], kind: str) -> str:
        return ("、" if language == "zh" else ", ").join(labels[f"{kind}.{key}"] for key in keys)

    def phone(number: str) -> str:
        bare = number.removeprefix("+86")
        if len(bare) == 11:
            return f"{bare[:3]} {bare[3:7]} {bare[7:]}"
        return number

    def minutes(amount: int) -> str:
        hours, rest = divmod(amount, 60)
        if language == "zh":
            parts = [f"{hours}小时" if hours else "", f"{rest}分钟" if rest else ""]
            return "".join(parts) or "0分钟"
        words = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
        return " ".join(word for word in words if word) or "0 min"

    def short(text: str, limit: int = CUT_AT) -> str:
        # Cut the raw value: cutting after escaping could break an entity in two.
        return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"

    made: list[Filter] = [day, clock, when, label, labelled, phone, minutes, short]
    return {made_filter.__name__: made_filter for made_filter in made}
