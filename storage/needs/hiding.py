"""A yes to showing contact data is taken back: it leaves the helpers' chats at once."""

from datetime import datetime

from sqlalchemy import or_, select

from storage.database import Session
from storage.needs.buttons import button, task_buttons
from storage.needs.cards import read_need
from storage.needs.telling import hide_contact
from storage.tables import claim, need


def hide_contacts_of(session: Session, *, now: datetime, person_id: int) -> int:
    """Rewrite what helpers were shown of somebody, whose needs they are carrying out now.

    Also of one who asked for somebody else. What may still be seen is one press away; returns
    how many tasks it was.
    """
    rows = session.all(
        select(need.c.id)
        .join(claim, claim.c.need_id == need.c.id)
        .where(claim.c.state == "active", need.c.state == "claimed")
        .where(or_(need.c.resident_id == person_id, need.c.stated_by == person_id))
        .order_by(need.c.id)
    )
    for row in rows:
        card = read_need(session, need_id=row.id)
        held = card.held
        again = button("claim.where", "claim", "where", held.id, held.version)
        hide_contact(
            session,
            card,
            now=now,
            words="claim_contact_withdrawn",
            buttons=[[again], *task_buttons(card)],
        )
    return len(rows)
