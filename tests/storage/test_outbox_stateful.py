"""Whatever mixture of ends, kills and clock moves: nothing lost silently, two copies at most."""

import shutil
import tempfile
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select
from sqlmodel import SQLModel

from storage.database import Database
from storage.house import House
from storage.outbox import MessageClass
from storage.outbox.leasing import Parcel
from storage.outbox.outcomes import TOLD_TO_DUTY, End, SendResult
from storage.rules.sending import DEFAULT_QUIET_HOURS
from storage.tables import outbox
from storage.vault import Vault
from tests.storage.post import COORDINATOR, RESIDENT, VOLUNTEER, Post

HOUSE = House(zone=ZoneInfo("Asia/Shanghai"), quiet=DEFAULT_QUIET_HOURS, language="zh")
VAULT = Vault(keys={1: bytes(32)}, index_key=bytes(32))
MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
CHATS = (RESIDENT, VOLUNTEER)
# How an attempt may end, and whether the message had arrived.
UNCLEAR_BUT_THERE, UNCLEAR_AND_LOST = (End.UNCLEAR, True), (End.UNCLEAR, False)
ENDS = [
    UNCLEAR_BUT_THERE,
    UNCLEAR_AND_LOST,
    # Again, so that one message meets several: that is where copies come from.
    UNCLEAR_BUT_THERE,
    (End.SENT, True),
    (End.LATER, False),
    (End.REFUSED, False),
    (End.GONE, False),
]
Ends = st.sampled_from(ENDS)


def _template() -> Path:
    path = Path(tempfile.mkdtemp(prefix="jiai-outbox-")) / "template.sqlite3"
    database = Database(f"sqlite:///{path}", vault=VAULT, house=HOUSE)
    SQLModel.metadata.create_all(database.engine)
    database.close()
    return path


