"""What a chat was shown: the messages that really went out, so that they can be rewritten."""

from collections.abc import Sequence

from sqlalchemy import select

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
