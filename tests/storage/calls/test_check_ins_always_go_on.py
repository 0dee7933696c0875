"""Whatever people do, an open check-in has one next step with an owner and a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from storage.check_ins import answer_for_oneself, take_check_in
from storage.database import Database
from storage.duty import list_duty
from storage.house import House
from storage.refusals import Refusal
from storage.rules.ladder import CALLER_OUTCOMES, POSITIVE, Outcome
from storage.rules.sending import DEFAULT_QUIET_HOURS
from storage.tables import check_in, need
from storage.vault import Vault
from tests.blank import lay_tables
from tests.storage.calls.street import WORDS, Street

LONGEST_STEP = timedelta(hours=2, minutes=10)
ENDINGS = {outcome.value for outcome in POSITIVE} | {Outcome.NEEDS_HELP.value}


@contextmanager
def fresh_database() -> Iterator[Database]:
    """A database for one run of the machine."""
    with TemporaryDirectory() as folder:
        made = Database(
            lay_tables(Path(folder) / "test.sqlite3"),
            vault=Vault(keys={1: bytes(32)}, index_key=bytes(32)),
            house=House(zone=ZoneInfo("Asia/Shanghai"), quiet=DEFAULT_QUIET_HOURS, language="zh"),
        )
        try:
            yield made
        finally:
            made.close()


class OpenCheckIns(RuleBasedStateMachine):
    """People report, take, leave, block the bot; the clock moves, and now and then it sleeps."""

    @initialize(second=st.booleans(), contact=st.booleans())
    def settle(self, second: bool, contact: bool) -> None:
        self.opened = fresh_database()
        self.street = Street(self.opened.__enter__(), datetime(2026, 11, 25, 6, 50, tzinfo=UTC))
        self.street.settle()
        self.street.plan(
            stand_in_id=self.street.people["liu"] if second else None,
            contact_name="李梅" if contact else None,
            contact_phone="+8613800138000" if contact else None,
        )
        self.street.forward(minutes=11)

    @rule(minutes=st.sampled_from((1, 5, 31, 46, 61, 125)))
    def time_passes(self, minutes: int) -> None:
        self.street.forward(minutes=minutes)

    @rule(hours=st.sampled_from((1, 4, 30)))
    def the_house_is_down(self, hours: int) -> None:
        self.street.sleep_until(self.street.now + timedelta(hours=hours))
        self.street.tick()

    @rule(
        name=st.sampled_from(("zhang", "liu", "wang", "other")),
        outcome=st.sampled_from((*CALLER_OUTCOMES, Outcome.SEEN)),
        number=st.integers(1, 3),
    )
    def somebody_reports(self, name: str, outcome: Outcome, number: int) -> None:
        self._try(lambda: self.street.answer(name, outcome, number))

    @rule(name=st.sampled_from(("liu", "wang", "chen")), minutes=st.sampled_from((30, 60, 120)))
    def somebody_takes_it(self, name: str, minutes: int) -> None:
        actor = self.street.people[name]
        now = self.street.now
        self._try(
            lambda: self.street.do(
                take_check_in, now=now, actor_id=actor, check_in_id=1, minutes=minutes
            )
        )

    @rule(is_well=st.booleans())
    def the_resident_answers(self, is_well: bool) -> None:
        self._try(
            lambda: self.street.do(
                answer_for_oneself,
                now=self.street.now,
                person_id=self.street.people["lan"],
                check_in_id=1,
                is_well=is_well,
                words=WORDS,
            )
        )

    @rule(name=st.sampled_from(("zhang", "liu", "wang")))
    def somebody_blocks_the_bot(self, name: str) -> None:
        self.street.unreachable.add(name)

    @rule(name=st.sampled_from(("zhang", "liu")))
    def somebody_is_removed(self, name: str) -> None:
        self.street.end_role(name, "volunteer")

    def _try(self, act: object) -> None:
        try:
            assert callable(act)
            act()
        except Refusal:
            pass

    @invariant()
    def each_open_one_has_one_next_step_with_an_owner_and_a_time(self) -> None:
        if not hasattr(self, "street"):
            return
        self.street.tick()
        with self.street.database.transaction() as session:
            rows = session.all(select(check_in))
            duty = list_duty(session, now=self.street.now, about=None)
            needs = {row.check_in_id for row in session.all(select(need))}
        for row in rows:
            if row.state == "closed":
                assert row.ending in ENDINGS
                assert row.next_step_at is None
                assert row.ending != "needs_help" or row.id in needs
                continue
            assert row.next_step_at is not None
            wait = row.next_step_at - self.street.now
            quiet = self.street.database.house.quiet.length
            assert wait <= (quiet if row.last_outcome == "missed" else LONGEST_STEP)
            owner = row.holder_id or (row.caller_id if row.rung < 3 else duty or "the plan")
            assert owner
            assert (row.holder_id is None) or row.held_until == row.next_step_at

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.opened.__exit__(None, None, None)


OpenCheckIns.TestCase.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, derandomize=True
)
TestOpenCheckIns = OpenCheckIns.TestCase
