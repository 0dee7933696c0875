"""Two entries of one person in pairs, calls and rotas: each constraint is met by a rule."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, Table, UniqueConstraint, insert, select
from sqlmodel import SQLModel

from storage.database import Database
from storage.duplicates.calling import join_calls
from storage.duplicates.joining import join_registers, join_roles
from storage.duplicates.pairing import join_pairs
from storage.pairs.ties.lists import list_overrides
from storage.references import list_references, move_references
from storage.rules.pairs import Kind
from storage.tables import (
    call_stand_in,
    check_in_plan,
    duplicate,
    life_change,
    pair,
    tie,
)
from tests.storage.ties.yard import STATION, Yard, a_yard

# What would say the same of one person twice is made one before it is moved.
JOINED = {
    "call_concern",
    "call_day",
    "call_lease",
    "call_stand_in",
    "caregiver",
    "check_in_asked",
    "consent",
    "disability_certificate",
    "door_showing",
    "home_access",
    "household_member",
    "life_change",
    "offer",
    "pair",
    "qualification",
    "resident",
    "role",
    "volunteer",
    "volunteer_profile",
}
# What stays with the entry that only points from now on: the other has the like, or it is history.
STAYS = {
    "apart": "the other is kept apart from the same person",
    "attachment": "the other is tied to the same organisation",
    "call_note": "both heard the same call",
    "complaint": "both said the same of somebody",
    "confirmation": "both confirmed the same visit",
    "digest": "one daily word to staff is enough",
    "erasure": "whoever was erased is not merged",
    "kind_off": "a choice that the other made too",
    "look": "the other asked for the same look",
    "pair_telling": "the same is to be told to the other",
    "pause": "the other is away already",
    "receipt": "the other has the same notice",
    "search": "each search is its own chat's",
    "site_rating": "the other judged the same site",
    "stand_in": "the other was asked for the same visit",
    "survey_answer": "the other answered the same round",
    "visit_word": "the other wrote of the same visit",
}


def _uniques(table: Table) -> list[set[str]]:
    found = [set(table.primary_key.columns.keys())]
    found += [
        {column.name for column in one.columns}
        for one in table.constraints
        if isinstance(one, UniqueConstraint)
    ]
    found += [{column.name for column in one.columns} for one in table.indexes if one.unique]
    return found


def test_each_constraint_that_two_entries_can_meet_has_a_rule() -> None:
    met = {
        one.table.name
        for one in list_references()
        if any(one.column.name in unique for unique in _uniques(one.table))
    }
    assert met == JOINED | set(STAYS)


def test_every_foreign_key_to_a_person_is_moved_but_the_likenesses() -> None:
    keys = {
        (table.name, key.parent.name)
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if key.target_fullname == "person.id"
    }
    moved = {(one.table.name, one.column.name) for one in list_references()}
    assert keys - moved == {
        (duplicate.name, "low_id"),
        (duplicate.name, "high_id"),
        (duplicate.name, "decided_by"),
    }


@pytest.fixture
def yard(database: Database, now: datetime) -> Yard:
    made = a_yard(database, now)
    made.join("again", "volunteer", None, None)
    made.grade("again", "3")
    return made


def become_one(yard: Yard, *, gone: str, kept: str) -> list[str]:
    """Join what both have and move the rest, as a merge does."""
    both = {"gone": yard.people[gone], "kept": yard.people[kept]}
    with yard.database.transaction() as session:
        join_registers(session, **both)
        join_roles(session, now=yard.now, actor_id=yard.people["wang"], **both)
        join_pairs(session, now=yard.now, actor_id=yard.people["wang"], **both)
        join_calls(session, now=yard.now, **both)
        return move_references(session, **both)


def helped(yard: Yard, helper: str) -> list[tuple[int, int, str]]:
    """Whom somebody helps, in which slot, and what was let through."""
    rows = select(pair.c.resident_id, pair.c.slot, tie.c.bars).join(tie, tie.c.pair_id == pair.c.id)
    theirs = (pair.c.helper_id == yard.people[helper], pair.c.state != "ended")
    found = yard.do(lambda session: session.all(rows.where(*theirs).order_by(pair.c.slot)))
    return [(row.resident_id, row.slot, row.bars) for row in found]


def test_a_helper_written_down_twice_keeps_everyone_and_the_third_is_for_staff(
    yard: Yard,
) -> None:
    yard.help_out("qin")
    yard.help_out("shi", helper="again")
    yard.help_out("tao", helper="again")
    assert become_one(yard, gone="again", kept="mei") == []
    ids = [yard.people[one] for one in ("qin", "tao", "shi")]
    assert helped(yard, "mei") == [(ids[0], 1, ""), (ids[1], 2, "full"), (ids[2], 3, "")]
    (shown,) = yard.do(list_overrides, now=yard.now, actor=yard["wang"])
    assert (shown.reason, shown.by) == (None, "wang")
    # Within the rule nothing is for staff.
    assert yard.noted("tie_overridden") == 1


def test_of_the_same_pair_twice_the_one_that_both_agreed_to_stays(yard: Yard) -> None:
    agreed = yard.agree(yard.help_out("qin", helper="again"), "qin", "again")
    proposed = yard.help_out("qin")
    assert become_one(yard, gone="again", kept="mei") == []
    states = select(pair.c.id, pair.c.state).where(pair.c.kind == Kind.MUTUAL.value)
    found = {row.id: row.state for row in yard.do(lambda session: session.all(states))}
    assert found == {agreed.id: "active", proposed.id: "ended"}


def test_the_same_organisation_stands_once_behind_a_child_written_down_twice(yard: Yard) -> None:
    station = yard.organisation(STATION)
    for one in ("qin", "tao"):
        yard.tie(Kind.HOME, station, resident=one)
    assert become_one(yard, gone="tao", kept="qin") == []
    live = select(pair.c.resident_id).where(pair.c.state != "ended")
    assert [row.resident_id for row in yard.do(lambda session: session.all(live))] == [
        yard.people["qin"]
    ]


def plan(yard: Yard, **who: object) -> int:
    row = {
        "uid": "u",
        "resident_id": yard.people["qin"],
        "caller_id": yard.people["wang"],
        "weekdays": 1,
        "local_time": "09:00",
        "next_due_at": yard.now + timedelta(days=1),
        "created_by": yard.people["wang"],
        "created_at": yard.now,
        **who,
    }
    with yard.database.transaction() as session:
        return session.add(insert(check_in_plan).values(row))


def rows_of(yard: Yard, table: Table) -> list[Row[Any]]:
    return list(yard.do(lambda session: session.all(select(table).order_by(table.c.id))))


def test_nobody_stands_in_for_themselves_nor_is_asked_twice(yard: Yard) -> None:
    mei, again, wang = (yard.people[one] for one in ("mei", "again", "wang"))
    plan(yard, caller_id=mei, stand_in_id=again)
    other = plan(yard)
    ask = {"plan_id": other, "asked_by": wang, "created_at": yard.now}
    with yard.database.transaction() as session:
        for one in (mei, again):
            session.execute(insert(call_stand_in).values(asked_id=one, **ask))
    assert become_one(yard, gone="again", kept="mei") == []
    assert [(row.caller_id, row.stand_in_id) for row in rows_of(yard, check_in_plan)] == [
        (mei, None),
        (wang, None),
    ]
    assert [(row.asked_id, row.state) for row in rows_of(yard, call_stand_in)] == [
        (mei, "asked"),
        (mei, "closed"),
    ]


def test_nobody_is_the_contact_of_themselves(yard: Yard) -> None:
    plan(
        yard,
        contact_id=yard.people["shi"],
        contact_answer="agreed",
        contact_agreed_at=yard.now,
        contact_agreed_as="own",
    )
    assert become_one(yard, gone="shi", kept="qin") == []
    (row,) = rows_of(yard, check_in_plan)
    assert (row.contact_id, row.contact_answer) == (None, "withdrawn")


def test_what_was_told_of_both_on_one_day_is_told_once_and_the_living_word_counts(
    yard: Yard,
) -> None:
    qin, shi = yard.people["qin"], yard.people["shi"]
    made = {"plan_id": plan(yard), "told_by": yard.people["wang"], "created_at": yard.now}
    days = {"told_on": date(2026, 12, 1), "until": date(2027, 1, 1)}
    told = [(qin, "fell", "withdrawn"), (shi, "fell", "live")]
    told += [(who, "bereaved", "live") for who in (qin, shi)]
    with yard.database.transaction() as session:
        for who, kind, state in told:
            row = {"resident_id": who, "kind": kind, "state": state, **made, **days}
            session.execute(insert(life_change).values(row))
    assert become_one(yard, gone="shi", kept="qin") == []
    found = [(row.resident_id, row.kind, row.state) for row in rows_of(yard, life_change)]
    assert found == [(qin, "fell", "live"), (qin, "bereaved", "live")]
