"""Weekly sheets for calls and visits: printed from the register, typed back line by line, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from storage.apart import apart_from
from storage.call_times import rhythm_of
from storage.database import Session
from storage.journal import note
from storage.looks import may_look
from storage.paper.calls import list_last_calls
from storage.pausing import is_away
from storage.people import Person, find_person, open_contact
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.rules.ladder import Outcome
from storage.rules.sheets import LINES_AT_MOST, line_code, sheet_code
from storage.scope import seen_people
from storage.tables import (
    check_in_plan,
    community,
    household,
    household_member,
    person,
    role,
    sheet,
    sheet_line,
)


class SheetEmpty(Refusal):
    """Nobody would stand on the sheet."""

    key = "sheet_empty"


class LineTyped(TooLate):
    """The line was typed in before; it stays as it was."""

    key = "line_typed"


@dataclass(frozen=True, slots=True)
class Choice:
    """A community, or a caller, for whom a sheet can be printed, and how many would be on it."""

    id: int
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it is printed, with what only staff see."""

    number: int
    name: str
    where: str
    phone: str | None
    due_days: tuple[int, ...]
    last_at: datetime | None
    last: str | None
    # Of the plan that looks after them most closely.
    tier: str | None
    channel: str | None

    @property
    def code(self) -> str:
        """What stands in front of the line."""
        return line_code(self.number)


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """A sheet as it is printed."""

    code: str
    whose: str
    first_day: date
    printed_by: str
    printed_at: datetime
    lines: tuple[PrintedLine, ...]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line to be typed back; ``typed_by`` when that has been done."""

    id: int
    number: int
    person_id: int
    name: str
    outcome: str | None
    typed_by: str | None
    first_day: date
    due_days: tuple[int, ...]


def list_choices(session: Session, *, actor: Person) -> tuple[list[Choice], list[Choice]]:
    """Return the communities and the callers that have somebody to phone, in the actor's scope."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    of_place = (
        select(community.c.id, community.c.name, func.count().label("people"))
        .join(person, person.c.community_id == community.c.id)
        .join(role, role.c.person_id == person.c.id)
        .where(role.c.kind == "resident", role.c.state == "approved", seen_people(actor))
        .group_by(community.c.id, community.c.name, community.c.position)
        .order_by(community.c.position, community.c.id)
    )
    caller = person.alias("caller")
    of_caller = (
        select(caller.c.id, caller.c.name, func.count().label("people"))
        .join(check_in_plan, check_in_plan.c.caller_id == caller.c.id)
        .join(person, person.c.id == check_in_plan.c.resident_id)
        .where(check_in_plan.c.state == "active", seen_people(actor))
        .group_by(caller.c.id, caller.c.name)
        .order_by(caller.c.name, caller.c.id)
    )
    return [_choice(row) for row in session.all(of_place)], [
        _choice(row) for row in session.all(of_caller)
    ]


def _choice(row: Row[Any]) -> Choice:
    return Choice(row.id, row.name, row.people)


