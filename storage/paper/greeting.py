"""How somebody is greeted: who cannot hear is written to or visited, also by the desk."""

from sqlalchemy import select

from storage.database import Session
from storage.registers import can_be_phoned
from storage.rules.tiers import Channel
from storage.tables import check_in, check_in_plan
from storage.vault import VaultError


def find_greeting(session: Session, *, person_id: int) -> Channel:
    """Return the way of the call that waits, else of the next one, by what is known today."""
    agreed = session.value(
        select(check_in.c.channel)
        .where(check_in.c.resident_id == person_id, check_in.c.next_step_at.is_not(None))
        .order_by(check_in.c.due_at)
        .limit(1)
    ) or session.value(
        select(check_in_plan.c.channel)
        .where(check_in_plan.c.resident_id == person_id, check_in_plan.c.state == "active")
        .order_by(check_in_plan.c.next_due_at)
        .limit(1)
    )
    channel = Channel(agreed or Channel.PHONE)
    try:
        deaf = channel is Channel.PHONE and not can_be_phoned(session, person_id=person_id)
    except VaultError:
        # No key opens the register's row: the way that was agreed stands.
        deaf = False
    return Channel.TEXT if deaf else channel
