"""Whether two entries are likely one person: never decided here, only shown to who may know."""

from dataclasses import dataclass
from enum import StrEnum


class Likeness(StrEnum):
    """What two entries have in common."""

    CERTIFICATE = "certificate"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is compared of an entry; keys are keyed hashes, days "1958-11-12" or "1958-11"."""

    name: str
    community_id: int | None
    phone_key: bytes | None = None
    certificate_keys: frozenset[bytes] = frozenset()
    born_on: str | None = None
    sex: str | None = None
    household_id: int | None = None


def find_likeness(one: Entry, other: Entry) -> Likeness | None:
    """What speaks for one person, or None when nothing does or something speaks against it."""
    if one.certificate_keys & other.certificate_keys:
        return Likeness.CERTIFICATE
    if _differ(one, other):
        return None
    names_same = one.name == other.name
    if one.phone_key is not None and one.phone_key == other.phone_key:
        # Families share a phone: of two names with nothing in common it says nothing.
        same_house = one.household_id is not None and one.household_id == other.household_id
        alike = bool(set(one.name) & set(other.name)) and not same_house
        return Likeness.PHONE if names_same or alike else None
    near = one.community_id == other.community_id or None in (one.community_id, other.community_id)
    return Likeness.NAME if names_same and near else None


def is_same(one: Entry, other: Entry) -> bool:
    """Whether a row of a list is surely this entry: by certificate, or by name and a second sign.

    A name in a village is no sign by itself: three people may be called 陈素芬.
    """
    if one.name != other.name:
        return False
    if one.certificate_keys & other.certificate_keys:
        return True
    if _differ(one, other):
        return False
    if one.community_id is not None and other.community_id not in (None, one.community_id):
        return False
    born = one.born_on is not None and other.born_on is not None
    phones = one.phone_key is not None and one.phone_key == other.phone_key
    return born or phones


def _differ(one: Entry, other: Entry) -> bool:
    """Whether birth or sex say that these are two people."""
    if one.sex and other.sex and one.sex != other.sex:
        return True
    if one.born_on and other.born_on:
        shorter = min(len(one.born_on), len(other.born_on))
        return one.born_on[:shorter] != other.born_on[:shorter]
    return False