def count_sheet_people(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    community_id: int | None = None,
    caller_id: int | None = None,
) -> int:
    """Count who stands on the sheets of a community or a caller, on however many they fit."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    people = _people(session, actor, now, community_id=community_id, caller_id=caller_id)
    return int(session.value(select(func.count()).select_from(people.order_by(None).subquery())))


def make_sheet(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    first_day: date,
    community_id: int | None = None,
    caller_id: int | None = None,
    part: int = 1,
) -> int:
    """Put a week's people on a sheet and return its number; who is away is left out.

    ``part`` counts from 1: where more people live than fit on one sheet, each is one part of them.
    """
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    people = _people(session, actor, now, community_id=community_id, caller_id=caller_id)
    rows = session.all(people.limit(LINES_AT_MOST).offset((part - 1) * LINES_AT_MOST))
    if not rows:
        raise SheetEmpty
    made = {"first_day": first_day, "printed_by": actor.id, "created_at": now, "version": 1}
    whose = {"community_id": community_id, "caller_id": caller_id}
    number = session.add(insert(sheet).values(**made, **whose))
    days = _due_days(session, [row.id for row in rows], first_day=first_day)
    session.execute(
        insert(sheet_line),
        [
            {
                "sheet_id": number,
                "number": at,
                "person_id": row.id,
                "due_days": "".join(str(day) for day in days.get(row.id, ())),
                "version": 1,
            }
            for at, row in enumerate(rows, 1)
        ],
    )
    note(
        session,
        now=now,
        what="sheet_made",
        actor_id=actor.id,
        thing="sheet",
        thing_id=number,
        detail=str(len(rows)),
    )
    return number


def _people(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    community_id: int | None,
    caller_id: int | None,
) -> Select[Any]:
    held = select(role.c.person_id).where(role.c.kind == "resident", role.c.state == "approved")
    statement = (
        select(person.c.id)
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(household, household.c.id == household_member.c.household_id)
        .where(person.c.id.in_(held), seen_people(actor), ~is_away(person.c.id, now))
        .order_by(func.coalesce(household.c.group_code, ""), person.c.name, person.c.id)
    )
    if community_id is not None:
        return statement.where(person.c.community_id == community_id)
    phoned = select(check_in_plan.c.resident_id).where(
        check_in_plan.c.caller_id == caller_id, check_in_plan.c.state == "active"
    )
    # Whom the caller is kept apart from stands in the plan until staff change it, not on paper.
    apart = apart_from(session, caller_id) if caller_id is not None else frozenset()
    return statement.where(person.c.id.in_(phoned), person.c.id.not_in(apart))


def _due_days(session: Session, people: Sequence[int], *, first_day: date) -> dict[int, list[int]]:
    """On which weekdays of this week each is due, also of those phoned once a month."""
    plans = select(check_in_plan).where(
        check_in_plan.c.resident_id.in_(people), check_in_plan.c.state == "active"
    )
    days: dict[int, set[int]] = {}
    for row in session.all(plans):
        rhythm = rhythm_of(row)
        week = (first_day + timedelta(days=ahead) for ahead in range(7))
        due = {day.weekday() for day in week if rhythm.falls_on(day)}
        days[row.resident_id] = days.get(row.resident_id, set()) | due
    return {one: sorted(due) for one, due in days.items()}


def open_sheet(session: Session, *, now: datetime, actor: Person, number: int) -> PrintedSheet:
    """Open a sheet to be printed, numbers and all; whose phone was printed is journalled.

    Whoever asked for it may have left, or work elsewhere, by now. A child's number stays closed
    until a look is approved.
    """
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    head = session.find(_HEADS.where(sheet.c.id == number, sheet.c.printed_by == actor.id))
    if head is None:
        raise LookupError(f"no sheet {number}")
    rows = session.all(_LINES.where(sheet_line.c.sheet_id == number, seen_people(actor)))
    last = list_last_calls(session, person_ids=[row.person_id for row in rows])
    plans = _plans(session, [row.person_id for row in rows])
    shown = {
        row.person_id
        for row in rows
        if may_look(session, now=now, actor=actor, person_id=row.person_id)
    }
    for person_id in sorted(shown):
        note(
            session,
            now=now,
            what="contact_shown",
            actor_id=head.printed_by,
            subject_id=person_id,
            thing="sheet",
            thing_id=number,
            ground="sheet",
        )
    return PrintedSheet(
        code=sheet_code(number),
        whose=head.community or head.caller or "",
        first_day=head.first_day,
        printed_by=head.printer,
        printed_at=head.created_at,
        lines=tuple(
            _printed(
                session,
                row,
                last.get(row.person_id),
                plans.get(row.person_id),
                with_phone=row.person_id in shown,
            )
            for row in rows
        ),
    )


def _printed(
    session: Session,
    row: Row[Any],
    last: tuple[datetime, str] | None,
    plan: tuple[str, str] | None,
    *,
    with_phone: bool,
) -> PrintedLine:
    return PrintedLine(
        number=row.number,
        name=row.name,
        where=row.group_code or "",
        phone=open_contact(session, person_id=row.person_id).phone if with_phone else None,
        due_days=tuple(int(day) for day in row.due_days),
        last_at=last[0] if last else None,
        last=last[1] if last else None,
        tier=plan[0] if plan else None,
        channel=plan[1] if plan else None,
    )


def _plans(session: Session, people: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Tier and channel of each, of the plan that looks after them most closely."""
    rows = session.all(
        select(check_in_plan.c.resident_id, check_in_plan.c.tier, check_in_plan.c.channel)
        .where(check_in_plan.c.resident_id.in_(people), check_in_plan.c.state == "active")
        .order_by(check_in_plan.c.tier.desc(), check_in_plan.c.id.desc())
    )
    return {row.resident_id: (row.tier, row.channel) for row in rows}


