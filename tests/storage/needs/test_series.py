"""A service that recurs: its visits are made ahead, each once, whatever happened meanwhile."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from storage.needs import confirm_done, list_tasks
from storage.needs.series import (
    Recurring,
    Series,
    SeriesOver,
    end_series,
    find_series,
    get_series,
    leave_series,
    list_missed,
    list_visits,
    make_series,
    make_visits,
    move_series,
    next_visit_due_at,
    pause_series,
    resume_series,
    skip_visit,
)
from storage.pauses import begin_pause, end_due_pauses
from storage.people import get_person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rules.lifecycle import NeedState
from storage.rules.pauses import Reason
from storage.rules.recurring import read_pattern
from storage.tables import category, journal, missed_visit, need, need_series
from tests.storage.needs.village import Village

SATURDAYS = Recurring(read_pattern("weekly:5"), time(9))


def _made(village: Village, how: Recurring = SATURDAYS, *, need_id: int | None = None) -> Series:
    known = need_id or village.state()
    made: Series = village.do(make_series, actor_id=village.resident, need_id=known, how=how)
    return made


def _sleep(village: Village, span: timedelta = timedelta(0)) -> None:
    """Nothing ran meanwhile; then everything due moves."""
    village.now += span
    while make_visits(village.database, now=village.now):
        pass


def _on(village: Village, one: Series) -> list[str]:
    """The days of the visits that were made."""
    with village.database.transaction() as session:
        made = select(need.c.visit_on).where(need.c.series_id == one.id).order_by(need.c.visit_on)
        return [f"{row.visit_on:%m-%d}" for row in session.all(made)]


def _missed(village: Village, one: Series) -> list[tuple[str, str]]:
    with village.database.transaction() as session:
        known = select(missed_visit).where(missed_visit.c.series_id == one.id)
        rows = session.all(known.order_by(missed_visit.c.visit_on))
    return [(f"{row.visit_on:%m-%d}", row.reason) for row in rows]


def test_the_visits_of_the_next_two_weeks_are_made_once(village: Village) -> None:
    one = _made(village)
    _sleep(village)
    assert _on(village, one) == ["11-28", "12-05"]
    _sleep(village)
    assert _on(village, one) == ["11-28", "12-05"]
    _sleep(village, timedelta(days=7))
    assert _on(village, one) == ["11-28", "12-05", "12-12"]
    visit = village.database.do(list_visits, series_id=one.id, since=date(2026, 11, 28))[0]
    assert visit.at == datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
    assert village.database.do(next_visit_due_at) == datetime(2026, 12, 5, 1, 0, tzinfo=UTC)


def test_over_the_years_end_the_days_go_on(village: Village) -> None:
    one = _made(village, Recurring(read_pattern("day:31"), time(16)))
    _sleep(village)
    for _ in range(7):
        _sleep(village, timedelta(days=13))
    assert _on(village, one) == ["11-30", "12-31", "01-31", "02-28"]


def test_asleep_for_weeks_only_what_is_ahead_is_made_and_the_rest_is_said(
    village: Village,
) -> None:
    one = _made(village)
    _sleep(village)
    village.deliver()
    _sleep(village, timedelta(days=22))
    # The 12th passed while everything slept; the 19th was still ahead.
    assert _missed(village, one) == [("12-12", "asleep")]
    assert "12-19" in _on(village, one)
    sent = village.deliver()
    for person_id in (village.resident, village.coordinator):
        assert village.said_to(person_id, sent).count("series_missed") == 1


def test_of_a_kind_that_is_not_taken_on_any_more_no_visit_is_promised(village: Village) -> None:
    one = _made(village)
    _sleep(village)
    village.deliver()
    _take_on(village, one, now_on=False)
    _sleep(village, timedelta(days=8))
    assert _on(village, one) == ["11-28", "12-05"], "what was made goes on"
    sent = village.deliver()
    for person_id in (village.resident, village.coordinator):
        assert village.said_to(person_id, sent).count("series_stopped") == 1
    assert village.database.do(next_visit_due_at) is None
    _take_on(village, one, now_on=True)
    village.do(resume_series, actor_id=village.resident, series_id=one.id)
    _sleep(village)
    assert _on(village, one)[2:] == ["12-12"]


def _take_on(village: Village, one: Series, *, now_on: bool) -> None:
    row: dict[str, object] = {"key": one.category.value, "active": now_on, "version": 1}
    row |= {"changed_by": village.coordinator, "changed_at": village.now}
    with village.database.transaction() as session:
        session.execute(delete(category).where(category.c.key == row["key"]))
        session.execute(insert(category), row)


def test_holidays_are_left_out_where_that_was_wished(village: Village) -> None:
    fridays = Recurring(read_pattern("weekly:4"), time(9), skips_holidays=True)
    one = _made(village, fridays)
    _sleep(village, timedelta(days=30))
    assert ("01-01", "holiday") in _missed(village, one)
    assert "01-01" not in _on(village, one)


def test_a_pause_skips_visits_and_says_so(village: Village) -> None:
    one = _made(village)
    with village.database.transaction() as session:
        begin_pause(
            session,
            now=village.now,
            actor=get_person(session, person_id=village.resident),
            person_id=village.resident,
            reason=Reason.AWAY,
            last_day=date(2026, 12, 1),
        )
    _sleep(village)
    assert _missed(village, one) == [("11-28", "away")]
    assert _on(village, one) == ["12-05"]


def test_a_pause_takes_back_a_visit_that_nobody_has_yet(village: Village) -> None:
    one = _made(village)
    _sleep(village)
    with village.database.transaction() as session:
        begin_pause(
            session,
            now=village.now,
            actor=get_person(session, person_id=village.resident),
            person_id=village.resident,
            reason=Reason.AWAY,
            last_day=date(2026, 12, 1),
        )
    village.wait(timedelta(days=2))
    states = {visit.on: visit.state for visit in _visits(village, one)}
    assert states[date(2026, 11, 28)] is NeedState.CANCELLED
    assert states[date(2026, 12, 5)] is NeedState.OPEN


def _visits(village: Village, one: Series) -> Any:
    return village.database.do(list_visits, series_id=one.id, since=date(2026, 11, 25))


def test_the_one_of_last_time_is_asked_alone_first(village: Village) -> None:
    need_id = village.carried()
    helper, other = village.volunteers
    how = Recurring(read_pattern("weekly:5"), time(9), helper="same")
    one = _made(village, how, need_id=need_id)
    village.deliver()
    _sleep(village)
    sent = village.deliver()
    assert village.said_to(helper, sent).count("offer_card") == 2
    assert village.said_to(other, sent) == []
    village.wait(timedelta(days=2))
    assert "offer_card" in village.said_to(other)
    assert one.helper == "same"


def test_a_fixed_helper_who_ends_their_part_is_looked_for_anew(village: Village) -> None:
    need_id = village.carried()
    helper, other = village.volunteers
    village.set_volunteer(helper, open_limit=5)
    how = Recurring(read_pattern("weekly:5"), time(9), helper="fixed")
    one = _made(village, how, need_id=need_id)
    _sleep(village)
    visit = _visits(village, one)[0]
    village.claim(visit.need_id, helper)
    village.deliver()
    village.do(leave_series, volunteer_id=helper, series_id=one.id)
    fresh = village.database.do(find_series, series_id=one.id)
    assert fresh is not None
    assert (fresh.helper, fresh.helper_id) == ("any", None)
    sent = village.deliver()
    assert "offer_card" in village.said_to(other, sent)
    assert "series_left" in village.said_to(village.resident, sent)
    with pytest.raises(NotAllowed):
        village.do(leave_series, volunteer_id=other, series_id=one.id)


def test_a_fixed_helper_needs_a_helper(village: Village) -> None:
    how = Recurring(read_pattern("weekly:5"), time(9), helper="fixed")
    with pytest.raises(NotAllowed):
        _made(village, how)


def test_one_visit_is_skipped_before_or_after_it_was_made(village: Village) -> None:
    one = _made(village)
    facts = {"actor_id": village.daughter, "series_id": one.id}
    village.do(skip_visit, **facts, day=date(2026, 11, 28))
    _sleep(village)
    village.do(skip_visit, **facts, day=date(2026, 12, 5))
    assert _missed(village, one) == [("11-28", "skipped"), ("12-05", "skipped")]
    assert [visit.state for visit in _visits(village, one)] == [NeedState.CANCELLED]
    with pytest.raises(AlreadyDone):
        village.do(skip_visit, **facts, day=date(2026, 11, 28))
    with pytest.raises(TooLate):
        village.do(skip_visit, **facts, day=date(2026, 12, 6))


def test_another_hour_moves_the_visits_that_are_made_and_tells_who_comes(village: Village) -> None:
    one = _made(village)
    _sleep(village)
    visit = _visits(village, one)[0]
    village.claim(visit.need_id, village.volunteers[0])
    village.deliver()
    facts = {"actor_id": village.resident, "series_id": one.id, "version": one.version}
    moved = village.do(move_series, **facts, pattern=read_pattern("weekly:5"), clock=time(15))
    assert _visits(village, moved)[0].at == datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
    assert "visit_moved" in village.said_to(village.volunteers[0])
    _sleep(village)
    assert _on(village, one) == ["11-28", "12-05"]


def test_another_day_withdraws_visits_and_makes_others(village: Village) -> None:
    one = _made(village)
    _sleep(village)
    facts = {"actor_id": village.resident, "series_id": one.id, "version": one.version}
    village.do(move_series, **facts, pattern=read_pattern("weekly:0"), clock=time(9))
    _sleep(village)
    standing = [visit.on for visit in _visits(village, one) if visit.state is NeedState.OPEN]
    assert standing == [date(2026, 11, 30), date(2026, 12, 7)]
    with pytest.raises(SeriesOver):
        village.do(move_series, **facts, pattern=read_pattern("weekly:1"), clock=time(9))


def test_paused_nothing_is_made_and_going_on_makes_no_past(village: Village) -> None:
    one = _made(village)
    facts = {"actor_id": village.coordinator, "series_id": one.id}
    village.do(pause_series, **facts)
    _sleep(village, timedelta(days=30))
    assert _on(village, one) == []
    village.do(resume_series, **facts)
    _sleep(village)
    assert _on(village, one) == ["12-26", "01-02"]
    assert _missed(village, one) == []


def test_ended_nothing_comes_any_more(village: Village) -> None:
    one = _made(village)
    _sleep(village)
    facts = {"actor_id": village.resident, "series_id": one.id, "version": one.version}
    village.do(end_series, **facts)
    _sleep(village, timedelta(days=60))
    assert {visit.state for visit in _visits(village, one)} == {NeedState.CANCELLED}
    with pytest.raises(SeriesOver):
        village.do(end_series, **facts)


def test_it_runs_out_by_its_last_day_or_its_number(village: Village) -> None:
    until = Recurring(read_pattern("weekly:5"), time(9), ends_on=date(2026, 12, 6))
    twice = Recurring(read_pattern("weekly:5"), time(9), visits=2)
    for how in (until, twice):
        one = _made(village, how)
        _sleep(village)
        for _ in range(4):
            _sleep(village, timedelta(days=7))
        fresh = village.database.do(find_series, series_id=one.id)
        assert fresh is not None
        assert fresh.state == "ended"
        assert len(_on(village, one)) == 2


def test_only_who_speaks_for_the_resident_decides(village: Village) -> None:
    one = _made(village)
    stranger = village.add_resident("罗德明")
    for step, more in ((pause_series, {}), (skip_visit, {"day": date(2026, 11, 28)})):
        with pytest.raises(NotAllowed):
            village.do(step, actor_id=stranger, series_id=one.id, **more)


def test_a_visit_is_a_need_like_any_other(village: Village) -> None:
    one = _made(village)
    _sleep(village)
    visit = _visits(village, one)[0].need_id
    village.claim(visit, village.volunteers[0])
    assert [card.id for card in village.database.do(list_tasks, volunteer_id=village.volunteers[0])]
    village.come(visit)
    village.finish(visit)
    version = village.need(visit).version
    village.do(confirm_done, actor_id=village.resident, need_id=visit, version=version)
    assert village.need(visit).state is NeedState.CLOSED


def test_a_day_that_was_made_is_not_made_again_by_a_clock_that_goes_back(
    village: Village,
) -> None:
    one = _made(village)
    _sleep(village)
    with village.database.transaction() as session:
        session.change(update(need_series).values(next_on=date(2026, 11, 28), due_at=village.now))
    _sleep(village)
    assert _on(village, one) == ["11-28", "12-05"]
    assert village.database.do(list_missed, series_id=one.id, since=date(2026, 11, 1)) == []


def test_nobody_is_sent_to_who_is_no_resident_any_more(village: Village) -> None:
    one = _made(village)
    village.end_role(village.resident)
    _sleep(village)
    assert _on(village, one) == []
    with village.database.transaction() as session:
        assert session.value(select(need_series.c.state)) == "ended"


def test_a_service_of_who_died_ends_with_a_line_in_the_journal(village: Village) -> None:
    one = _made(village)
    with village.database.transaction() as session:
        actor = get_person(session, person_id=village.coordinator)
        reason, who = Reason.DIED, village.resident
        begin_pause(session, now=village.now, actor=actor, person_id=who, reason=reason)
    while end_due_pauses(village.database, now=village.now + timedelta(hours=2)):
        pass
    with village.database.transaction() as session:
        ended = select(journal.c.actor_id, journal.c.thing_id)
        rows = session.all(ended.where(journal.c.what == "series_ended"))
        assert get_series(session, series_id=one.id).state == "ended"
    assert [tuple(row) for row in rows] == [(village.coordinator, one.id)]
