"""Numbers to call in danger, as data with the day on which each was last checked.

The bot never dials. 12345 notices say that it does not replace 110, 119, 120 and 122.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType

from storage.rules.dangers import DangerKind

# A number that nobody has looked at for so long goes onto the office's list.
STALE_AFTER = timedelta(days=183)


class ContactKey(StrEnum):
    """Who answers; the key of the label that names them."""

    POLICE = "police"
    FIRE = "fire"
    MEDICAL = "medical"
    TRAFFIC = "traffic"
    POLICE_SMS = "police_sms"
    MIND = "mind"
    STREET = "street"
    GOVERNMENT = "government"
    DISABILITY = "disability"
    LEGAL = "legal"
    WOMEN = "women"
    YOUTH = "youth"
    SOCIAL_SECURITY = "social_security"
    MEDICAL_INSURANCE = "medical_insurance"
    ANTI_FRAUD = "anti_fraud"


class Way(StrEnum):
    """How a number is reached."""

    CALL = "call"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Contact:
    """A public number; `tested` says that somebody of the office has tried it in this area."""

    key: ContactKey
    number: str
    way: Way
    checked: date
    tested: bool
    fixed: bool = False

    def is_stale(self, today: date) -> bool:
        """Whether nobody has checked it for too long; one that is not filled in cannot be."""
        return bool(self.number) and self.checked < today - STALE_AFTER


def _load() -> Mapping[str, object]:
    text = files("storage.rules").joinpath("data", "contacts.toml").read_text(encoding="utf-8")
    loaded: dict[str, object] = tomllib.loads(text)
    return loaded


def _shipped(rows: object) -> dict[ContactKey, Contact]:
    assert isinstance(rows, list)
    found = [
        Contact(
            key=ContactKey(row["key"]),
            number=row["number"],
            way=Way(row.get("way", "call")),
            checked=row["checked"],
            tested=row["tested"],
            fixed=row.get("fixed", False),
        )
        for row in rows
    ]
    return {one.key: one for one in found}


def _keys(rows: object) -> dict[str, tuple[ContactKey, ...]]:
    assert isinstance(rows, dict)
    return {name: tuple(ContactKey(key) for key in keys) for name, keys in rows.items()}


_DATA = _load()
# As they are shipped; what the office has changed lies over them (storage.hotlines).
CONTACTS = MappingProxyType(_shipped(_DATA["contacts"]))
FOR_DANGER = MappingProxyType(
    {DangerKind(name): keys for name, keys in _keys(_DATA["for_danger"]).items()}
)
# Whom to tell of violence, and of harm to who cannot speak for themselves.
FOR_DUTY = _keys(_DATA["for_duty"])["numbers"]
_NUMBER = re.compile(r"\d{3,12}")


def read_number(text: str) -> str | None:
    """Read a public number as people write it, "023-7450 0000"; None for no number."""
    plain = re.sub(r"[\s\-()（）]+", "", unicodedata.normalize("NFKC", text))
    return plain if plain.isascii() and _NUMBER.fullmatch(plain) else None
