"""A small street for tests of calls, alarms and days: a known cast, time that moves, and post."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from messages.render import LANGUAGES, Wording
from storage.alarms import next_alarm_at, ring_alarms
from storage.call_plans import CallPlan, PlanDraft, make_plan, next_button_at, offer_buttons
from storage.check_ins import (
    Answered,
    Held,
    answer_check_in,
    climb_ladder,
    next_call_at,
    next_rung_at,
    start_check_ins,
    take_check_in,
)
from storage.database import Database, Session
from storage.outbox.leasing import Parcel, lease
from storage.outbox.outcomes import End, SendResult, record
from storage.people import set_address
from storage.rules.ladder import Outcome
from storage.rules.tiers import Tier
from storage.tables import (
    chat,
    check_in,
    check_in_plan,
    household,
    household_member,
    journal,
    outbox,
    pair,
    pause,
    role,
)
from tests.storage.residents import register

P = ParamSpec("P")
R = TypeVar("R")
EVERY_DAY = frozenset(range(7))
WORDS = "电话问候中说需要帮助。"
_WORDING = Wording(zone="Asia/Shanghai")


@dataclass
class Street:
    """Two on duty, a resident living alone, a caller, a stand-in, and somebody uninvolved."""

    database: Database
    now: datetime
    people: dict[str, int] = field(default_factory=dict)
    got: dict[str, list[Parcel]] = field(default_factory=dict)
    rewritten: dict[str, list[Parcel]] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)
    _message: int = 1000

    def settle(self) -> None:
        """Register everybody."""
        self.join("wang", "coordinator")
        self.join("chen", "coordinator")
        self.join("lan", "resident", phone="+8613900139000", address="桂花小区 3 栋 501")
        self.join("zhang", "volunteer")
        self.join("liu", "volunteer")
        self.join("other", "volunteer")

    def join(
        self,
        name: str,
        *roles: str,
        phone: str | None = None,
        address: str | None = None,
        in_chat: bool = True,
    ) -> int:
        """Register somebody under a name that the test knows."""
        with self.database.transaction() as session:
            number = 100 + len(self.people)
            who = register(
                session,
                now=self.now,
                name=name,
                roles=roles,
                chat=number if in_chat else None,
                phone=phone,
            )
            if address is not None:
                set_address(session, person_id=who.id, address=address)
            self.people[name] = who.id
            return who.id

    def chat_of(self, name: str) -> int:
        """The chat of somebody."""
        return 99 + list(self.people).index(name) + 1

    def do(self, act: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a use case now."""
        return self.database.do(act, *args, **kwargs)

    def plan(self, **changes: Any) -> CallPlan:
        """Plan a daily call to lan at three in the afternoon, with liu as the stand-in."""
        values: dict[str, Any] = {
            "caller_id": self.people["zhang"],
            "weekdays": EVERY_DAY,
            "clock": time(15),
            "stand_in_id": self.people["liu"],
        }
        return self.do(
            make_plan,
            now=self.now,
            actor_id=self.people["wang"],
            resident_id=self.people["lan"],
            draft=PlanDraft(**(values | changes)),
        )

    def contact_agrees(self, name: str | None = None) -> None:
        """The emergency contact of the plan said yes; ``name``: who they are in the chat."""
        with self.database.transaction() as session:
            session.change(
                update(check_in_plan).values(
                    contact_id=self.people[name] if name else None,
                    contact_answer="agreed",
                    contact_agreed_at=self.now,
                    contact_agreed_as="own",
                )
            )

    def contact_withdraws(self) -> None:
        """The emergency contact takes their yes back."""
        values = {"contact_agreed_at": None, "contact_agreed_as": None}
        with self.database.transaction() as session:
            session.change(update(check_in_plan).values(contact_answer="withdrawn", **values))

    def leave_chat(self, name: str) -> None:
        """Somebody's chat can no longer be written to, and that is known."""
        with self.database.transaction() as session:
            there = chat.c.id == self.chat_of(name)
            session.change(update(chat).where(there).values(reachable=False))

    def set_tier(self, tier: Tier) -> None:
        """Every plan is of this tier from now on."""
        with self.database.transaction() as session:
            session.change(update(check_in_plan).values(tier=tier.value))

    def pair(self, name: str) -> None:
        """Somebody is lan's paired neighbour; both said yes."""
        lan, helper, wang = (self.people[one] for one in ("lan", name, "wang"))
        with self.database.transaction() as session:
            home = session.value(
                select(household_member.c.household_id).where(household_member.c.person_id == lan)
            ) or session.add(insert(household).values(created_at=self.now))
            session.execute(delete(household_member).where(household_member.c.person_id == lan))
            session.execute(
                insert(household_member).values(person_id=lan, household_id=home, since=self.now)
            )
            session.execute(
                insert(pair).values(
                    uid=f"{helper:032}",
                    kind="neighbour",
                    household_id=home,
                    resident_id=lan,
                    helper_id=helper,
                    state="active",
                    resident_yes_at=self.now,
                    resident_yes_by=lan,
                    resident_ground="self",
                    helper_yes_at=self.now,
                    helper_yes_by=helper,
                    helper_ground="self",
                    agreed_at=self.now,
                    due_at=self.now + timedelta(days=90),
                    sign_at=self.now,
                    keeper_id=wang,
                    made_by=wang,
                    created_at=self.now,
                )
            )

    def unpair(self, name: str) -> None:
        """The pair with this neighbour is over."""
        with self.database.transaction() as session:
            session.change(
                update(pair)
                .where(pair.c.helper_id == self.people[name], pair.c.state == "active")
                .values(state="ended", due_at=None, ended_at=self.now, ended_reason="helper_ended")
            )

    def go_away(self, name: str) -> None:
        """Somebody is away for a week."""
        values = {
            "person_id": self.people[name],
            "reason": "away",
            "starts_at": self.now,
            "due_at": self.now + timedelta(days=7),
            "made_by": self.people["wang"],
        }
        with suppress(IntegrityError), self.database.transaction() as session:
            session.execute(insert(pause).values(values))

    def answer(self, name: str, outcome: Outcome, check_in_id: int = 1) -> Answered:
        """Somebody reports."""
        return self.do(
            answer_check_in,
            now=self.now,
            actor_id=self.people[name],
            check_in_id=check_in_id,
            outcome=outcome,
            words=WORDS,
        )

    def take(self, name: str, check_in_id: int = 1) -> Held:
        """Somebody says "I take it"."""
        who = self.people[name]
        return self.do(take_check_in, now=self.now, actor_id=who, check_in_id=check_in_id)

    def tick(self) -> None:
        """Let everything that is due move."""
        for step in (ring_alarms, climb_ladder, offer_buttons, start_check_ins, climb_ladder):
            while step(self.database, now=self.now):
                pass

    def forward(self, **delta: float) -> None:
        """Move the clock through every due time, with the post going out in between."""
        end = self.now + timedelta(**delta)
        while True:
            self.tick()
            self.deliver()
            due = self.next_due()
            if due is None or due > end:
                break
            self.now = max(self.now, due)
        self.now = end

    def sleep_until(self, moment: datetime) -> None:
        """An outage: nothing moves until then."""
        self.now = moment

    def next_due(self) -> datetime | None:
        """When the next thing falls due."""
        with self.database.transaction() as session:
            asks = (next_alarm_at, next_rung_at, next_button_at, next_call_at)
            moments = [ask(session) for ask in asks]
        return min((one for one in moments if one is not None), default=None)

    def deliver(self, most: int | None = None) -> list[Parcel]:
        """Send what may go, worded in every language so that no fact is missing.

        ``most``: no more than so many, as the pace of the messenger allows.
        """
        delivered: list[Parcel] = []
        while True:
            left = 100 if most is None else most - len(delivered)
            with self.database.transaction() as session:
                parcels = lease(session, owner="test", limit=left, now=self.now, real=0.0)
                results = [self._send(parcel) for parcel in parcels]
                record(session, owner="test", results=results, now=self.now, real=0.0)
            if not parcels:
                return delivered
            delivered += parcels

    def _send(self, parcel: Parcel) -> SendResult:
        names = {self.chat_of(name): name for name in self.people}
        name = names.get(parcel.chat_id, str(parcel.chat_id))
        for language in LANGUAGES:
            assert _WORDING.text(parcel.template, language=language, facts=parcel.facts)
            for line in parcel.buttons:
                for one in line:
                    assert _WORDING.label(one.label, language=language, facts=one.facts)
        if name in self.unreachable:
            return SendResult(parcel.id, End.GONE, error="blocked")
        # An older message that only loses its number is none that somebody hears.
        kept = self.rewritten if parcel.template == "check_in_number_hidden" else self.got
        kept.setdefault(name, []).append(parcel)
        self._message += 1
        return SendResult(parcel.id, End.SENT, message_id=self._message)

    def heard(self, name: str) -> list[str]:
        """The templates that reached somebody, oldest first."""
        return [parcel.template for parcel in self.got.get(name, [])]

    def last(self, name: str) -> Parcel:
        """The newest message somebody got."""
        return self.got[name][-1]

    def case(self, check_in_id: int = 1) -> Any:
        """The row of a check-in."""
        with self.database.transaction() as session:
            return session.find(select(check_in).where(check_in.c.id == check_in_id))

    def count(self, what: str) -> int:
        """How often something stands in the journal."""
        with self.database.transaction() as session:
            return int(
                session.value(
                    select(func.count()).select_from(journal).where(journal.c.what == what)
                )
            )

    def end_role(self, name: str, kind: str) -> None:
        """Somebody loses a role."""
        with self.database.transaction() as session:
            session.change(
                update(role)
                .where(role.c.person_id == self.people[name], role.c.kind == kind)
                .values(state="ended")
            )

    def share_chat(self, name: str) -> None:
        """Several people use this chat."""
        with self.database.transaction() as session:
            session.change(update(chat).where(chat.c.id == self.chat_of(name)).values(shared=True))

    def pending(self) -> list[str]:
        """What waits in the outbox."""
        with self.database.transaction() as session:
            rows = session.all(select(outbox.c.template).where(outbox.c.state == "pending"))
            return [row.template for row in rows]
