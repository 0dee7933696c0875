"""A call plan as it stands: whom, who, when, and who is behind the caller."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Row, Select, select

from storage.database import Session
from storage.people import find_person
from storage.refusals import Fact, NotAllowed, OutsideScope, Refusal, TooLate
from storage.rules.access import Act, Relation, Role, may
from storage.rules.times import next_occurrence
from storage.scope import seen_people, staff_relations
from storage.tables import check_in_plan, person

PAGE = 5


class PlanExists(Refusal):
    """The same person is phoned at the same time by another plan."""

    key = "plan_exists"


class PlanAtNight(Refusal):
    """Nobody is phoned in the quiet hours."""

    key = "plan_at_night"


class PlanOver(TooLate):
    """The plan has ended."""

    key = "plan_over"


class PlanChanged(TooLate):
    """Somebody changed the plan meanwhile."""

    key = "plan_changed"


class PlanUnfit(Refusal):
    """Somebody named in the plan is not what the plan needs any more, or is named twice."""

    key = "plan_unfit"


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What a coordinator decides about a plan."""

    caller_id: int
    weekdays: frozenset[int]
    clock: time
    stand_in_id: int | None = None
    contact_name: str | None = None
    contact_phone: str | None = None


@dataclass(frozen=True, slots=True)
class CallPlan:
    """A plan as people see it."""

    id: int
    version: int
    is_active: bool
    resident_id: int
    resident: str
    caller_id: int
    caller: str
    stand_in_id: int | None
    stand_in: str | None
    contact_name: str | None
    weekdays: frozenset[int]
    clock: time
    next_due_at: datetime | None
    created_by: int

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for the wording; the contact's number is not among them."""
        return {
            "resident": self.resident,
            "caller": self.caller,
            "stand_in": self.stand_in,
            "contact_name": self.contact_name,
            "weekdays": [str(day) for day in sorted(self.weekdays)],
            "time": f"{self.clock:%H:%M}",
            "next_due": self.next_due_at.isoformat() if self.next_due_at else None,
        }


_resident, _caller = person.alias("resident"), person.alias("caller")
_stand_in = person.alias("stand_in")


def _plans() -> Select[Any]:
    return (
        select(
            check_in_plan,
            _resident.c.name.label("resident"),
            _caller.c.name.label("caller"),
            _stand_in.c.name.label("stand_in"),
        )
        .join(_resident, _resident.c.id == check_in_plan.c.resident_id)
        .join(_caller, _caller.c.id == check_in_plan.c.caller_id)
        .outerjoin(_stand_in, _stand_in.c.id == check_in_plan.c.stand_in_id)
    )


def _plan(row: Row[Any]) -> CallPlan:
    return CallPlan(
        id=row.id,
        version=row.version,
        is_active=row.state == "active",
        resident_id=row.resident_id,
        resident=row.resident,
        caller_id=row.caller_id,
        caller=row.caller,
        stand_in_id=row.stand_in_id,
        stand_in=row.stand_in,
        contact_name=row.contact_name,
        weekdays=frozenset(day for day in range(7) if row.weekdays & (1 << day)),
        clock=time.fromisoformat(row.local_time),
        next_due_at=row.next_due_at,
        created_by=row.created_by,
    )


def find_plan(session: Session, *, plan_id: int) -> CallPlan | None:
    """Return the plan, or None."""
    row = session.find(_plans().where(check_in_plan.c.id == plan_id))
    return _plan(row) if row is not None else None


def get_plan(session: Session, *, plan_id: int) -> CallPlan:
    """Return the plan; one that does not exist is answered like one that is not theirs."""
    found = find_plan(session, plan_id=plan_id)
    if found is None:
        raise NotAllowed
    return found


def get_plan_for(session: Session, *, plan_id: int, actor_id: int, act: Act) -> CallPlan:
    """Return the active plan if this person may do this with it."""
    found = get_plan(session, plan_id=plan_id)
    check_may(session, actor_id=actor_id, act=act, resident_id=found.resident_id)
    if not found.is_active:
        raise PlanOver(resident=found.resident)
    return found


def get_draft(session: Session, *, actor_id: int, plan_id: int) -> PlanDraft:
    """Return what was decided about an active plan, to change a part of it."""
    found = get_plan_for(session, plan_id=plan_id, actor_id=actor_id, act=Act.MAKE_CALL_PLAN)
    (row,) = session.all(
        select(check_in_plan.c.uid, check_in_plan.c.contact_phone).where(
            check_in_plan.c.id == plan_id
        )
    )
    place = f"check_in_plan.contact_phone:{row.uid}"
    return PlanDraft(
        caller_id=found.caller_id,
        weekdays=found.weekdays,
        clock=found.clock,
        stand_in_id=found.stand_in_id,
        contact_name=found.contact_name,
        contact_phone=session.vault.unseal(row.contact_phone, place=place)
        if row.contact_phone is not None
        else None,
    )


def check_may(session: Session, *, actor_id: int, act: Act, resident_id: int) -> None:
    """Raise NotAllowed unless the person may do it now for this resident."""
    actor = find_person(session, person_id=actor_id)
    if actor is None:
        raise NotAllowed
    roles = {Role(kind) for kind, state in actor.roles.items() if state == "approved"}
    relations = [Relation.OWN] if resident_id == actor_id else []
    relations += staff_relations(session, actor=actor, person_id=resident_id)
    if not may(act, roles, *relations):
        raise OutsideScope(subject_id=resident_id)


def list_plans(session: Session, *, actor_id: int, after: int = 0) -> list[CallPlan]:
    """Return a page of active plans, one more than shown when there is another page."""
    actor = find_person(session, person_id=actor_id)
    if actor is None or actor.scope is None:
        raise NotAllowed
    residents = select(person.c.id).where(seen_people(actor))
    rows = session.all(
        _plans()
        .where(check_in_plan.c.state == "active", check_in_plan.c.id > after)
        .where(check_in_plan.c.resident_id.in_(residents))
        .order_by(check_in_plan.c.id)
        .limit(PAGE + 1)
    )
    return [_plan(row) for row in rows]


def due_after(session: Session, moment: datetime, *, draft: PlanDraft) -> datetime:
    """Return when the plan falls due first after a moment, by the wall clock of the house."""
    return next_occurrence(session.house.local(moment), draft.weekdays, draft.clock)
