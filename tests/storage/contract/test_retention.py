"""Retention on each kind of database: shown once, allowed once, then gone night by night."""

import dataclasses
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest
from sqlalchemy import insert, select

from storage.database import Database, Session
from storage.dialogues import save_dialogue
from storage.people import Person
from storage.refusals import AlreadyDecided, NotAllowed, Refusal, TooLate
from storage.retention import allow, count_due, counting, deciding, purge, purge_now, purging
from storage.rules.retention import PERIODS, Period
from storage.tables import dialogue, journal, retention, role
from tests.storage.protection.traces import WORDS, everything, fill
from tests.storage.residents import heard, register

LATER = timedelta(days=200)
_ROLE = insert(role)
NIGHT = timedelta(days=1)


@pytest.fixture
def cast(database: Database, now: datetime) -> dict[str, Person]:
    with database.transaction() as session:
        wang = register(session, now=now, name="王珊", roles=("coordinator",), chat=1)
        zhang = register(session, now=now, name="张强", roles=("volunteer",), chat=2)
        chen = fill(session, now=now, helper=zhang, staff=wang)
        return {"wang": wang, "zhang": zhang, "chen": chen}


def night(database: Database, now: datetime) -> None:
    while purge(database, now=now):
        pass


def counts(database: Database, now: datetime) -> dict[str, int]:
    return {one.key: one.count for one in database.do(count_due, now=now) if one.count}


def states(database: Database) -> dict[str, str]:
    rows = database.do(Session.all, select(retention.c.key, retention.c.state))
    return {row.key: row.state for row in rows}


def test_before_its_time_nothing_is_due_and_nobody_is_asked(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    night(database, now)
    assert set(counts(database, now)) <= {"old_buttons"}
    assert database.do(heard, 1) == []
    assert states(database)["need_words"] == "new"


def test_counting_changes_nothing(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    before = database.do(everything)
    found = counts(database, now + LATER)
    assert found["need_words"] == 2
    assert found["visit_notes"] == 2
    assert found["alarm_words"] == 2
    assert found["plan_contacts"] == 1
    assert found["half_forms"] == 1
    assert found["outbox_rows"] == 1
    assert (found["referral_words"], found["verification_words"]) == (1, 1)
    assert found["media_words"] == 2
    assert database.do(everything) == before


def test_what_is_over_its_time_stays_until_the_office_has_seen_it_and_said_yes(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    for later in range(3):
        night(database, now + LATER + later * NIGHT)
    assert database.do(heard, 1) == ["retention_ask"]
    assert f"need.words={WORDS}" in database.do(everything)
    assert states(database)["need_words"] == "shown"
    at = now + LATER
    assert database.do(allow, now=at, actor=cast["wang"], showing=1) > 10
    night(database, at + 4 * NIGHT)
    left = database.do(everything)
    assert "need.words=\n" in left
    # The door of who is still here is still remembered, a statement is a proof for three years
    # more, a file has an end of its own, and a button is kept while it can be pressed; what
    # belongs to visits and pairs has a year or three.
    kept = {cell.partition("=")[0] for cell in left.splitlines() if WORDS in cell}
    longer = {"visit_word.words", "home_visit.record", "pair.words", "pair_log.words"}
    assert kept == {"home_access.facts", "statement.words", "file.body", "choice.facts"} | longer
    assert "claim.minutes=60" in left


def test_a_grave_change_is_forgotten_a_year_after_the_closer_care(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    assert "life_changes" not in counts(database, now + LATER)
    assert counts(database, now + 2 * LATER)["life_changes"] == 1


def test_each_purge_is_in_the_journal_with_its_count(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    night(database, now + LATER)
    database.do(allow, now=now + LATER, actor=cast["wang"], showing=1)
    night(database, now + LATER + NIGHT)
    purged = select(journal.c.thing, journal.c.detail).where(journal.c.what == "purged")
    rows = {row.thing: row.detail for row in database.do(Session.all, purged)}
    assert rows["need_words"] == "2"
    night(database, now + LATER + NIGHT)
    again = database.do(Session.all, purged)
    assert len([row for row in again if row.thing == "need_words"]) == 1


def _changed(key: str, days: int) -> Mapping[str, Period]:
    changed = dataclasses.replace(PERIODS[key], days=days)
    return MappingProxyType(dict(PERIODS) | {key: changed})


def test_a_changed_period_is_shown_anew_before_it_is_carried_out(
    database: Database, now: datetime, cast: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    early = now + timedelta(days=100)
    night(database, early)
    database.do(allow, now=early, actor=cast["wang"], showing=1)
    for module in (counting, deciding, purging):
        monkeypatch.setattr(module, "PERIODS", _changed("need_words", 90))
    night(database, early + NIGHT)
    assert f"need.words={WORDS}" in database.do(everything)
    assert database.do(heard, 1) == ["retention_ask", "retention_ask"]
    assert states(database)["half_forms"] == "allowed"
    database.do(allow, now=early, actor=cast["wang"], showing=2)
    night(database, early + 2 * NIGHT)
    assert f"need.words={WORDS}" not in database.do(everything)


def test_the_second_of_two_who_allow_sees_who_did_and_a_forged_yes_nothing(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    night(database, now + LATER)
    for stranger in (cast["zhang"], cast["chen"]):
        with pytest.raises(NotAllowed):
            database.do(allow, now=now, actor=stranger, showing=1)
    with pytest.raises(TooLate):
        database.do(allow, now=now, actor=cast["wang"], showing=7)
    said: list[object] = []

    def press() -> None:
        try:
            said.append(database.do(allow, now=now, actor=cast["wang"], showing=1))
        except Refusal as refusal:
            said.append(refusal.facts)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {"by": "王珊", "state": "allowed"} in said
    assert len([one for one in said if isinstance(one, int)]) == 1
    with pytest.raises(AlreadyDecided):
        database.do(allow, now=now, actor=cast["wang"], showing=1)


def test_many_rows_go_by_batches(
    database: Database, now: datetime, cast: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 3)
    with database.transaction() as session:
        for chat in range(10, 20):
            save_dialogue(session, now=now, chat_id=chat, topic="t", question="q", answers={})
    night(database, now + LATER)
    database.do(allow, now=now + LATER, actor=cast["wang"], showing=1)
    night(database, now + LATER + NIGHT)
    assert database.do(Session.all, select(dialogue)) == []
    purged = select(journal.c.detail).where(journal.c.what == "purged")
    assert "11" in [row.detail for row in database.do(Session.all, purged)]


def test_by_hand_only_what_is_allowed_goes(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    assert "need_words" not in purge_now(database, now=now + LATER)
    night(database, now + LATER)
    database.do(allow, now=now + LATER, actor=cast["wang"], showing=1)
    assert purge_now(database, now=now + LATER)["need_words"] == 2
    assert purge_now(database, now=now + LATER) == {}


def test_people_whose_last_role_ended_a_year_ago_are_forgotten(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    with database.transaction() as session:
        gone = register(session, now=now, name="罗德明", phone="+8610000000077")
        session.execute(
            _ROLE,
            {
                "person_id": gone.id,
                "kind": "volunteer",
                "state": "ended",
                "decided_by": gone.id,
                "decided_at": now,
                "created_at": now,
                "version": 1,
            },
        )
    assert "people_gone" not in counts(database, now + timedelta(days=364))
    assert counts(database, now + timedelta(days=366))["people_gone"] == 1
