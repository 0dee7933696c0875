"""Who is on duty: until there are shifts, the coordinators of a person's organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Session
from storage.outbox import Button, MessageClass, Wanted, say
from storage.refusals import Fact
from storage.scope import list_staff_of


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody on duty now."""

    id: int
    name: str


def list_duty(
    session: Session, *, now: datetime, about: int | None, without: int | None = None
) -> list[OnDuty]:
    """Return who is on duty for a person (``about``) at this moment and can be written to.

    That is whoever works where the person belongs or above; with nobody there the office, with
    nobody in the office everybody. ``without``: somebody who need not be told.
    """
    staff = list_staff_of(session, person_id=about, reachable=True, without=without)
    return [OnDuty(person_id, name) for person_id, name in staff]


def tell_duty(
    session: Session,
    *,
    now: datetime,
    key: str,
    template: str,
    message_class: MessageClass,
    facts: Mapping[str, Fact],
    about: int | None,
    buttons: Sequence[Sequence[Button]] = (),
    card: str | None = None,
    wanted: Wanted | None = None,
    shelf: timedelta | None = None,
    without: int | None = None,
) -> list[OnDuty]:
    """Say the same to everyone on duty for a person, each under a key of their own."""
    told = list_duty(session, now=now, about=about, without=without)
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
