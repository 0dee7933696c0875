"""Telling those whose slots change: who is on now, who is free, and by whose hand."""

from datetime import datetime

from sqlalchemy import select

from storage.database import Session
from storage.outbox import MessageClass, say
from storage.people import Person
from storage.refusals import Fact
from storage.rules.duty import Reason, Span
from storage.tables import organisation, person


def span_facts(span: Span) -> dict[str, Fact]:
    """A slot in plain facts."""
    return {
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "part": "week" if span.is_week else span.part.value,
    }


def organisation_name(session: Session, organisation_id: int) -> str:
    """The name of an organisation."""
    name: str = session.value(
        select(organisation.c.name).where(organisation.c.id == organisation_id)
    )
    return name


def name_of(session: Session, person_id: int | None) -> str | None:
    """Somebody's name, or None for nobody."""
    if person_id is None:
        return None
    name: str | None = session.value(select(person.c.name).where(person.c.id == person_id))
    return name


def tell_placed(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    organisation_id: int,
    span: Span,
    version: int,
    placed: int | None,
    freed: int | None,
    reason: Reason | None,
) -> None:
    """Tell whoever is on now, and whoever no longer is, if another hand did it."""
    facts: dict[str, Fact] = {
        "organisation": organisation_name(session, organisation_id),
        "by": actor.name,
        "reason": reason.value if reason else None,
        **span_facts(span),
    }
    slot = f"{organisation_id}:{span.first}:{span.last}:{span.part.value}:v{version}"
    for to, template, other in (
        (placed, "duty_placed", freed),
        (freed, "duty_freed", placed),
    ):
        if to is not None and to != actor.id:
            say(
                session,
                now=now,
                to=to,
                key=f"{template}:{slot}:{to}",
                template=template,
                message_class=MessageClass.MUST,
                facts=facts | {"other": name_of(session, other)},
            )
