"""Today's list: calls due, visits agreed, needs waiting, and what has to be told by mouth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, literal, literal_column, null, select

from storage.database import Session
from storage.pausing import is_away
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.tiers import Channel
from storage.scope import seen_people
from storage.tables import (
    check_in,
    check_in_plan,
    claim,
    community,
    household,
    household_member,
    need,
    person,
    to_tell,
)

# More of one kind than this nobody does in a day.
MOST_OF_A_KIND = 200


class Task(StrEnum):
    """What is to be done, in the order in which it is shown."""

    CALL = "call"
    VISIT = "visit"
    VERIFY = "verify"
    NEED = "need"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of today's list; ``id`` and ``version`` are what its button acts on.

    ``state``: what came back so far from a call that goes on.
    """

    task: Task
    id: int
    version: int
    person_id: int
    name: str
    community: str
    group_code: str
    at: datetime | None
    other: str
    channel: Channel
    state: str = ""

    @property
    def is_visit(self) -> bool:
        """Whether somebody goes there, on a call as well."""
        return self.task is Task.VISIT or (self.task is Task.CALL and self.channel is Channel.VISIT)

    @property
    def where(self) -> str:
        """The heading it stands under."""
        return f"{self.community}{self.group_code}"


def list_today(session: Session, *, now: datetime, actor: Person) -> list[Item]:
    """Return today's work in the actor's scope, by community and group."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    local = session.house.local(now)
    begins = datetime.combine(local.date(), time(0), tzinfo=local.tzinfo)
    ends = begins + timedelta(days=1)
    rows = [
        *_rows(session, actor, Task.CALL, _due_calls(now, ends)),
        *_rows(session, actor, Task.CALL, _open_calls()),
        *_rows(session, actor, Task.VISIT, _visits(begins, ends)),
        *_rows(session, actor, Task.VERIFY, _needs(now, "verifying")),
        *_rows(session, actor, Task.NEED, _needs(now, "unclaimed", "open")),
        *_rows(session, actor, Task.TELL, _to_tell()),
    ]
    order = list(Task)
    far = ends + timedelta(days=365)
    rows.sort(
        key=lambda one: (
            one[1],
            one[0].group_code,
            order.index(one[0].task),
            one[0].at or far,
            one[0].id,
        )
    )
    return [item for item, _ in rows]


def _rows(
    session: Session, actor: Person, task: Task, statement: Select[Any]
) -> list[tuple[Item, tuple[int, str]]]:
    placed = (
        statement.add_columns(
            person.c.id.label("person_id"),
            person.c.name,
            community.c.name.label("community"),
            community.c.position,
            household.c.group_code,
        )
        .outerjoin(community, community.c.id == person.c.community_id)
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(household, household.c.id == household_member.c.household_id)
        .where(seen_people(actor))
        .limit(MOST_OF_A_KIND)
    )
    return [_item(task, row) for row in session.all(placed)]


def _item(task: Task, row: Row[Any]) -> tuple[Item, tuple[int, str]]:
    position = row.position if row.position is not None else 10**6
    item = Item(
        task=task,
        id=row.thing,
        version=row.thing_version,
        person_id=row.person_id,
        name=row.name,
        community=row.community or "",
        group_code=row.group_code or "",
        at=row.at,
        other=row.other or "",
        channel=Channel(row.channel),
        state=row.state or "",
    )
    return item, (position, item.community)


_other = person.alias("other")
_by_phone: ColumnElement[Any] = literal(Channel.PHONE.value)
_no_state: ColumnElement[Any] = null()


def _of(
    thing: ColumnElement[Any],
    version: ColumnElement[Any],
    at: ColumnElement[Any],
    other: ColumnElement[Any],
    channel: ColumnElement[Any] = _by_phone,
    state: ColumnElement[Any] = _no_state,
) -> Select[Any]:
    return select(
        thing.label("thing"),
        version.label("thing_version"),
        at.label("at"),
        other.label("other"),
        channel.label("channel"),
        state.label("state"),
    )


def _due_calls(now: datetime, ends: datetime) -> Select[Any]:
    plan = check_in_plan.c
    return (
        _of(plan.id, plan.version, plan.next_due_at, _other.c.name, plan.channel)
        .join(person, person.c.id == plan.resident_id)
        .join(_other, _other.c.id == plan.caller_id)
        .where(plan.next_due_at < ends, plan.state == "active", ~is_away(person.c.id, now))
    )


def _open_calls() -> Select[Any]:
    case = check_in.c
    return (
        _of(case.id, case.version, case.due_at, _other.c.name, case.channel, case.last_outcome)
        .join(person, person.c.id == case.resident_id)
        .join(_other, _other.c.id == case.caller_id)
        .where(case.next_step_at.is_not(None))
    )


def _visits(begins: datetime, ends: datetime) -> Select[Any]:
    return (
        _of(need.c.id, need.c.version, claim.c.arrives_at, _other.c.name)
        .join(claim, claim.c.need_id == need.c.id)
        .join(person, person.c.id == need.c.resident_id)
        .join(_other, _other.c.id == claim.c.volunteer_id)
        .where(claim.c.state == "active", claim.c.arrives_at >= begins, claim.c.arrives_at < ends)
    )


def _needs(now: datetime, *states: str) -> Select[Any]:
    return (
        _of(need.c.id, need.c.version, need.c.created_at, need.c.category)
        .join(person, person.c.id == need.c.resident_id)
        .where(
            need.c.next_step_at.is_not(None),
            need.c.state.in_(states),
            ~is_away(person.c.id, now),
        )
    )


def _to_tell() -> Select[Any]:
    return (
        _of(to_tell.c.id, to_tell.c.version, to_tell.c.created_at, null())
        .join(person, person.c.id == to_tell.c.person_id)
        # Word for word the condition of the index.
        .where(to_tell.c.state == literal_column("'open'"))
    )


def page_of(items: Sequence[Item], page: int, *, size: int) -> tuple[list[Item], bool]:
    """Return a page of the list, and whether there is another."""
    first = page * size
    return list(items[first : first + size]), len(items) > first + size
