"""Open work: what somebody still counts on, so that a role cannot end nor a person be erased."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, exists, or_, select

from storage.database import Session
from storage.people import Person
from storage.rules.lifecycle import UNFINISHED
from storage.tables import alarm, check_in, check_in_plan, claim, need, role

Conditions = Mapping[str, ColumnElement[bool]]


def list_held_roles(session: Session, *, person: Person) -> list[str]:
    """List the roles that cannot end now, because somebody still counts on them."""
    work = _work_of(person.id)
    by_role = {
        "resident": ("own_need", "own_calls"),
        "caregiver": ("calls",),
        "volunteer": ("task", "calls"),
        "coordinator": ("held_alarm", "calls", "last_coordinator"),
    }
    return [
        kind
        for kind in person.roles
        if kind in by_role and session.value(select(or_(*(work[one] for one in by_role[kind]))))
    ]


def list_reasons(session: Session, *, person: Person) -> list[str]:
    """List why somebody cannot be erased now: each is a thing to end or hand over first."""
    work = dict(_work_of(person.id))
    if not person.is_approved("coordinator"):
        work.pop("last_coordinator")
    return [reason for reason, there in work.items() if session.value(select(there))]


def _work_of(person_id: int) -> Conditions:
    running = check_in_plan.c.state == "active"
    theirs = (check_in_plan.c.caller_id == person_id) | (check_in_plan.c.stand_in_id == person_id)
    return {
        "own_need": exists().where(need.c.resident_id == person_id, need.c.state.in_(UNFINISHED)),
        "own_calls": exists().where(check_in_plan.c.resident_id == person_id, running),
        "task": exists().where(claim.c.volunteer_id == person_id, claim.c.state == "active"),
        "calls": exists().where(theirs, running),
        "own_alarm": exists().where(alarm.c.person_id == person_id, alarm.c.state != "closed"),
        "held_alarm": exists().where(alarm.c.holder_id == person_id, alarm.c.state == "held"),
        "open_call": exists().where(
            (check_in.c.resident_id == person_id) | (check_in.c.holder_id == person_id),
            check_in.c.state == "open",
        ),
        # Somebody must be there to be told, and to let the next one in.
        "last_coordinator": ~exists().where(
            role.c.kind == "coordinator",
            role.c.state == "approved",
            role.c.person_id != person_id,
        ),
    }