_printer, _caller, _typer = person.alias("printer"), person.alias("caller"), person.alias("typer")
_HEADS = (
    select(
        sheet,
        community.c.name.label("community"),
        _caller.c.name.label("caller"),
        _printer.c.name.label("printer"),
    )
    .outerjoin(community, community.c.id == sheet.c.community_id)
    .outerjoin(_caller, _caller.c.id == sheet.c.caller_id)
    .join(_printer, _printer.c.id == sheet.c.printed_by)
)
_LINES = (
    select(
        sheet_line,
        sheet.c.first_day,
        person.c.name,
        household.c.group_code,
        _typer.c.name.label("typer"),
    )
    .join(sheet, sheet.c.id == sheet_line.c.sheet_id)
    .join(person, person.c.id == sheet_line.c.person_id)
    .outerjoin(household_member, household_member.c.person_id == person.c.id)
    .outerjoin(household, household.c.id == household_member.c.household_id)
    .outerjoin(_typer, _typer.c.id == sheet_line.c.typed_by)
    .order_by(sheet_line.c.number)
)


def list_lines(session: Session, *, actor: Person, number: int) -> dict[int, OpenLine]:
    """Return a sheet's lines by their number; only those of people in the actor's scope."""
    if find_person(session, person_id=actor.id) is None or actor.scope is None:
        raise NotAllowed
    rows = session.all(_LINES.where(sheet_line.c.sheet_id == number, seen_people(actor)))
    return {
        row.number: OpenLine(
            id=row.id,
            number=row.number,
            person_id=row.person_id,
            name=row.name,
            outcome=row.outcome,
            typed_by=row.typer,
            first_day=row.first_day,
            due_days=tuple(int(day) for day in row.due_days),
        )
        for row in rows
    }


def type_line(
    session: Session, *, now: datetime, actor: Person, line_id: int, outcome: Outcome
) -> None:
    """Mark a line as typed in; whoever is second changes nothing and is told."""
    typed = session.change(
        update(sheet_line)
        .where(sheet_line.c.id == line_id, sheet_line.c.outcome.is_(None))
        .values(
            outcome=outcome.value,
            typed_by=actor.id,
            typed_at=now,
            version=sheet_line.c.version + 1,
        )
    )
    if typed != 1:
        raise LineTyped


def untype_line(session: Session, *, actor: Person, line_id: int) -> None:
    """A slip: the line can be typed in again, by whoever typed it."""
    session.change(
        update(sheet_line)
        .where(sheet_line.c.id == line_id, sheet_line.c.typed_by == actor.id)
        .values(outcome=None, typed_by=None, typed_at=None, version=sheet_line.c.version + 1)
    )


def week_of(session: Session, now: datetime) -> date:
    """The Monday of this week, of the next one from Friday on: a sheet is printed beforehand."""
    today = session.house.local(now).date()
    monday = today - timedelta(days=today.weekday())
    return monday if today.weekday() < 4 else monday + timedelta(days=7)
