"""Turns: whether a message only waits for the pace at which messages may go out."""

from datetime import datetime, timedelta

from sqlalchemy import and_, exists, literal_column, or_, select

from storage.database import Session
from storage.outbox.leasing import PENDING, SENDING
from storage.tables import outbox

# Messages went out so lately: the queue moves, and what is in it comes to its turn.
MOVING = timedelta(minutes=1)


def waits_for_its_turn(session: Session, *, key: str, now: datetime, most: timedelta) -> bool:
    """Whether this message is behind others alone, since no longer than ``most``.

    Not so when nothing at all goes out, when an earlier message came back from this chat, or when
    the message itself may have been delivered already.
    """
    row = session.find(
        select(outbox.c.id, outbox.c.chat_id, outbox.c.created_at).where(
            outbox.c.key == key,
            outbox.c.state.in_((PENDING, SENDING)),
            outbox.c.not_before <= now,
            outbox.c.unclear == 0,
        )
    )
    if row is None or row.created_at + most <= now:
        return False
    came_back = exists().where(
        outbox.c.chat_id == row.chat_id,
        # Word for word the condition of the index by chat.
        outbox.c.state.in_((PENDING, SENDING)),
        outbox.c.id <= row.id,
        or_(and_(outbox.c.state == PENDING, outbox.c.attempts > 0), outbox.c.unclear > 0),
    )
    moving = exists().where(
        outbox.c.facts.is_not(None),
        outbox.c.sent_at >= now - MOVING,
        outbox.c.sent_at <= now,
        outbox.c.state == "sent",
    )
    return session.find(select(literal_column("1")).where(moving, ~came_back)) is not None
