"""The Monday digest: once a week for each of the office, never a burst after an outage."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.heartbeats import beat
from storage.office import next_digest_at, send_digests
from storage.office.digests import TICK
from storage.tables import outbox
from tests.storage.residents import apply, heard, register

# Nine in the morning in Shanghai.
MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def office(database: Database, now: datetime) -> Database:
    with database.transaction() as session:
        for name, chat in (("王珊", 1), ("孙丽", 2)):
            register(session, now=now, name=name, roles=("coordinator",), chat=chat)
        register(session, now=now, name="没有聊天", roles=("coordinator",))
        zhang = register(session, now=now, name="张强", chat=3)
        apply(session, now=now, person=zhang)
    return database


def run(database: Database, now: datetime) -> int:
    steps = 0
    while send_digests(database, now=now):
        steps += 1
    return steps


def digests(database: Database, chat: int) -> int:
    return database.do(heard, chat).count("digest")


def test_each_of_the_office_is_told_once_a_week(office: Database) -> None:
    assert run(office, MONDAY - timedelta(minutes=1)) == 0
    for minutes in (0, 1, 60, 600):
        run(office, MONDAY + timedelta(minutes=minutes))
    assert [digests(office, chat) for chat in (1, 2, 3)] == [1, 1, 0]
    run(office, MONDAY + WEEK)
    assert [digests(office, chat) for chat in (1, 2, 3)] == [2, 2, 0]


def test_it_says_what_waits_the_figures_and_who_is_on_duty(office: Database) -> None:
    run(office, MONDAY)
    with office.transaction() as session:
        row = session.all(select(outbox).where(outbox.c.template == "digest"))[0]
        facts = json.loads(session.vault.unseal(row.facts, place=f"outbox:{row.key}"))
    assert facts["kinds"] == ["applicants"]
    assert facts["duty"] == ["王珊", "孙丽"]
    assert facts["whole"] is True
    assert row.message_class == "info"
    assert row.expires_at == datetime(2026, 12, 1, 4, 0, tzinfo=UTC)


def test_after_an_outage_only_the_newest_goes_and_only_while_it_is_fresh(
    office: Database,
) -> None:
    run(office, MONDAY)
    assert run(office, MONDAY + 3 * WEEK + timedelta(hours=26)) == 2
    assert digests(office, 1) == 2
    assert run(office, MONDAY + 4 * WEEK + timedelta(hours=27)) == 0


def test_the_clock_knows_the_next_one(office: Database, now: datetime) -> None:
    assert office.do(next_digest_at) is None
    office.do(beat, names=[TICK], now=now)
    assert office.do(next_digest_at) == MONDAY
    office.do(beat, names=[TICK], now=MONDAY)
    assert office.do(next_digest_at) == MONDAY + WEEK
