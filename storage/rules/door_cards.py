"""The card for the door: what whoever comes has to know, and how long its words may be."""

from dataclasses import dataclass
from enum import StrEnum

from storage.rules.details import Access

WORDS_LIMIT = 60
CODE_LIMIT = 12
NAME_LIMIT = 20


class DoorField(StrEnum):
    """What can be written on the card beside the ways of getting in."""

    CODE = "code"  # 暗号
    PETS = "pets"  # 家里的狗、猫
    SIDE = "side"  # 轮椅从哪边靠
    KEY = "key"  # 钥匙在谁那里


class Side(StrEnum):
    """From which side a wheelchair is approached, or somebody is helped over."""

    LEFT = "left"
    RIGHT = "right"
    FRONT = "front"
    BACK = "back"


class Ground(StrEnum):
    """Why somebody is at the door: what they hold."""

    ALARM = "alarm"
    CHECK_IN = "check_in"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class DoorCard:
    """What is kept of a household's door; whatever is not known is empty."""

    access: tuple[Access, ...] = ()
    floor: int | None = None
    code: str | None = None
    pets: str | None = None
    side: Side | None = None
    key_name: str | None = None
    key_phone: str | None = None

    def __bool__(self) -> bool:
        """Whether anything stands on it."""
        return self != DoorCard()
