"""Open choices of a chat: each button shown has a number by which it can be typed (law 7)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import insert, select, update

from storage.database import Session
from storage.refusals import Fact
from storage.tables import choice

DATA_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Button:
    """A button: a label key (with facts for its wording) and what a press carries.

    ``data`` is "topic:act:id:version" or shorter, at most 64 bytes, never personal.
    """

    label: str
    data: str
    facts: dict[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.data.encode()) > DATA_LIMIT:
            raise ValueError(f"button data over {DATA_LIMIT} bytes: {self.data}")


@dataclass(frozen=True, slots=True)
class Choice:
    """An open choice as it stands in the chat."""

    number: int
    label: str
    facts: dict[str, Fact]
    data: str
    card: str


def open_choices(
    session: Session, *, chat_id: int, card: str, buttons: Sequence[Button]
) -> list[int]:
    """Replace the card's choices by these and return their numbers, the lowest that are free."""
    close_card(session, chat_id=chat_id, card=card)
    if not buttons:
        return []
    taken = {
        row.number
        for row in session.all(
            select(choice.c.number).where(choice.c.chat_id == chat_id, choice.c.open)
        )
    }
    free = (number for number in range(1, len(taken) + len(buttons) + 1) if number not in taken)
    numbers = [number for number, _ in zip(free, buttons, strict=False)]
    session.execute(
        insert(choice),
        [
            {
                "chat_id": chat_id,
                "card": card,
                "number": number,
                "label": button.label,
                "facts": json.dumps(button.facts, ensure_ascii=False) if button.facts else "",
                "data": button.data,
                "open": True,
            }
            for number, button in zip(numbers, buttons, strict=True)
        ],
    )
    return numbers


def close_card(session: Session, *, chat_id: int, card: str) -> None:
    """Close what was open on a card; its numbers become free."""
    session.change(
        update(choice)
        .where(choice.c.chat_id == chat_id, choice.c.card == card, choice.c.open)
        .values(open=False)
    )


def list_choices(session: Session, *, chat_id: int) -> list[Choice]:
    """Return the open choices, the newest first."""
    rows = session.all(
        select(choice)
        .where(choice.c.chat_id == chat_id, choice.c.open)
        .order_by(choice.c.id.desc())
        .limit(100)
    )
    return [
        Choice(
            number=row.number,
            label=row.label,
            facts=json.loads(row.facts) if row.facts else {},
            data=row.data,
            card=row.card,
        )
        for row in rows
    ]
