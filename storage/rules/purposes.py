"""Purposes of consent: which is essential, how long a yes stands, and on whose word."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType

# Asked again once, so long before a yes runs out.
REMIND_BEFORE = timedelta(days=30)
# After a no the same thing is not asked again for so long (网络数据安全管理条例 22(5)).
REST_AFTER_NO = timedelta(days=180)


class Purpose(StrEnum):
    """What a yes is for; each is asked and taken back apart."""

    KEEP_DATA = "keep_data"
    ABROAD = "abroad"
    RECORD_DISABILITY = "record_disability"
    SHARE_CONTACT = "share_contact"
    PUBLISH_NAME = "publish_name"
    PUBLISH_PICTURE = "publish_picture"
    PUBLISH_STORY = "publish_story"
    VOLUNTEER_MINOR = "volunteer_minor"


class Ground(StrEnum):
    """On whose word a yes stands."""

    SELF = "self"
    GUARDIAN = "guardian"
    CAREGIVER = "caregiver"
    WITNESSED = "witnessed"  # spoken to named staff, written down with who was there
    STAFF = "staff"  # staff have just asked on the phone or at the door


class Channel(StrEnum):
    """How the yes or no was given."""

    CHAT = "chat"
    PHONE = "phone"
    PAPER = "paper"


PUBLISHING = frozenset({Purpose.PUBLISH_NAME, Purpose.PUBLISH_PICTURE, Purpose.PUBLISH_STORY})


@dataclass(frozen=True, slots=True)
class PurposeRule:
    """One line of the table of purposes."""

    purpose: Purpose
    essential: bool
    version: str
    valid_for: timedelta | None
    # Whether it is asked about before it runs out; what each act asks for itself is not.
    reminds: bool
    grounds: frozenset[Ground]

    def expires_at(self, given_at: datetime) -> datetime | None:
        """Until when a yes given now stands; None for until it is taken back."""
        return given_at + self.valid_for if self.valid_for is not None else None

    def due_at(self, given_at: datetime) -> datetime | None:
        """When to ask again, before the yes runs out."""
        ends = self.expires_at(given_at)
        return ends - REMIND_BEFORE if ends is not None and self.reminds else ends


def _read() -> MappingProxyType[Purpose, PurposeRule]:
    shipped = files("storage") / "rules" / "data" / "purposes.toml"
    table = tomllib.loads(shipped.read_text(encoding="utf-8"))
    return MappingProxyType({Purpose(key): _rule(Purpose(key), table[key]) for key in table})


def _rule(purpose: Purpose, line: dict[str, object]) -> PurposeRule:
    days, grounds = line.get("days"), line["grounds"]
    if not isinstance(grounds, list):
        raise TypeError(f"{purpose}: grounds must be a list")
    return PurposeRule(
        purpose=purpose,
        essential=bool(line["essential"]),
        version=str(line["version"]),
        valid_for=timedelta(days=days) if isinstance(days, int) else None,
        reminds=line.get("reminds", True) is True,
        grounds=frozenset(Ground(str(one)) for one in grounds),
    )


PURPOSES = _read()


def may_speak(purpose: Purpose, ground: Ground, *, child: bool) -> bool:
    """Whether a yes on this ground counts; for a child under 14 only a guardian's does.

    A witnessed statement about a child is the guardian's, spoken to staff (个人信息保护法 31).
    """
    if child and ground not in (Ground.GUARDIAN, Ground.WITNESSED):
        return False
    return ground in PURPOSES[purpose].grounds


def may_ask_again(last_no_at: datetime | None, now: datetime) -> bool:
    """Whether a no, or a yes taken back, has rested long enough to be asked about again."""
    return last_no_at is None or now >= last_no_at + REST_AFTER_NO