class Outbox(RuleBasedStateMachine):
    """Two chats, one coordinator, one worker at a time, and a messenger that notes each copy."""

    template = _template()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="jiai-outbox-"))
        path = self.folder / "outbox.sqlite3"
        shutil.copy(self.template, path)
        database = Database(f"sqlite:///{path}", vault=VAULT, house=HOUSE)
        self.post = Post(database, MORNING)
        self.post.join(RESIDENT, "陈素芬", kind="resident")
        self.post.join(VOLUNTEER, "张强", kind="volunteer")
        self.post.join(COORDINATOR, "王珊", kind="coordinator")
        self.said = 0
        self.workers = 0
        self.on_the_wire: dict[int, list[Parcel]] = defaultdict(list)
        # Key to whether each copy was marked, and the keys of each chat in their order of arrival.
        self.copies: dict[str, list[bool]] = defaultdict(list)
        self.arrived: dict[int, list[str]] = defaultdict(list)

    def teardown(self) -> None:
        self.drain()
        self.post.database.close()
        shutil.rmtree(self.folder)

    @rule(
        chat=st.sampled_from(CHATS),
        kind=st.sampled_from(MessageClass),
        minutes=st.sampled_from([None, None, 30]),
    )
    def say(self, chat: int, kind: MessageClass, minutes: int | None) -> None:
        self.said += 1
        shelf = timedelta(minutes=minutes) if minutes else None
        self.post.say(f"m{self.said:04d}", chat=chat, message_class=kind, shelf=shelf)

    @rule(limit=st.integers(1, 4))
    def take(self, limit: int) -> None:
        self.lease(limit)

    def lease(self, limit: int) -> None:
        for parcel in self.post.lease(limit):
            self.on_the_wire[parcel.chat_id].append(parcel)

    @rule(ends=st.lists(Ends, min_size=1, max_size=4), seconds=st.sampled_from([0, 61]))
    def try_all(self, ends: list[tuple[End, bool]], seconds: int) -> None:
        """Everything that may go is tried, with these ends in turn."""
        for end in ends:
            self.post.real += seconds
            self.lease(4)
            for chat in (*CHATS, COORDINATOR):
                if self.on_the_wire[chat]:
                    self._end(chat, end, wait=5.0)

    @precondition(lambda self: any(self.on_the_wire.values()))
    @rule(data=st.data(), end=Ends, wait=st.sampled_from([0.0, 5.0, 60.0]))
    def end(self, data: st.DataObject, end: tuple[End, bool], wait: float) -> None:
        busy = sorted(chat for chat, parcels in self.on_the_wire.items() if parcels)
        self._end(data.draw(st.sampled_from(busy)), end, wait=wait)

    def _end(self, chat: int, end: tuple[End, bool], *, wait: float) -> None:
        """One attempt ends; after a failure the rest of its chat goes back untouched."""
        parcel, *rest = self.on_the_wire[chat]
        how, arrives = end
        if arrives:
            self._arrive(parcel)
        results = [SendResult(parcel.id, how, wait=wait, message_id=1)]
        if how not in (End.SENT, End.REFUSED):
            results += [SendResult(one.id, End.LATER) for one in rest]
            rest = []
        self.on_the_wire[chat] = rest
        self.post.write(results)

    @rule(arrived=st.booleans())
    def kill(self, arrived: bool) -> None:
        """The process dies with the first message of each chat on the wire; another starts."""
        for parcels in self.on_the_wire.values():
            if parcels and arrived:
                self._arrive(parcels[0])
        self.on_the_wire.clear()
        self.workers += 1
        self.post.owner = f"worker{self.workers}"
        self.post.recover(owner=self.post.owner)

    @rule(minutes=st.sampled_from([1, 31, 600]))
    def pass_time(self, minutes: int) -> None:
        self.post.now += timedelta(minutes=minutes)
        self.post.real += minutes * 60

    @rule(seconds=st.sampled_from([-90, 1, 6]))
    def shift_the_real_clock(self, seconds: int) -> None:
        self.post.real += seconds

    def _arrive(self, parcel: Parcel) -> None:
        self.copies[parcel.key].append(parcel.repeated)
        if parcel.key not in self.arrived[parcel.chat_id]:
            self.arrived[parcel.chat_id].append(parcel.key)

    @invariant()
    def nobody_gets_more_than_two_copies_and_the_second_says_so(self) -> None:
        for key, marks in self.copies.items():
            assert len(marks) <= 2, key
            assert marks[1:] in ([], [True]), key

    @invariant()
    def each_chat_hears_each_class_in_the_order_of_saying(self) -> None:
        with self.post.database.transaction() as session:
            rows = session.all(select(outbox.c.key, outbox.c.id, outbox.c.priority))
        place = {row.key: (row.priority, row.id) for row in rows}
        for keys in self.arrived.values():
            by_class: dict[int, list[int]] = defaultdict(list)
            for key in keys:
                priority, number = place[key]
                by_class[priority].append(number)
            assert all(numbers == sorted(numbers) for numbers in by_class.values())

    def drain(self) -> None:
        """The network is well again: in the end every message has one clear end."""
        self.kill(False)
        for _ in range(200):
            self.post.now += timedelta(hours=1)
            self.post.real += 3600
            parcels = self.post.lease()
            for parcel in parcels:
                self._arrive(parcel)
            self.post.write([SendResult(one.id, End.SENT, message_id=1) for one in parcels])
            if not parcels and "pending" not in self.post.states().values():
                break
        self._account()

    def _account(self) -> None:
        with self.post.database.transaction() as session:
            rows = session.all(select(outbox))
        told = {row.key.split(":")[1] for row in rows if row.key.startswith("undelivered:")}
        spoken_for = {row.chat_id for row in rows if str(row.id) in told}
        for row in rows:
            assert row.state not in ("pending", "sending"), "nothing waits for ever"
            if row.state == "sent":
                assert self.copies[row.key], "what is called sent has arrived"
            elif row.message_class in TOLD_TO_DUTY and row.template != "undelivered":
                by_chat = row.error == "the chat is closed" and row.chat_id in spoken_for
                assert str(row.id) in told or by_chat, (row.key, row.state, row.error)


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
