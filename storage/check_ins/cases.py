"""A check-in's case as it stands: its row, the second person of its plan, and how it changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.apart import may_they_meet
from storage.check_ins.standing import may_look_in, was_asked, was_rung
from storage.database import Session
from storage.people import Person, find_person
from storage.refusals import NotAllowed, OutsideScope, TooLate
from storage.rules.access import Act, Relation, Role, may
from storage.rules.ladder import ORDER, RUNGS, Ladder, Presence, Rung, thaw
from storage.scope import staff_relations
from storage.tables import call_lease, check_in, check_in_plan

# Stands in `last_outcome` of a call that fell into an outage too long ago to be made now.
MISSED = "missed"
# Stands in `ending` of a case that was stopped because the person is away.
AWAY = "away"
CALLER_ROLES = ("volunteer", "coordinator")


@dataclass(frozen=True, slots=True)
class Case:
    """One check-in; ``asked`` counts the prompts of this rung, 0 while it waits for the first."""

    id: int
    plan_id: int
    plan_uid: str
    resident_id: int
    caller_id: int
    stand_in_id: int | None
    contact_id: int | None
    contact_answer: str
    contact_name: str | None
    contact_phone: bytes | None
    local_until: str | None
    due_at: datetime
    tier: str
    channel: str
    ladder: Ladder
    rung: Rung
    asked: int
    is_open: bool
    last_outcome: str | None
    next_step_at: datetime | None
    holder_id: int | None
    held_until: datetime | None
    confirmed_as: Presence | None
    ending: str | None
    ended_by: int | None
    found: str | None
    handed_to: str | None
    closed_at: datetime | None
    version: int

    @property
    def card(self) -> str:
        """The card that its messages share in each chat."""
        return f"check_in:{self.id}"

    @property
    def ask_key(self) -> str:
        """The key of the one prompt that this version of the case waits for."""
        return f"check_in:{self.id}:v{self.version}:ask"

    def ask_key_to(self, person_id: int) -> str:
        """The key of one prompt where several people are asked."""
        return f"{self.ask_key}:{person_id}"

    @property
    def contact_agreed(self) -> bool:
        """Whether the emergency contact said yes to being asked."""
        return self.contact_answer == "agreed"

    @property
    def agreed_contact(self) -> int | None:
        """The contact in the chat, if they agreed."""
        return self.contact_id if self.contact_agreed else None

    @property
    def contact_refused(self) -> bool:
        """Whether the emergency contact said no, or no longer."""
        return self.contact_answer in ("declined", "withdrawn")


def find_case(session: Session, *, check_in_id: int) -> Case | None:
    """Return the case and hold its row until the end of the transaction."""
    row = session.find(
        select(
            check_in,
            check_in_plan.c.uid.label("plan_uid"),
            check_in_plan.c.stand_in_id,
            check_in_plan.c.contact_id,
            check_in_plan.c.contact_answer,
            check_in_plan.c.contact_name,
            check_in_plan.c.contact_phone,
            check_in_plan.c.local_until,
        )
        .join(check_in_plan, check_in_plan.c.id == check_in.c.plan_id)
        .where(check_in.c.id == check_in_id)
        .with_for_update(of=check_in)
    )
    return _case(row) if row is not None else None


def get_case(session: Session, *, check_in_id: int) -> Case:
    """Return the case; raises LookupError when there is none."""
    found = find_case(session, check_in_id=check_in_id)
    if found is None:
        raise LookupError(f"no check-in {check_in_id}")
    return found


def _case(row: Row[Any]) -> Case:
    return Case(
        id=row.id,
        plan_id=row.plan_id,
        plan_uid=row.plan_uid,
        resident_id=row.resident_id,
        caller_id=row.caller_id,
        stand_in_id=row.stand_in_id,
        contact_id=row.contact_id,
        contact_answer=row.contact_answer,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        local_until=row.local_until,
        due_at=row.due_at,
        tier=row.tier,
        channel=row.channel,
        ladder=thaw(row.ladder),
        rung=RUNGS[row.rung],
        asked=row.repeat,
        is_open=row.state == "open",
        last_outcome=row.last_outcome,
        next_step_at=row.next_step_at,
        holder_id=row.holder_id,
        held_until=row.held_until,
        confirmed_as=Presence(row.confirmed_as) if row.confirmed_as else None,
        ending=row.ending,
        ended_by=row.ended_by,
        found=row.found,
        handed_to=row.handed_to,
        closed_at=row.closed_at,
        version=row.version,
    )


def change_case(session: Session, case: Case, values: Mapping[str, object]) -> Case:
    """Change an open case if it is still as it was read, and return it as it is now."""
    changed = session.change(
        update(check_in)
        .where(check_in.c.id == case.id, check_in.c.version == case.version)
        .where(check_in.c.state == "open")
        .values(**values, version=case.version + 1)
    )
    if changed != 1:
        raise TooLate
    return get_case(session, check_in_id=case.id)


def wait_until(session: Session, case: Case, *, moment: datetime, asked: int) -> None:
    """Look at the case again later; its version stays, for nothing about it changed."""
    changed = session.change(
        update(check_in)
        .where(check_in.c.id == case.id, check_in.c.version == case.version)
        .where(check_in.c.state == "open")
        .values(next_step_at=moment, repeat=asked)
    )
    if changed != 1:
        raise TooLate


def climb_to(
    session: Session,
    case: Case,
    *,
    rung: Rung,
    moment: datetime,
    outcome: str | None = None,
) -> Case:
    """Put the case on a rung, to be asked at ``moment``; whoever held it holds it no more."""
    return change_case(
        session,
        case,
        {
            "rung": ORDER[rung],
            "repeat": 0,
            "next_step_at": moment,
            "holder_id": None,
            "held_until": None,
            "confirmed_as": None,
            "last_outcome": outcome or case.last_outcome,
        },
    )


def close_case(
    session: Session,
    case: Case,
    *,
    now: datetime,
    ending: str,
    ended_by: int | None,
    found: str | None = None,
    handed_to: str | None = None,
) -> Case:
    """Close the case: somebody knows how the person is, or a need has taken it over."""
    return change_case(
        session,
        case,
        {
            "state": "closed",
            "next_step_at": None,
            "holder_id": None,
            "held_until": None,
            "confirmed_as": None,
            "last_outcome": ending,
            "ending": ending,
            "found": found,
            "handed_to": handed_to,
            "ended_by": ended_by,
            "closed_at": now,
        },
    )


def find_helper(session: Session, *, person_id: int | None) -> Person | None:
    """Return the person if they may still be asked to call or to go: approved, and in the chat."""
    found = find_person(session, person_id=person_id) if person_id is not None else None
    if found is None or found.telegram_id is None:
        return None
    return found if any(found.is_approved(kind) for kind in CALLER_ROLES) else None


def get_case_for(
    session: Session, *, check_in_id: int, actor_id: int, act: Act, even_apart: bool = False
) -> Case:
    """Return the case if this person may do this with it now; one answer for all who may not.

    ``even_apart``: what they say counts also from whoever is kept apart from the person.
    """
    case = find_case(session, check_in_id=check_in_id)
    actor = find_person(session, person_id=actor_id)
    if case is None or actor is None or actor.telegram_id is None:
        raise NotAllowed
    relations = _relations(session, case, actor, even_apart=even_apart)
    roles = {Role(kind) for kind, state in actor.roles.items() if state == "approved"}
    if not may(act, roles, *relations):
        if not any(actor.is_approved(kind) for kind in CALLER_ROLES):
            raise NotAllowed
        raise OutsideScope(subject_id=case.resident_id)
    return case


def _relations(session: Session, case: Case, actor: Person, *, even_apart: bool) -> list[Relation]:
    """How somebody stands to the case: by the plan, by having been asked, or on duty.

    Whoever is kept apart from the person, or sent nowhere, does not say how they are, nor goes
    there; but for staff who were rung because nobody else is there.
    """
    meet = even_apart or may_they_meet(session, helper_id=actor.id, person_id=case.resident_id)
    asked = was_asked(session, check_in_id=case.id, person_id=actor.id)
    staff = list(staff_relations(session, actor=actor, person_id=case.resident_id))
    if asked and was_rung(session, check_in_id=case.id, person_id=actor.id):
        # Rung from farther away, for want of anybody nearer: on duty for this one.
        staff.append(Relation.ON_DUTY)
    if not meet:
        return staff if asked else []
    looks_in = asked and may_look_in(
        session, person_id=actor.id, resident_id=case.resident_id, contact_id=case.agreed_contact
    )
    relations = [Relation.ASKED] if looks_in else []
    is_helper = any(actor.is_approved(kind) for kind in CALLER_ROLES)
    if case.holder_id == actor.id and (is_helper or looks_in):
        relations.append(Relation.CASE_HOLDER)
    if is_helper:
        named = {Relation.CALLER: case.caller_id, Relation.STAND_IN: case.stand_in_id}
        relations += [relation for relation, one in named.items() if one == actor.id]
        relations += [Relation.LEASE_HOLDER] if has_number(session, case, actor.id) else []
        relations += staff
    return relations


def has_number(session: Session, case: Case, actor_id: int) -> bool:
    """Whether they were the last to take the number for this call.

    What they heard counts, also an hour later; the next call is not theirs by that.
    """
    held = select(call_lease.c.resident_id).where(
        call_lease.c.resident_id == case.resident_id,
        call_lease.c.holder_id == actor_id,
        call_lease.c.since >= case.due_at,
    )
    return session.find(held) is not None


def may_still_know(session: Session, case: Case, *, person_id: int) -> bool:
    """Whether somebody who was asked may still hear of the case: not whoever was removed since."""
    if not may_they_meet(session, helper_id=person_id, person_id=case.resident_id):
        return False
    return find_helper(session, person_id=person_id) is not None or may_look_in(
        session, person_id=person_id, resident_id=case.resident_id, contact_id=case.agreed_contact
    )
