"""Open choices of a chat: each button shown has a number by which it can be typed (law 7)."""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.refusals import Fact
from storage.tables import choice

DATA_LIMIT = 64
# How often another may draw the same numbers first before this one gives up. Each loss means that
# somebody else's message stands, so it is more than all the connections one database may have.
DRAWS = 50

# Word for word the condition of the indexes of open choices: SQLite uses them for nothing else,
# and with "open = 1" each read went through every choice ever shown.
_IS_OPEN = text("open")
# Written once: putting such a statement together cost four times what running it does.
_IN_CHAT = choice.c.chat_id == bindparam("chat")
_TAKEN = select(choice.c.number).where(_IN_CHAT, _IS_OPEN)
_ADD = insert(choice)
_CLOSE = (
    update(choice)
    .where(_IN_CHAT, choice.c.card == bindparam("of_card"), _IS_OPEN)
    .values(open=False)
)
_LIST = (
    select(choice.c.number, choice.c.label, choice.c.facts, choice.c.data, choice.c.card)
    .where(_IN_CHAT, _IS_OPEN)
    .order_by(choice.c.id.desc())
    .limit(100)
)


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
    if session.connection.dialect.name == "sqlite":  # one writer: nobody draws beside us
        return _draw(session, chat_id=chat_id, card=card, buttons=buttons)
    for _ in range(DRAWS - 1):
        with contextlib.suppress(IntegrityError), session.savepoint():
            return _draw(session, chat_id=chat_id, card=card, buttons=buttons)
    return _draw(session, chat_id=chat_id, card=card, buttons=buttons)


def _draw(session: Session, *, chat_id: int, card: str, buttons: Sequence[Button]) -> list[int]:
    close_card(session, chat_id=chat_id, card=card)
    if not buttons:
        return []
    taken = set(session.execute(_TAKEN, {"chat": chat_id}).scalars())
    free = (number for number in range(1, len(taken) + len(buttons) + 1) if number not in taken)
    numbers = [number for number, _ in zip(free, buttons, strict=False)]
    session.execute(
        _ADD,
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
    session.execute(_CLOSE, {"chat": chat_id, "of_card": card})


def list_choices(session: Session, *, chat_id: int) -> list[Choice]:
    """Return the open choices, the newest first."""
    return [
        Choice(
            number=row.number,
            label=row.label,
            facts=json.loads(row.facts) if row.facts else {},
            data=row.data,
            card=row.card,
        )
        for row in session.execute(_LIST, {"chat": chat_id})
    ]
