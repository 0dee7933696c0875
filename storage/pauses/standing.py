"""A pause as it stands, what is going on around the person, and who may pause whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from storage.database import Session
from storage.pausing import is_of
from storage.people import Person, find_person
from storage.refusals import Fact, NotAllowed, OutsideScope
from storage.rules.access import Act, Relation, Role, may
from storage.rules.lifecycle import UNFINISHED
from storage.rules.pauses import FOR_GOOD, Reason
from storage.scope import staff_relations
from storage.tables import (
    alarm,
    caregiver,
    check_in,
    check_in_plan,
    claim,
    household_member,
    need,
    pause,
    person,
)

SHOWN_NEEDS = 5


@dataclass(frozen=True, slots=True)
class PauseCard:
    """A pause as people see it."""

    id: int
    version: int
    person_id: int
    household_id: int | None
    name: str
    reason: Reason
    last_day: date | None
    starts_at: datetime
    due_at: datetime | None
    state: str
    is_settled: bool
    made_by: int
    by: str

    @property
    def is_live(self) -> bool:
        """Whether it holds, or may still be taken back."""
        return self.state == "live"

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for the wording."""
        return {
            "name": self.name,
            "household": self.household_id is not None,
            "reason": self.reason.value,
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "by": self.by,
            "state": self.state,
            "settled": self.is_settled,
            "settles_at": self.due_at.isoformat()
            if self.due_at is not None and self.reason in FOR_GOOD
            else None,
        }


@dataclass(frozen=True, slots=True)
class OpenNeed:
    """An unfinished need of the person: its version for a button, and who is to come."""

    id: int
    version: int
    category: str
    volunteer: str | None


@dataclass(frozen=True, slots=True)
class Around:
    """What goes on around a person: nothing of it is dropped silently."""

    check_ins: tuple[tuple[int, int], ...]
    has_alarm: bool
    needs: tuple[OpenNeed, ...]
    callers: tuple[str, ...]

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for the wording."""
        return {
            "check_in": bool(self.check_ins),
            "alarm": self.has_alarm,
            "needs": [str(one.id) for one in self.needs],
            "categories": [one.category for one in self.needs],
            "volunteers": [one.volunteer or "" for one in self.needs],
            "callers": list(self.callers),
        }


_maker = person.alias("maker")
_CARD = (
    select(pause, person.c.name, _maker.c.name.label("by"))
    .join(person, person.c.id == pause.c.person_id)
    .join(_maker, _maker.c.id == pause.c.made_by)
)


def _card(row: Row[Any]) -> PauseCard:
    return PauseCard(
        id=row.id,
        version=row.version,
        person_id=row.person_id,
        household_id=row.household_id,
        name=row.name,
        reason=Reason(row.reason),
        last_day=row.last_day,
        starts_at=row.starts_at,
        due_at=row.due_at,
        state=row.state,
        is_settled=row.settled_at is not None,
        made_by=row.made_by,
        by=row.by,
    )


def find_card(session: Session, *, person_id: int) -> PauseCard | None:
    """Return the live pause of a person; their own before the household's."""
    row = session.find(
        _CARD.where(is_of(person_id), pause.c.state == "live")
        .order_by(pause.c.household_id.is_not(None), pause.c.id)
        .limit(1)
    )
    return _card(row) if row is not None else None


def list_people(session: Session, card: PauseCard) -> list[int]:
    """Return whom the pause holds for."""
    if card.household_id is None:
        return [card.person_id]
    rows = session.all(
        select(household_member.c.person_id)
        .where(household_member.c.household_id == card.household_id)
        .order_by(household_member.c.person_id)
    )
    return sorted({card.person_id, *(row.person_id for row in rows)})


def get_card(session: Session, *, actor: Person, pause_id: int) -> PauseCard:
    """Return a pause to somebody who may change it; one answer for all others."""
    card = read_card(session, pause_id=pause_id)
    if card is None:
        raise NotAllowed
    check_may(session, actor=actor, person_id=card.person_id, reason=card.reason)
    return card


def read_card(session: Session, *, pause_id: int) -> PauseCard | None:
    """Return a pause, its row held until the end of the transaction."""
    row = session.find(_CARD.where(pause.c.id == pause_id).with_for_update(of=pause))
    return _card(row) if row is not None else None


def check_may(session: Session, *, actor: Person, person_id: int, reason: Reason) -> None:
    """Raise NotAllowed unless the actor may say this of that person now."""
    roles = {Role(kind) for kind in actor.roles if actor.is_approved(kind)}
    near = [Relation.OWN] if actor.id == person_id else []
    near += staff_relations(session, actor=actor, person_id=person_id)
    if _cares_for(session, actor, person_id):
        near.append(Relation.CAREGIVER)
    act = Act.PAUSE_FOR_GOOD if reason in FOR_GOOD else Act.PAUSE
    if find_person(session, person_id=person_id) is None:
        raise NotAllowed
    if not may(act, roles, *near):
        raise OutsideScope(subject_id=person_id)


def _cares_for(session: Session, actor: Person, person_id: int) -> bool:
    tied = select(caregiver.c.id).where(
        caregiver.c.caregiver_id == actor.id,
        caregiver.c.resident_id == person_id,
        caregiver.c.state == "confirmed",
    )
    return session.find(tied) is not None


def list_pausable(session: Session, *, actor: Person) -> list[tuple[int, str]]:
    """Return for whom somebody who is not staff may speak: themselves first."""
    found = [(actor.id, actor.name)] if actor.roles else []
    rows = session.all(
        select(person.c.id, person.c.name)
        .join(caregiver, caregiver.c.resident_id == person.c.id)
        .where(caregiver.c.caregiver_id == actor.id, caregiver.c.state == "confirmed")
        .order_by(caregiver.c.id)
    )
    return found + [(row.id, row.name) for row in rows]


def look_around(session: Session, *, people: Sequence[int]) -> Around:
    """Return what goes on around those who are away."""
    cases = session.all(
        select(check_in.c.id, check_in.c.version)
        .where(check_in.c.resident_id.in_(people), check_in.c.state == "open")
        .order_by(check_in.c.id)
    )
    rung = select(alarm.c.id).where(
        alarm.c.person_id.in_(people), alarm.c.state != "closed", alarm.c.rings > 0
    )
    return Around(
        check_ins=tuple((row.id, row.version) for row in cases),
        has_alarm=session.find(rung) is not None,
        needs=_needs(session, people),
        callers=_callers(session, people),
    )


def _needs(session: Session, people: Sequence[int]) -> tuple[OpenNeed, ...]:
    rows = session.all(
        select(need.c.id, need.c.version, need.c.category, person.c.name.label("volunteer"))
        .outerjoin(claim, (claim.c.need_id == need.c.id) & (claim.c.state == "active"))
        .outerjoin(person, person.c.id == claim.c.volunteer_id)
        .where(need.c.resident_id.in_(people), need.c.state.in_(UNFINISHED))
        .order_by(need.c.id)
        .limit(SHOWN_NEEDS)
    )
    return tuple(OpenNeed(row.id, row.version, row.category, row.volunteer) for row in rows)


def _callers(session: Session, people: Sequence[int]) -> tuple[str, ...]:
    rows = session.all(
        select(person.c.name)
        .join(check_in_plan, check_in_plan.c.caller_id == person.c.id)
        .where(check_in_plan.c.resident_id.in_(people), check_in_plan.c.state == "active")
        .distinct()
        .order_by(person.c.name)
    )
    return tuple(row.name for row in rows)
