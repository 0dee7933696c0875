"""Today's calls, visits and open alarms of the whole house, for the desk when no chat works.

Read from the machine itself, by whoever may use it: each person whose number it opens is noted in
the journal as seen on the list.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    null,
    select,
)

from storage.database import Session
from storage.journal import note
from storage.pausing import is_away
from storage.tables import (
    alarm,
    call_lease,
    check_in,
    check_in_plan,
    claim,
    community,
    home_visit,
    household,
    household_member,
    need,
    organisation,
    person,
    rehab_site,
)
from storage.tables.columns import Instant

# More of one kind than this nobody does in a day; how many more there are is said.
MOST_OF_A_KIND = 300
MISSED = "missed"
# How the visits of institutions are named; they fall on a day, not at an hour.
HOME_VISIT, SITE_GUIDANCE = "home_visit", "site_guidance"


class Ground(StrEnum):
    """By what way the numbers were shown."""

    PRINTED = "today_printed"
    FILE = "today_file"


class TodayKind(StrEnum):
    """What is to be done, in the order in which it is printed."""

    ALARM = "alarm"
    CALL = "call"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class TodayLine:
    """One line; ``state`` is a danger, a state of a call, or what a visit is for.

    ``on_phone``: who has taken the number and phones the person just now, since ``on_phone_at``.
    """

    kind: TodayKind
    at: datetime
    person_id: int | None
    name: str
    phone: str | None
    place: str
    state: str
    channel: str
    who: str
    who_phone: str | None
    held: bool
    all_day: bool = False
    on_phone: str = ""
    on_phone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """The list, and how many of each kind did not fit."""

    now: datetime
    lines: tuple[TodayLine, ...]
    more: dict[TodayKind, int]

    def of(self, kind: TodayKind) -> list[TodayLine]:
        """The lines of a kind, in the order of their time."""
        return [line for line in self.lines if line.kind is kind]


_who = person.alias("who")
_phoning = person.alias("phoning")
_guide = organisation.alias("guide")


def read_today(
    session: Session, *, now: datetime, ground: Ground, known: Collection[int] = ()
) -> Today:
    """Read it; whose number is opened is journalled, but for those ``known`` to be noted today."""
    local = session.house.local(now)
    begins = datetime.combine(local.date(), time(0), tzinfo=local.tzinfo)
    ends = begins + timedelta(days=1)
    parts = {
        TodayKind.ALARM: [_alarms()],
        TodayKind.CALL: [_open_calls(), _due_calls(now, ends)],
        TodayKind.VISIT: [
            _visits(begins, ends),
            _home_visits(local.date(), begins, now=now),
            _guidance(local.date(), begins),
        ],
    }
    lines: list[TodayLine] = []
    more: dict[TodayKind, int] = {}
    for kind, statements in parts.items():
        rows = [row for one in statements for row in session.all(_placed(one, now=now))]
        rows.sort(key=lambda row: (row.at, row.thing))
        lines += [_line(session, kind, row) for row in rows[:MOST_OF_A_KIND]]
        if len(rows) > MOST_OF_A_KIND:
            more[kind] = len(rows) - MOST_OF_A_KIND
    _note_looks(session, lines, now=now, ground=ground, known=known)
    return Today(now, tuple(lines), more)


def _note_looks(
    session: Session,
    lines: Sequence[TodayLine],
    *,
    now: datetime,
    ground: Ground,
    known: Collection[int],
) -> None:
    seen = {line.person_id for line in lines if line.person_id is not None}
    for person_id in sorted(seen - set(known)):
        note(
            session,
            now=now,
            what="contact_shown",
            actor_id=None,
            subject_id=person_id,
            ground=ground.value,
        )


def _placed(statement: Select[Any], *, now: datetime) -> Select[Any]:
    on_phone = and_(
        call_lease.c.resident_id == person.c.id,
        call_lease.c.since <= now,
        call_lease.c.until > now,
    )
    return (
        statement.add_columns(
            person.c.id.label("person_id"),
            person.c.uid,
            person.c.phone,
            call_lease.c.since.label("on_phone_at"),
            _phoning.c.name.label("on_phone"),
            community.c.name.label("community"),
            household.c.group_code,
            _who.c.uid.label("who_uid"),
            _who.c.phone.label("who_phone"),
        )
        .outerjoin(call_lease, on_phone)
        .outerjoin(_phoning, _phoning.c.id == call_lease.c.holder_id)
        .outerjoin(community, community.c.id == person.c.community_id)
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(household, household.c.id == household_member.c.household_id)
        .limit(MOST_OF_A_KIND * 10)
    )


def _of(
    thing: ColumnElement[Any],
    at: ColumnElement[Any],
    state: ColumnElement[Any],
    channel: ColumnElement[Any],
    held: ColumnElement[Any],
    *,
    who: ColumnElement[Any] = _who.c.name,
    name: ColumnElement[Any] = person.c.name,
) -> Select[Any]:
    return select(
        thing.label("thing"),
        at.label("at"),
        state.label("state"),
        channel.label("channel"),
        held.label("held"),
        who.label("who"),
        name.label("name"),
    )


def _alarms() -> Select[Any]:
    return (
        _of(alarm.c.id, alarm.c.created_at, alarm.c.danger, literal(""), alarm.c.holder_id)
        .select_from(alarm)
        .outerjoin(person, person.c.id == alarm.c.person_id)
        .outerjoin(_who, _who.c.id == alarm.c.holder_id)
        .where(alarm.c.next_step_at.is_not(None))
    )


def _open_calls() -> Select[Any]:
    one = check_in.c
    state = func.coalesce(one.last_outcome, literal("asked"))
    return (
        _of(one.id, one.due_at, state, one.channel, one.holder_id)
        .select_from(check_in)
        .join(person, person.c.id == one.resident_id)
        .join(_who, _who.c.id == func.coalesce(one.holder_id, one.caller_id))
        .where(one.next_step_at.is_not(None))
    )


def _due_calls(now: datetime, ends: datetime) -> Select[Any]:
    plan = check_in_plan.c
    return (
        _of(plan.id, plan.next_due_at, literal("due"), plan.channel, null())
        .select_from(check_in_plan)
        .join(person, person.c.id == plan.resident_id)
        .join(_who, _who.c.id == plan.caller_id)
        .where(plan.next_due_at < ends, plan.state == "active", ~is_away(person.c.id, now))
    )


def _visits(begins: datetime, ends: datetime) -> Select[Any]:
    return (
        _of(need.c.id, claim.c.arrives_at, need.c.category, literal(""), null())
        .select_from(need)
        .join(claim, claim.c.need_id == need.c.id)
        .join(person, person.c.id == need.c.resident_id)
        .join(_who, _who.c.id == claim.c.volunteer_id)
        .where(claim.c.state == "active", claim.c.arrives_at >= begins, claim.c.arrives_at < ends)
    )


def _home_visits(today: date, begins: datetime, *, now: datetime) -> Select[Any]:
    """What an institution said it would come again for today, unless it has come since."""
    newer = home_visit.alias("newer")
    has_come = exists().where(
        newer.c.person_id == home_visit.c.person_id,
        newer.c.organisation_id == home_visit.c.organisation_id,
        newer.c.visited_on > home_visit.c.visited_on,
    )
    one = home_visit.c
    return (
        _of(one.id, _on(begins), literal(HOME_VISIT), literal(""), null(), who=organisation.c.name)
        .select_from(home_visit)
        .join(person, person.c.id == one.person_id)
        .join(organisation, organisation.c.id == one.organisation_id)
        .outerjoin(_who, _who.c.id == organisation.c.contact_id)
        .where(one.next_on == today, ~has_come, ~is_away(person.c.id, now))
    )


def _guidance(today: date, begins: datetime) -> Select[Any]:
    """The rehabilitation stations that are to be guided today, or were to be before."""
    site, here = rehab_site.c, organisation.c
    return (
        _of(
            site.organisation_id,
            _on(begins),
            literal(SITE_GUIDANCE),
            literal(""),
            null(),
            who=_guide.c.name,
            name=here.name,
        )
        .select_from(rehab_site)
        .join(organisation, here.id == site.organisation_id)
        .outerjoin(_guide, _guide.c.id == site.guided_by)
        .outerjoin(_who, _who.c.id == _guide.c.contact_id)
        .outerjoin(person, false())
        .where(site.next_on <= today, here.active)
    )


def _on(begins: datetime) -> ColumnElement[Any]:
    """The day, for what has no hour."""
    return literal(begins, type_=Instant)


def _line(session: Session, kind: TodayKind, row: Row[Any]) -> TodayLine:
    return TodayLine(
        kind=kind,
        at=row.at,
        person_id=row.person_id,
        name=row.name or "",
        phone=_phone(session, row.phone, row.uid),
        place=f"{row.community or ''}{row.group_code or ''}",
        state=row.state,
        channel=row.channel or "",
        who=row.who or "",
        who_phone=_phone(session, row.who_phone, row.who_uid),
        held=row.held is not None,
        all_day=row.state in (HOME_VISIT, SITE_GUIDANCE),
        on_phone=row.on_phone or "",
        on_phone_at=row.on_phone_at,
    )


def _phone(session: Session, sealed: bytes | None, uid: str | None) -> str | None:
    return session.vault.unseal_or_mark(sealed, place=f"person.phone:{uid}") if sealed else None
