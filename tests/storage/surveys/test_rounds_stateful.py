"""A round in whatever order: figures add up, nobody is pestered, nothing handed in is lost."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from storage.database import Database
from storage.house import House
from storage.refusals import Refusal, TooLate
from storage.rules.sending import DEFAULT_QUIET_HOURS
from storage.rules.surveys import Channel
from storage.surveys import RoundClosed, close_round, extend_round, note_not_reached, refuse_round
from storage.surveys.rows import open_sealed
from storage.tables import outbox, survey_answer
from storage.vault import Vault
from tests.blank import lay_tables
from tests.storage.surveys.rounds import answer, begin, look, profile, run_until, sheet_of
from tests.storage.town import CHEN, ZHOU, Town, a_town

REMINDERS = 1
PEOPLE = st.sampled_from(["陈素芬", "罗德明", "周小兰"])
CHATS = {"陈素芬": CHEN, "周小兰": ZHOU}


class RoundMachine(RuleBasedStateMachine):
    """One round, its three people, and the office."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        database = Database(
            lay_tables(Path(self.folder.name) / "round.sqlite3"),
            vault=Vault(keys={1: bytes(32)}, index_key=bytes(32)),
            house=House(zone=ZoneInfo("Asia/Shanghai"), quiet=DEFAULT_QUIET_HOURS, language="zh"),
        )
        self.town: Town = a_town(database, datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
        self.round_id = begin(self.town, reminders=REMINDERS)
        self.handed_in = dict.fromkeys(("陈素芬", "罗德明", "周小兰"), 0)
        self.sizes: dict[str, int] = {}
        self.silenced: dict[str, int] = {}

    @rule(who=PEOPLE, size=st.integers(1, 9), own=st.booleans())
    def hand_in(self, who: str, size: int, own: bool) -> None:
        hand = who if own and who in CHATS else "王珊"
        channel = Channel.CHAT if hand == who else Channel.PHONE
        try:
            answer(self.town, hand, who, channel=channel, household_size=size)
        except RoundClosed:
            return
        self.handed_in[who] += 1
        self.sizes[who] = size
        self.silenced.setdefault(who, self.asked(who))

    @rule(who=PEOPLE, missed=st.booleans())
    def say_no_or_miss(self, who: str, missed: bool) -> None:
        order = note_not_reached if missed else refuse_round
        try:
            self.town.database.do(
                order,
                now=self.town.now,
                actor=self.town["王珊"],
                answer_id=sheet_of(self.town, who),
                channel=Channel.VISIT,
            )
        except TooLate:
            return
        if not missed:
            self.silenced.setdefault(who, self.asked(who))

    @rule(days=st.integers(1, 6))
    def wait(self, days: int) -> None:
        run_until(self.town, days=days)

    @rule(days=st.integers(1, 20))
    def extend(self, days: int) -> None:
        one = look(self.town, self.round_id)
        self.town.database.do(
            extend_round,
            now=self.town.now,
            actor=self.town["王珊"],
            round_id=self.round_id,
            version=one.version,
            closes_at=self.town.now + timedelta(days=days),
        )

    @precondition(lambda self: look(self.town, self.round_id).state == "open")
    @rule()
    def close(self) -> None:
        one = look(self.town, self.round_id)
        try:
            self.town.database.do(
                close_round,
                now=self.town.now,
                actor=self.town["王珊"],
                round_id=self.round_id,
                version=one.version,
            )
        except Refusal as refusal:  # pragma: no cover
            raise AssertionError("an open round can be closed") from refusal

    def asked(self, who: str) -> int:
        with self.town.database.transaction() as session:
            rows = session.all(
                select(outbox.c.id).where(
                    outbox.c.chat_id == CHATS.get(who, 0), outbox.c.template == "survey_ask"
                )
            )
        return len(rows)

    @invariant()
    def figures_add_up(self) -> None:
        one = look(self.town, self.round_id)
        assert one.coverage.people == sum(place.coverage.people for place in one.places) == 3
        assert one.coverage.outstanding >= 0
        assert one.coverage.answered == sum(times > 0 for times in self.handed_in.values())

    @invariant()
    def nobody_is_pestered(self) -> None:
        for who in CHATS:
            assert self.asked(who) <= 1 + REMINDERS
            if who in self.silenced:
                assert self.asked(who) == self.silenced[who]

    @invariant()
    def nothing_is_lost(self) -> None:
        with self.town.database.transaction() as session:
            rows = {row.person_id: row for row in session.all(select(survey_answer))}
            kept = {
                who: len(open_sealed(session, rows[self.town.people[who]], "answers") or [])
                for who in self.handed_in
            }
        assert kept == self.handed_in
        for who, size in self.sizes.items():
            assert profile(self.town, who)["household_size"] == size

    def teardown(self) -> None:
        self.town.database.close()
        self.folder.cleanup()


TestRounds = RoundMachine.TestCase
TestRounds.settings = settings(
    max_examples=6,
    stateful_step_count=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
