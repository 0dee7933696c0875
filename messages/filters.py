"""Filters of the templates: moments in the programme's zone, phones and durations to read aloud."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
CUT_AT = 600
SPANS = ((60 * 24, "天", "day"), (60, "小时", "hour"), (1, "分钟", "minute"), (0, "分钟", "minute"))

# On which line each detail of a need is told.
DETAIL_LINES = {
    "when": "time",
    "day": "time",
    "by": "time",
    "group": "place",
    "where": "place",
    "point": "place",
    "access": "door",
    "floor": "door",
    "wish": "wishes",
}
# What storage puts in the place of a value that no key opens.
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
JOINER = "\u200d"
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"

Filter = Callable[..., str]


def isolate(value: object) -> object:
    """Wrap a right-to-left value, so that it does not turn the sentence around it."""
    if isinstance(value, str) and not value.isascii() and RIGHT_TO_LEFT.search(value):
        return type(value)(f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}")
    return value


def _cut(text: str, limit: int) -> str:
    """Cut where no sign is torn: not before a mark, a skin tone or a joiner, nor after one."""
    while limit > 0 and (
        text[limit - 1] == JOINER
        or text[limit] == JOINER
        or unicodedata.category(text[limit]) in ("Mn", "Me", "Sk")
        or "\U0001f1e6" <= text[limit] <= "\U0001f1ff"
    ):
        limit -= 1
    return text[:limit]


def _span(minutes: int, language: str) -> str:
    """The largest whole unit: nobody needs 2 days, 3 hours and 5 minutes."""
    chosen = next(one for one in SPANS if minutes >= one[0])
    amount = minutes // chosen[0] if chosen[0] else minutes
    if language == "zh":
        return f"{amount}{chosen[1]}"
    return f"{amount} {chosen[2]}" + ("s" if amount != 1 else "")


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

    def full_day(moment: str) -> str:
        """A day that may lie in another year."""
        local = datetime.fromisoformat(moment)
        if local.tzinfo is not None:
            local = local.astimezone(house)
        if language == "zh":
            return f"{local.year}年{local.month}月{local.day}日"
        return f"{local.day} {local:%b %Y}"

    def clock(moment: str) -> str:
        return f"{datetime.fromisoformat(moment).astimezone(house):%H:%M}"

    def when(moment: str) -> str:
        return f"{day(moment)} {clock(moment)}"

    def label(key: str, kind: str) -> str:
        """The words of a key; what the office named itself begins with "=" and is its own words."""
        return key[1:] if key.startswith("=") else labels[f"{kind}.{key}"]

    def labelled(keys: list[str], kind: str) -> str:
        return ("、" if language == "zh" else ", ").join(label(key, kind) for key in keys)

    def opened(text: str, kind: str = "contact") -> str:
        """A text that was sealed; what no key opens is named as such, and where to ask."""
        return text.replace(UNREADABLE, labels[f"unreadable.{kind}"])

    def phone(number: str) -> str:
        bare = number.removeprefix("+86")
        if len(bare) == 11:
            return f"{bare[:3]} {bare[3:7]} {bare[7:]}"
        return opened(number)

    def minutes(amount: int) -> str:
        hours, rest = divmod(amount, 60)
        if language == "zh":
            parts = [f"{hours}小时" if hours else "", f"{rest}分钟" if rest else ""]
            return "".join(parts) or "0分钟"
        words = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
        return " ".join(word for word in words if word) or "0 min"

    def short(text: str, limit: int = CUT_AT) -> str:
        # Cut the raw value: cutting after escaping could break an entity in two.
        return text if len(text) <= limit else _cut(text, limit - 1).rstrip() + "…"

    def waited(amount: int | str) -> str:
        """How long the oldest waits; below zero, how soon the first runs out."""
        if int(amount) == 0:
            return "刚刚" if language == "zh" else "just now"
        span = _span(abs(int(amount)), language)
        if language == "zh":
            return f"最近的{span}后到期" if int(amount) < 0 else f"最早的等了{span}"
        return f"the first in {span}" if int(amount) < 0 else f"the oldest for {span}"

    def few(cell: str) -> str:
        """A cell of a table of figures; a small one is not shown to everybody."""
        if cell == "hidden":
            return "不显示" if language == "zh" else "not shown"
        if cell != "few":
            return cell
        return "少于5" if language == "zh" else "below 5"

    def details(tokens: list[str]) -> str:
        """When, where, at the door and whom rather, each kind a line of its own."""
        told: dict[str, list[str]] = {}
        for token in tokens:
            key, _, value = token.partition("=")
            words = value
            if key in ("access", "wish"):
                words = label(value, key)
            elif key in ("when", "day", "by"):
                words = when(value) if key == "when" else day(value)
                words = labels["details.by"].format(value=words) if key == "by" else words
            elif key in ("floor", "point"):
                words = labels[f"details.{key}"].format(value=value)
            told.setdefault(DETAIL_LINES[key], []).append(words)
        between = "；" if language == "zh" else "; "
        return "\n".join(
            labels[f"details.{line}"].format(value=between.join(words))
            for line, words in told.items()
        )

    made: list[Filter] = [
        day,
        full_day,
        clock,
        when,
        label,
        labelled,
        opened,
        phone,
        minutes,
        short,
        waited,
        few,
        details,
    ]
    return {made_filter.__name__: made_filter for made_filter in made}
