"""Numbers to call in danger, as data with the day on which each was last checked.

The bot never dials. 12345 notices say that it does not replace 110, 119, 120 and 122.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from storage.rules.dangers import DangerKind


class ContactKey(StrEnum):
    """Who answers; the key of the label that names them."""

    POLICE = "police"
    FIRE = "fire"
    MEDICAL = "medical"
    MIND = "mind"
    POLICE_SMS = "police_sms"
    GOVERNMENT = "government"
    DISABILITY = "disability"


class Way(StrEnum):
    """How a number is reached."""

    CALL = "call"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Contact:
    """A public number; `tested` says that the office has tried it in this area."""

    key: ContactKey
    number: str
    way: Way
    checked: date
    tested: bool


_CHECKED = date(2026, 11, 23)

# 12110 takes the last three digits of the area code: 023 makes 12110023. It is an aid for those
# who cannot speak or hear, may arrive late, and nobody has yet tried it here. 12385 is merged
# into 12345 in many places, so 12345 is shown beside it.
_ROWS = (
    (ContactKey.POLICE, "110", Way.CALL, True),
    (ContactKey.FIRE, "119", Way.CALL, True),
    (ContactKey.MEDICAL, "120", Way.CALL, True),
    (ContactKey.MIND, "12356", Way.CALL, True),
    (ContactKey.POLICE_SMS, "12110023", Way.SMS, False),
    (ContactKey.GOVERNMENT, "12345", Way.CALL, True),
    (ContactKey.DISABILITY, "12385", Way.CALL, False),
)

CONTACTS = MappingProxyType(
    {key: Contact(key, number, way, _CHECKED, tested) for key, number, way, tested in _ROWS}
)

_K, _D = ContactKey, DangerKind

# In the order in which they are shown: the first is the one to call now.
FOR_DANGER = MappingProxyType(
    {
        _D.MEDICAL: (_K.MEDICAL, _K.POLICE),
        _D.FIRE_GAS: (_K.FIRE, _K.MEDICAL, _K.POLICE),
        _D.MISSING: (_K.POLICE,),
        _D.SELF_HARM: (_K.MEDICAL, _K.POLICE, _K.MIND),
        _D.VIOLENCE: (_K.POLICE, _K.MEDICAL),
        _D.LIFE_SUPPORT: (_K.MEDICAL, _K.POLICE),
        _D.UNKNOWN: (_K.MEDICAL, _K.POLICE),
    }
)


def numbers_for(kind: DangerKind) -> tuple[Contact, ...]:
    """The numbers to call in this danger, the first one first."""
    return tuple(CONTACTS[key] for key in FOR_DANGER[kind])


def for_those_who_cannot_speak() -> Contact:
    """The police by text message: place, time, what happens; ask somebody near to call, too."""
    return CONTACTS[ContactKey.POLICE_SMS]
