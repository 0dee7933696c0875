"""What a chat was shown: messages that went out are rewritten, those that wait are withdrawn."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update

from storage.database import Session
from storage.tables import outbox


def list_shown(session: Session, *, chat_id: int, card: str, template: str) -> Sequence[int]:
    """Return the messages of this template that a card was ever shown as in a chat, in order."""
    rows = session.all(
        select(outbox.c.message_id)
        .where(outbox.c.chat_id == chat_id, outbox.c.card == card)
        .where(outbox.c.template == template, outbox.c.message_id.is_not(None))
        .distinct()
        .order_by(outbox.c.message_id)
    )
    return [row.message_id for row in rows]


def list_under_way(session: Session, *, chat_id: int, card: str, template: str) -> Sequence[int]:
    """Return what is being sent at this moment: for ``say(edits=…)``, which waits for its end."""
    rows = session.all(
        select(outbox.c.id)
        .where(outbox.c.chat_id == chat_id, outbox.c.card == card)
        .where(outbox.c.template == template, outbox.c.state == "sending")
        .where(outbox.c.message_id.is_(None))
        .order_by(outbox.c.id)
    )
    return [-row.id for row in rows]


def withdraw(session: Session, *, now: datetime, chat_id: int, card: str, template: str) -> None:
    """Take back what still waits to be shown in a chat."""
    session.change(
        update(outbox)
        .where(outbox.c.chat_id == chat_id, outbox.c.card == card)
        .where(outbox.c.template == template, outbox.c.state == "pending")
        .values(state="unwanted", sent_at=now)
    )


def withdraw_all(session: Session, *, now: datetime, chat_id: int) -> None:
    """Take back what waits for somebody who has left; answers and alarms still go."""
    session.change(
        update(outbox)
        .where(outbox.c.chat_id == chat_id, outbox.c.state == "pending")
        .where(outbox.c.message_class.in_(("must", "info")))
        .values(state="unwanted", sent_at=now)
    )


def list_shown_as(
    session: Session, *, chat_id: int, card: str, templates: Collection[str]
) -> Sequence[int]:
    """Return the messages of a card that stand in a chat as one of these templates now.

    What was rewritten since as something else is left out; what is being sent at this moment is
    named as ``say(edits=…)`` takes it.
    """
    rows = session.all(
        select(outbox.c.id, outbox.c.template, outbox.c.message_id, outbox.c.edits, outbox.c.state)
        .where(outbox.c.chat_id == chat_id, outbox.c.card == card)
        .where(outbox.c.state.in_(("pending", "sending", "sent", "unknown")))
        .order_by(outbox.c.id)
    )
    newest: dict[int, str] = {}
    for row in rows:
        number = row.edits or row.message_id or (-row.id if row.state == "sending" else None)
        if number is not None:
            newest[number] = row.template
    return [number for number, template in newest.items() if template in templates]
