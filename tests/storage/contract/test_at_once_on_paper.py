"""Two hands at one moment, on either database: one pause holds, one line counts, one call goes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier

from sqlalchemy import func, select

from storage.call_plans import PlanDraft, make_plan
from storage.check_ins import start_check_ins
from storage.communities import seed
from storage.database import Database
from storage.paper import NewResident, make_sheet, register_resident, type_line
from storage.pauses import begin_pause, end_due_pauses, end_pause
from storage.people import Person
from storage.refusals import Refusal
from storage.rules.ladder import Outcome
from storage.rules.pauses import Reason
from storage.tables import check_in, journal, pause, sheet_line
from tests.storage.residents import register

ROUNDS = 5


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Run all at the same moment; "ok" or the key of each refusal."""
    line = Barrier(len(steps))

    def run(step: Callable[[], object]) -> str:
        line.wait()
        try:
            step()
        except Refusal as refusal:
            return refusal.key
        return "ok"

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def cast(database: Database, now: datetime) -> tuple[Person, Person, int]:
    """Two of the office, and a resident with a call at three every day."""
    with database.transaction() as session:
        seed(session, now=now)
        one = register(session, now=now, name="王珊", roles=("coordinator",), chat=1)
        two = register(session, now=now, name="李主任", roles=("coordinator",), chat=2)
        caller = register(session, now=now, name="张强", roles=("volunteer",), chat=3)
        lan = register_resident(session, now=now, actor=one, new=NewResident("陈素芬", 1))
        make_plan(
            session,
            now=now,
            actor_id=one.id,
            resident_id=lan,
            draft=PlanDraft(caller.id, frozenset(range(7)), time(15)),
        )
        return one, two, lan


def test_two_who_pause_the_same_person_leave_one_pause(database: Database, now: datetime) -> None:
    one, two, lan = cast(database, now)
    for number in range(ROUNDS):
        day = date(2026, 11, 27) + timedelta(days=number)

        def begin(actor: Person, last_day: date = day) -> object:
            return database.do(
                begin_pause,
                now=now,
                actor=actor,
                person_id=lan,
                reason=Reason.HOSPITAL,
                last_day=last_day,
            )

        said = at_once(lambda: begin(one), lambda: begin(two))
        assert "ok" in said
        with database.transaction() as session:
            live = session.all(select(pause).where(pause.c.state == "live"))
            assert [row.last_day for row in live] == [day]
            pause_id = live[0].id
        database.do(end_pause, now=now, actor=one, pause_id=pause_id)


def test_its_end_by_hand_and_by_the_clock_plans_anew_once(
    database: Database, now: datetime
) -> None:
    one, _, lan = cast(database, now)
    card = database.do(
        begin_pause,
        now=now,
        actor=one,
        person_id=lan,
        reason=Reason.AWAY,
        last_day=date(2026, 11, 27),
    )
    later = now + timedelta(days=3)
    at_once(
        lambda: database.do(end_pause, now=later, actor=one, pause_id=card.id),
        lambda: end_due_pauses(database, now=later),
    )
    with database.transaction() as session:
        over = select(func.count()).where(journal.c.what == "pause_over")
        assert session.value(over) == 1


def test_a_pause_beside_a_call_that_falls_due_leaves_the_call_or_drops_it(
    database: Database, now: datetime
) -> None:
    one, _, lan = cast(database, now)
    due = now + timedelta(hours=5)
    at_once(
        lambda: database.do(
            begin_pause, now=due, actor=one, person_id=lan, reason=Reason.AWAY, last_day=None
        ),
        lambda: start_check_ins(database, now=due),
    )
    with database.transaction() as session:
        made = session.value(select(func.count()).select_from(check_in))
        dropped = session.value(select(func.count()).where(journal.c.what == "check_in_dropped"))
    assert made + dropped == 1


def test_two_who_type_the_same_sheet_keep_each_line_once(database: Database, now: datetime) -> None:
    one, two, _ = cast(database, now)
    for _ in range(ROUNDS):
        database.do(make_sheet, now=now, actor=one, first_day=date(2026, 11, 23), community_id=1)
        with database.transaction() as session:
            line = session.value(select(func.max(sheet_line.c.id)))

        def type_in(actor: Person, line_id: int = line) -> object:
            return database.do(
                type_line, now=now, actor=actor, line_id=line_id, outcome=Outcome.SPOKE_FINE
            )

        assert sorted(at_once(lambda: type_in(one), lambda: type_in(two))) == ["line_typed", "ok"]
