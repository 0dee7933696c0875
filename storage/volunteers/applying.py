"""Applying: the pledge is taken and the coordinators are shown who waits."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.outbox import MessageClass, Wanted
from storage.people import Person
from storage.refusals import AlreadyDone
from storage.rules.skills import Skill, TimeSlot
from storage.tables import role, volunteer
from storage.volunteers.applicants import applicants, as_applicant, card_buttons, card_facts
from storage.volunteers.profile import join_keys

# Raised when pledge or risk notice change in substance; each volunteer's row says which was taken.
PLEDGE_VERSION = "1"


def apply_to_volunteer(
    session: Session,
    *,
    now: datetime,
    person: Person,
    skills: Collection[Skill],
    times: Collection[TimeSlot],
    pledge_version: str,
) -> None:
    """Take the pledge and wait for approval; every coordinator gets a card."""
    row = {"person_id": person.id, "kind": "volunteer", "state": "waiting", "created_at": now}
    try:
        with session.savepoint():
            added = session.value(insert(role).values(row | {"version": 1}).returning(role.c.id))
    except IntegrityError as error:
        raise AlreadyDone from error
    role_id = int(added)
    values = {
        "skills": join_keys(Skill, skills),
        "times": join_keys(TimeSlot, times),
        "pledge_version": pledge_version,
        "pledged_at": now,
    }
    mine = volunteer.c.person_id == person.id
    if session.change(update(volunteer).where(mine).values(**values)) == 0:
        session.execute(insert(volunteer), values | {"person_id": person.id, "open_limit": 2})
    note(
        session,
        now=now,
        what="volunteer_applied",
        actor_id=person.id,
        subject_id=person.id,
        thing="role",
        thing_id=role_id,
        detail=f"pledge {pledge_version}",
    )
    _show_to_coordinators(session, now=now, role_id=role_id)


def _show_to_coordinators(session: Session, *, now: datetime, role_id: int) -> None:
    one = as_applicant(session, session.all(applicants().where(role.c.id == role_id))[0])
    tell_duty(
        session,
        now=now,
        key=f"role:{role_id}:v{one.version}:card",
        template="volunteer_waits",
        message_class=MessageClass.INFO,
        facts=card_facts(one),
        buttons=card_buttons(one),
        card=f"role:{role_id}",
        wanted=Wanted("role", role_id, one.version),
        about=one.person_id,
    )
