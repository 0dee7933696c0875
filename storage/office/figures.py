"""Figures of the week beside those of the week before: counts only, nobody's name.

Every count stands on an index of time, so it costs what a week holds, not what the register does.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, true

from storage.confirmations import minutes_count
from storage.database import Session
from storage.people import Person
from storage.refusals import Fact, NotAllowed
from storage.rules.areas import Area
from storage.rules.weeks import Span, median, weeks_so_far, whole_weeks, without_few
from storage.scope import seen_through
from storage.tables import check_in, claim, need, organisation, role, survey_answer, survey_round

# From this rung on somebody looks in, or everyone on duty is asked to.
LOOKED_IN = 3
ROUNDS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """One week; ``claim_minutes`` is within how long half of the needs were taken."""

    residents: int = 0
    volunteers: int = 0
    stated: Mapping[str, int] = field(default_factory=dict)
    closed: Mapping[str, int] = field(default_factory=dict)
    claim_minutes: int | None = None
    calls: int = 0
    unanswered: int = 0
    looked_in: int = 0
    visits: int = 0
    visit_minutes: int = 0


def figure_facts(
    session: Session, *, now: datetime, actor: Person, whole: bool = False
) -> dict[str, Fact]:
    """Return the facts of the figures: this week so far, or with ``whole`` the last whole one.

    Those who lead see no people: for them a small cell of the table by area is only "few".
    """
    staff = actor.is_approved("coordinator")
    if not staff and not actor.is_approved("leading_group"):
        raise NotAllowed
    local = session.house.local(now)
    newer, older = whole_weeks(local) if whole else weeks_so_far(local)
    week = read_week(session, actor=actor, span=newer)
    before = read_week(session, actor=actor, span=older)
    waiting = _by_area(session, actor, need.c.next_step_at.is_not(None))
    facts: dict[str, Fact] = {"since": newer.start.isoformat(), "whole": whole}
    facts |= _facts(week) | {f"{name}_before": fact for name, fact in _facts(before).items()}
    facts["open"] = sum(waiting.values())
    facts |= _coverage(session, actor) | _surveyed(session, actor)
    return facts | _table(week, waiting, staff=staff)


def _facts(week: Figures) -> dict[str, Fact]:
    return {
        "residents": week.residents,
        "volunteers": week.volunteers,
        "stated": sum(week.stated.values()),
        "closed": sum(week.closed.values()),
        "claim_minutes": week.claim_minutes,
        "calls": week.calls,
        "unanswered": week.unanswered,
        "looked_in": week.looked_in,
        "visits": week.visits,
        "visit_minutes": week.visit_minutes,
    }


def _table(week: Figures, waiting: Mapping[str, int], *, staff: bool) -> dict[str, Fact]:
    areas = [
        area.value
        for area in Area
        if any(area.value in one for one in (week.stated, week.closed, waiting))
    ]
    columns = {
        "stated_by": [week.stated.get(area, 0) for area in areas],
        "closed_by": [week.closed.get(area, 0) for area in areas],
        "open_by": [waiting.get(area, 0) for area in areas],
    }
    shown: dict[str, Fact] = {
        name: [str(cell) for cell in cells] if staff else without_few(cells)
        for name, cells in columns.items()
    }
    return shown | {"areas": areas}


def _coverage(session: Session, actor: Person) -> dict[str, Fact]:
    """How many communities have somebody to turn to (2020-116, part 3 (1))."""
    row: Any = session.all(
        select(func.count(), func.count(organisation.c.contact_id)).where(
            organisation.c.community_id.is_not(None),
            organisation.c.active,
            organisation.c.path.startswith(actor.scope or "/", autoescape=True),
        )
    )[0]
    return {"communities": int(row[0]), "with_contact": int(row[1])}


def _surveyed(session: Session, actor: Person) -> dict[str, Fact]:
    """How far the open survey rounds are, of those in sight."""
    rows = session.all(
        select(
            survey_round.c.title,
            func.count().label("asked"),
            func.sum(case((survey_answer.c.state == "answered", 1), else_=0)).label("answered"),
        )
        .join(survey_answer, survey_answer.c.round_id == survey_round.c.id)
        .where(survey_round.c.next_step_at.is_not(None), _sight(actor, survey_answer.c.person_id))
        .group_by(survey_round.c.id)
        .order_by(survey_round.c.id)
        .limit(ROUNDS_SHOWN)
    )
    return {
        "rounds": [row.title for row in rows],
        "answered": [str(row.answered) for row in rows],
        "asked": [str(row.asked) for row in rows],
    }


def read_week(session: Session, *, actor: Person, span: Span) -> Figures:
    """Count one week within the actor's sight."""
    joined = _joined(session, actor, span)
    calls: Any = session.all(
        select(
            func.count(),
            func.sum(case((check_in.c.rung > 0, 1), else_=0)),
            func.sum(case((check_in.c.rung >= LOOKED_IN, 1), else_=0)),
        ).where(_in(check_in.c.due_at, span), _sight(actor, check_in.c.resident_id))
    )[0]
    visits: Any = session.all(
        select(func.count(), func.sum(case((minutes_count(), claim.c.minutes), else_=0)))
        .join(need, need.c.id == claim.c.need_id)
        .where(_in(claim.c.done_at, span), _sight(actor, need.c.resident_id))
    )[0]
    taken = median(_times_to_claim(session, actor, span))
    closed = (_in(need.c.ended_at, span), need.c.state == "closed")
    return Figures(
        residents=joined["resident"],
        volunteers=joined["volunteer"],
        stated=_by_area(session, actor, _in(need.c.created_at, span)),
        closed=_by_area(session, actor, *closed),
        claim_minutes=int(taken.total_seconds() // 60) if taken is not None else None,
        calls=int(calls[0] or 0),
        unanswered=int(calls[1] or 0),
        looked_in=int(calls[2] or 0),
        visits=int(visits[0] or 0),
        visit_minutes=int(visits[1] or 0),
    )


def _sight(actor: Person, person_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Staff count what they see; those who lead count the whole programme, and see nobody."""
    return true() if actor.scope is None else seen_through(actor, person_id)


def _in(column: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    return (column >= span.start) & (column < span.end)


def _joined(session: Session, actor: Person, span: Span) -> Counter[str]:
    rows = session.all(
        select(role.c.kind, func.count().label("n"))
        .where(role.c.kind.in_(("resident", "volunteer")), role.c.state == "approved")
        .where(_in(role.c.decided_at, span), _sight(actor, role.c.person_id))
        .group_by(role.c.kind)
    )
    return Counter({row.kind: row.n for row in rows})


def _by_area(session: Session, actor: Person, *where: ColumnElement[bool]) -> dict[str, int]:
    rows = session.all(
        select(need.c.area, func.count().label("n"))
        .where(*where, _sight(actor, need.c.resident_id))
        .group_by(need.c.area)
    )
    return {row.area: row.n for row in rows}


def _times_to_claim(session: Session, actor: Person, span: Span) -> list[Any]:
    rows = session.all(
        select(claim.c.created_at.label("taken"), need.c.created_at.label("stated"))
        .join(need, need.c.id == claim.c.need_id)
        .where(_in(claim.c.created_at, span), _sight(actor, need.c.resident_id))
    )
    return [row.taken - row.stated for row in rows]
