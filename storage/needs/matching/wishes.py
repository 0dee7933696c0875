"""What a resident would like of whoever comes, as the need says it or the register knows it."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Session
from storage.needs.cards import NeedCard
from storage.registers import open_profile
from storage.rules.fields import OPTIONS
from storage.rules.matching import Wishes


@dataclass(frozen=True, slots=True)
class NeedWishes:
    """The wishes of a need, when it is wanted, and in which 组 or building, where that is said."""

    wishes: Wishes
    wanted_at: datetime | None = None
    hours: bool = True
    group: str = ""


def read_wishes(session: Session, card: NeedCard) -> NeedWishes:
    """Read what is wished for: what was said with this need comes before what is known."""
    said = card.details
    profile = open_profile(session, person_id=card.resident_id)
    sex = said.gender or profile.get("helper_sex")
    languages = _languages_in(str(profile.get("dialect") or ""))
    ways = profile.get("communication")
    if said.language == "sign" or (isinstance(ways, list) and "sign_language" in ways):
        languages |= {"sign_language"}
    if said.language == "dialect":
        languages |= {"chongqing"}
    wishes = Wishes(
        sex=sex if isinstance(sex, str) else None,
        languages=languages,
        same_helper=said.same_helper,
    )
    return NeedWishes(wishes, said.wanted_at, said.hours, said.group_code)


def _languages_in(text: str) -> frozenset[str]:
    """The languages that are named in a line, "重庆话，也用手语"."""
    said = text.casefold()
    return frozenset(
        one.key
        for one in OPTIONS["languages"]
        if one.key != "other"
        and any(word.casefold() in said for word in (one.zh, one.en, *one.aliases))
    )
