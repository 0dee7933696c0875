"""News of a service for those who speak for the resident, and for its helper."""

from collections.abc import Mapping
from datetime import datetime

from storage.database import Session
from storage.guardians import list_copied
from storage.needs.series.cards import Series
from storage.outbox import MessageClass, say
from storage.refusals import Fact
from storage.scope import list_staff_of


def tell_series(
    session: Session,
    one: Series,
    *,
    now: datetime,
    template: str,
    but: int | None = None,
    facts: Mapping[str, Fact] | None = None,
    about: str = "",
    staff: bool = False,
) -> None:
    """Tell the resident and their caregivers once of one thing; with ``staff`` coordinators too."""
    people = {one.resident_id, *list_copied(session, person_id=one.resident_id)}
    if staff:
        people |= {who for who, _ in list_staff_of(session, person_id=one.resident_id)}
    for to in sorted(people - {but}):
        tell_one(session, one, now=now, to=to, template=template, facts=facts, about=about)


def tell_one(
    session: Session,
    one: Series,
    *,
    now: datetime,
    to: int,
    template: str,
    facts: Mapping[str, Fact] | None = None,
    about: str = "",
) -> None:
    """Tell one person of a service."""
    say(
        session,
        now=now,
        to=to,
        key=f"series:{one.id}:v{one.version}:{template}:{about}:{to}",
        template=template,
        message_class=MessageClass.INFO,
        facts={**one.facts, "own": to == one.resident_id, **(facts or {})},
    )
