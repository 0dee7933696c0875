"""Who is on duty: until there are shifts, every approved coordinator who can be written to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from storage.database import Session
from storage.outbox import Button, MessageClass, Wanted, say
from storage.refusals import Fact
from storage.tables import chat, person, role


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody on duty now."""

    id: int
    name: str


def list_duty(session: Session, *, without: int | None = None) -> list[OnDuty]:
    """Return who is on duty and can be written to; ``without`` the person it is about."""
    rows = session.all(
        select(person.c.id, person.c.name)
        .join(role, role.c.person_id == person.c.id)
        .outerjoin(chat, chat.c.id == person.c.telegram_id)
        .where(role.c.kind == "coordinator", role.c.state == "approved")
        .where(person.c.telegram_id.is_not(None))
        .where(or_(chat.c.reachable.is_(None), chat.c.reachable & ~chat.c.closed))
        .order_by(person.c.id)
    )
    return [OnDuty(row.id, row.name) for row in rows if row.id != without]


def tell_duty(
    session: Session,
    *,
    now: datetime,
    key: str,
    template: str,
    message_class: MessageClass,
    facts: Mapping[str, Fact],
    buttons: Sequence[Sequence[Button]] = (),
    card: str | None = None,
    wanted: Wanted | None = None,
    shelf: timedelta | None = None,
    without: int | None = None,
) -> list[OnDuty]:
    """Say the same to everyone on duty, each under a key of their own; returns who was told."""
    told = list_duty(session, without=without)
    for one in told:
        say(
            session,
            now=now,
            to=one.id,
            key=f"{key}:{one.id}",
            template=template,
            message_class=message_class,
            facts=facts,
            buttons=buttons,
            card=card,
            wanted=wanted,
            shelf=shelf,
        )
    return told
