"""Whatever the plan and the pause: no call falls inside, and the end plans anew exactly once."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from storage.check_ins import next_call_at, start_check_ins
from storage.pauses import end_due_pauses, end_pause, next_pause_at, undo_pause
from storage.rules.pauses import ends_at
from storage.rules.rhythm import Every, Rhythm, next_due
from storage.tables import check_in, journal
from tests.storage.calls.street import Street
from tests.storage.calls.test_check_ins_always_go_on import fresh_database
from tests.storage.pauses.rest import change, pause

START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
DAYS = 9


@settings(max_examples=10, deadline=None)
@given(
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    hour=st.integers(8, 20),
    begins_after=st.integers(0, 60),
    lasts=st.integers(0, 5) | st.none(),
    back_after=st.integers(1, 150) | st.none(),
    slip=st.booleans(),
)
def test_nothing_inside_is_ever_sent_and_the_end_plans_anew_once(
    weekdays: frozenset[int],
    hour: int,
    begins_after: int,
    lasts: int | None,
    back_after: int | None,
    slip: bool,
) -> None:
    with fresh_database() as database:
        street = Street(database, START)
        street.settle()
        street.plan(weekdays=weekdays, clock=time(hour), stand_in_id=None)
        _pass(street, hours=begins_after)
        begun = street.now
        last_day = None if lasts is None else _local(street, begun).date() + timedelta(days=lasts)
        card = pause(street, last_day=last_day)
        ends = _ends(street, last_day)
        if back_after is not None and (ends is None or begun + timedelta(hours=back_after) < ends):
            _pass(street, hours=back_after)
            ends = begun if slip else street.now
            change(street, undo_pause if slip else end_pause, card)
        _pass(street, days=DAYS)
        assert _dues(street) == _expected(street, weekdays, hour, begun, ends)
        assert _count(street, "pause_over") + _count(street, "pause_undone") == (
            0 if ends is None else 1
        )


def _pass(street: Street, **delta: float) -> None:
    """Let only calls fall due and pauses end: what follows a call is another test's."""
    end = street.now + timedelta(**delta)
    while True:
        for step in (end_due_pauses, start_check_ins):
            while step(street.database, now=street.now):
                pass
        with street.database.transaction() as session:
            moments = [ask(session) for ask in (next_pause_at, next_call_at)]
        due = min((one for one in moments if one is not None), default=None)
        if due is None or due > end:
            break
        street.now = max(street.now, due)
    street.now = end


def _local(street: Street, moment: datetime) -> datetime:
    return moment.astimezone(street.database.house.zone)


def _ends(street: Street, last_day: date | None) -> datetime | None:
    return ends_at(last_day, street.database.house.zone) if last_day is not None else None


def _expected(
    street: Street,
    weekdays: frozenset[int],
    hour: int,
    begun: datetime,
    ends: datetime | None,
) -> list[datetime]:
    """Every due time but those inside; of several that a slip swallowed only the newest."""
    found: list[datetime] = []
    rhythm = Rhythm(Every.WEEK, weekdays)
    due = next_due(_local(street, START), time(hour), rhythm).at
    while due <= street.now:
        # One that fell due at the very moment was made before the pause was said.
        if due <= begun or (ends is not None and due >= ends):
            found.append(due.astimezone(UTC))
        due = next_due(_local(street, due), time(hour), rhythm).at
    return found


def _dues(street: Street) -> list[datetime]:
    """The calls made, and those that were told as missed because nobody made them."""
    with street.database.transaction() as session:
        made = {row.due_at for row in session.all(select(check_in.c.due_at))}
        missed = session.all(select(journal.c.detail).where(journal.c.what == "check_in_missed"))
    return sorted(made | {datetime.fromisoformat(row.detail) for row in missed})


def _count(street: Street, what: str) -> int:
    with street.database.transaction() as session:
        return int(session.value(select(func.count()).where(journal.c.what == what)))
