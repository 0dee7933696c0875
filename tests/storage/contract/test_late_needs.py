"""Limits, climbs and figures are the same on both databases, and meet a press without harm."""

import threading
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select

from storage.communities import seed
from storage.database import Database
from storage.figures import check_figures, count_needs, show_counts
from storage.needs import Statement, climb_needs
from storage.people import get_person
from storage.refusals import Refusal
from storage.rules.areas import Category, Urgency
from storage.rules.periods import Stretch, period_of
from storage.tables import climb, need
from tests.storage.needs.village import ERRAND, Village

SOON = Statement(Category.TWO_SUBSIDIES, Urgency.U1, "补贴停了")


def settled(database: Database, now: datetime) -> Village:
    with database.transaction() as session:
        seed(session, now=now)
    village = Village(database, now)
    village.settle()
    return village


def test_what_is_late_climbs_and_is_told_once(database: Database, now: datetime) -> None:
    village = settled(database, now)
    for _ in range(3):
        village.state(SOON)
    village.deliver()
    village.now += timedelta(days=2)
    while climb_needs(database, now=village.now):
        pass
    with database.transaction() as session:
        rows = session.all(select(need.c.overdue_at, need.c.due_at))
        told = session.all(select(climb.c.told_at))
    assert all(row.overdue_at < village.now < row.due_at for row in rows)
    assert [row.told_at for row in told] == [village.now] * 3
    said = village.said_to(village.coordinator)
    assert len([one for one in said if one.startswith("desk_overdue")]) == 1


def test_a_claim_at_the_moment_of_the_climb_leaves_one_owner(
    database: Database, now: datetime
) -> None:
    village = settled(database, now)
    need_id = village.state(ERRAND)
    village.now += timedelta(days=4)
    ready = threading.Barrier(3)

    def climbs() -> None:
        ready.wait()
        while climb_needs(database, now=village.now):
            pass

    def claims() -> None:
        ready.wait()
        with suppress(Refusal):
            village.claim(need_id, village.volunteers[0])

    threads = [threading.Thread(target=one) for one in (climbs, climbs, claims)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    card = village.need(need_id)
    assert card.due_at is not None
    assert card.due_at > village.now
    if card.claim is not None:
        assert (card.level.value, card.overdue_at) == ("helper", None)
    with database.transaction() as session:
        climbed = session.all(select(climb.c.id).where(climb.c.need_id == need_id))
    assert len(climbed) <= 1


def test_figures_are_counted_alike(database: Database, now: datetime) -> None:
    village = settled(database, now)
    for hours in (1, 3):
        need_id = village.state(ERRAND)
        village.now = now + timedelta(hours=hours)
        village.claim(need_id, village.volunteers[0])
        village.come(need_id)
        village.finish(need_id)
        village.now = now
    village.state(SOON)
    with database.transaction() as session:
        wang = get_person(session, person_id=village.coordinator)
    reader = database.do(check_figures, actor=wang, stretch=Stretch.MONTH)
    span = period_of(Stretch.MONTH, now.date()).span(database.house.zone)
    counts = database.read(count_needs, actor=reader, span=span)
    shown = show_counts(counts, sees_people=True)
    assert shown.cell("all") == 3
    assert shown.cell("category", "errand", "under_way") == 2
    assert (counts.claim_seconds, counts.done_seconds) == (7200, 7200)
    assert shown.share_claimed() == 67
