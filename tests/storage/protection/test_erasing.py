"""Erasing: nothing of the person is left to be found, and what was done is still counted."""

from datetime import datetime

import pytest
from sqlalchemy import func, insert, select, update

from storage.answers import ask_staff, next_question_at
from storage.database import Database, Session
from storage.leaving import NotErased, erase, is_erased, list_reasons
from storage.needs.media.moving import next_media_at
from storage.people import Person, get_person
from storage.refusals import NotAllowed
from storage.tables import caregiver, claim, journal, need, need_media, person
from tests.storage.protection.traces import TELLING, everything, fill
from tests.storage.residents import heard, register

WANG, ZHANG, LI = 1, 2, 3


@pytest.fixture
def cast(database: Database, now: datetime) -> dict[str, Person]:
    with database.transaction() as session:
        wang = register(session, now=now, name="王珊", roles=("coordinator",), chat=WANG)
        zhang = register(session, now=now, name="张强", roles=("volunteer",), chat=ZHANG)
        li = register(session, now=now, name="李梅", roles=("caregiver",), chat=LI)
        return {
            "wang": wang,
            "zhang": zhang,
            "li": li,
            "chen": fill(session, now=now, helper=zhang, staff=wang),
        }


def _tie(session: Session, now: datetime, cast: dict[str, Person], kind: str) -> None:
    session.execute(
        insert(caregiver),
        {
            "resident_id": cast["chen"].id,
            "caregiver_id": cast["li"].id,
            "kind": kind,
            "copies": True,
            "state": "confirmed",
            "created_at": now,
            "version": 1,
        },
    )


def _left(session: Session) -> list[str]:
    """Where something of the person can still be read; the journal has no words at all."""
    found = everything(session).splitlines()
    return [cell for cell in found if any(words in cell for words in TELLING)]


def test_before_erasing_the_words_are_everywhere(
    database: Database, cast: dict[str, Person]
) -> None:
    assert len(database.do(_left)) > 15


def test_afterwards_nothing_of_the_person_can_be_read_anywhere(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    assert database.do(erase, now=now, actor=cast["chen"], subject=cast["chen"]) is True
    assert database.do(_left) == []
    assert "need.words=门锁坏了" in database.do(everything)
    gone = database.do(get_person, person_id=cast["chen"].id)
    assert gone.name.startswith("已注销 ")
    assert gone.telegram_id is None
    assert gone.roles == {}


def test_the_counts_stay(database: Database, now: datetime, cast: dict[str, Person]) -> None:
    counted = select(func.count(need.c.id), func.sum(claim.c.minutes)).join(
        claim, claim.c.need_id == need.c.id
    )
    before = database.do(Session.find, counted)
    database.do(erase, now=now, actor=cast["chen"], subject=cast["chen"])
    assert database.do(Session.find, counted) == before


def test_nothing_of_who_was_erased_is_asked_or_rung_about_any_more(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    chen = cast["chen"]
    with database.transaction() as session:
        ask_staff(session, now=now, actor=chen, words="补贴怎么办？")
        values = {"resident_id": chen.id, "sender_id": chen.id, "kind": "voice", "uid": "v"}
        waits = {"state": "waiting", "next_step_at": now, "created_at": now}
        session.execute(insert(need_media).values(**values, **waits, seconds=3, version=1))
    database.do(erase, now=now, actor=chen, subject=chen)
    with database.transaction() as session:
        assert next_question_at(session) is None
        assert next_media_at(session) is None


def test_erasing_twice_changes_nothing(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    database.do(erase, now=now, actor=cast["chen"], subject=cast["chen"])
    before = database.do(everything)
    assert database.do(erase, now=now, actor=cast["chen"], subject=cast["chen"]) is False
    assert database.do(everything) == before
    assert database.do(is_erased, person_id=cast["chen"].id)


def test_the_journal_says_that_it_was_done_without_any_words(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    database.do(erase, now=now, actor=cast["wang"], subject=cast["chen"], ground="signed")
    row = database.do(Session.find, select(journal).where(journal.c.what == "erased"))
    assert row is not None
    assert (row.actor_id, row.subject_id, row.ground) == (
        cast["wang"].id,
        cast["chen"].id,
        "signed",
    )
    assert row.detail == ""


@pytest.mark.parametrize("state", ["open", "claimed", "done"])
def test_an_open_need_or_a_visit_under_way_has_to_end_first(
    database: Database, now: datetime, cast: dict[str, Person], state: str
) -> None:
    with database.transaction() as session:
        first = session.value(
            select(func.min(need.c.id)).where(need.c.resident_id == cast["chen"].id)
        )
        session.change(
            update(need)
            .where(need.c.id == first)
            .values(state=state, ended_at=None, next_step_at=now, due_at=now)
        )
        if state == "claimed":
            session.change(
                update(claim).where(claim.c.need_id == first).values(state="active", ended_at=None)
            )
        assert list_reasons(session, person=cast["chen"]) == ["own_need"]
    before = database.do(everything)
    with pytest.raises(NotErased) as refused:
        database.do(erase, now=now, actor=cast["chen"], subject=cast["chen"])
    assert refused.value.facts == {"reasons": ["own_need"]}
    assert database.do(everything) == before


def test_a_volunteer_on_the_way_hands_the_task_over_first(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    mine = claim.c.volunteer_id == cast["chen"].id
    database.do(Session.change, update(claim).where(mine).values(state="active", ended_at=None))
    assert database.do(list_reasons, person=cast["chen"]) == ["task"]


def test_the_last_coordinator_lets_another_one_in_first(
    database: Database, cast: dict[str, Person]
) -> None:
    assert database.do(list_reasons, person=cast["wang"]) == ["last_coordinator"]
    assert database.do(list_reasons, person=cast["zhang"]) == []


def test_a_caregiver_hears_that_the_tie_ended_and_may_not_erase(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    database.do(_tie, now, cast, "caregiver")
    for ground in ("self", "guardian", "signed"):
        with pytest.raises(NotAllowed):
            database.do(erase, now=now, actor=cast["li"], subject=cast["chen"], ground=ground)
    database.do(erase, now=now, actor=cast["chen"], subject=cast["chen"])
    assert database.do(heard, LI) == ["caregiver_ended"]


def test_a_guardian_may_erase_while_the_tie_lives(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    database.do(_tie, now, cast, "guardian")
    erased = database.do(erase, now=now, actor=cast["li"], subject=cast["chen"], ground="guardian")
    assert erased is True


@pytest.mark.parametrize("who", ["zhang", "li"])
def test_nobody_else_may(
    database: Database, now: datetime, cast: dict[str, Person], who: str
) -> None:
    for ground in ("self", "guardian", "signed"):
        with pytest.raises(NotAllowed):
            database.do(erase, now=now, actor=cast[who], subject=cast["chen"], ground=ground)
    names = database.do(Session.all, select(person.c.name).where(person.c.id == cast["chen"].id))
    assert names[0].name == "陈素芬"
