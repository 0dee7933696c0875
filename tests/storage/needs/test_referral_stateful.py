"""Whatever residents, organisations, the desk and time do: each need has exactly one owner."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from storage.database import Database
from storage.house import House
from storage.needs import Statement, cancel_need, close_need_by_staff
from storage.needs.referral import (
    accept_referral,
    answer_question,
    ask_back,
    confirm_solved,
    decline_referral,
    deny_solved,
    finish_referral,
    refer_need,
    show_referred_contact,
    take_back_referral,
)
from storage.needs.verification.laying import Outcome, Way
from storage.needs.verification.verifying import object_to, verify_refused, verify_right
from storage.refusals import Refusal
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import UNFINISHED, NeedState
from storage.rules.referring import DeclineReason, ReferralState
from storage.rules.sending import DEFAULT_QUIET_HOURS
from storage.tables import need, organisation, referral
from storage.vault import Vault
from tests.blank import lay_tables
from tests.storage.needs.hall import AFFAIRS, OFFICE, RAMP, SUBSIDY, Hall, organisation_id
from tests.storage.town import a_town

SAID = st.sampled_from([RAMP, SUBSIDY, Statement(Category.JOB_SEEK, Urgency.U1, "想找活做")])
STAFF = st.sampled_from(["王珊", "孙丽", "钱进", "周科长", "吴干事", "陈素芬", "周小兰"])
# How many versions old the pressed button is.
OLD = st.sampled_from([0, 0, 0, 1])


class ReferralMachine(RuleBasedStateMachine):
    """A town in which everybody presses anything at any time, also what is not theirs."""

    needs = Bundle("needs")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        vault = Vault(keys={1: bytes(32)}, index_key=bytes(32))
        house = House(zone=ZoneInfo("Asia/Shanghai"), quiet=DEFAULT_QUIET_HOURS, language="zh")
        url = lay_tables(Path(self.folder.name) / "t.sqlite3")
        database = Database(url, vault=vault, house=house)
        self.hall = Hall(a_town(database, datetime(2026, 11, 25, 2, 0, tzinfo=UTC)))
        self.hall.hire("周科长", at=AFFAIRS, chat=21)
        self.hall.hire("吴干事", at=AFFAIRS, chat=22)
        self.hall.add_service(OFFICE, "two_subsidies", provider="dpf")

    def teardown(self) -> None:
        self.hall.town.database.close()
        self.folder.cleanup()

    def press(self, step: Callable[..., Any], **facts: Any) -> Any:
        """Do it, or be refused: nothing else may happen."""
        try:
            return self.hall.do(step, **facts)
        except Refusal:
            return None

    @rule(target=needs, said=SAID, by=st.sampled_from(["陈素芬", "周小兰"]))
    def state_one(self, said: Statement, by: str) -> int:
        return self.hall.state(said, by=by)

    @rule(need_id=needs, by=STAFF, no=st.booleans(), old=OLD)
    def verify(self, need_id: int, by: str, no: bool, old: int) -> None:
        known = {
            "coordinator_id": self.hall.id(by),
            "need_id": need_id,
            "version": self.hall.need(need_id).version - old,
            "way": Way.PHONE,
        }
        if no:
            self.press(verify_refused, **known, outcome=Outcome.NOT_A_NEED, reason="不用办")
        else:
            self.press(verify_right, **known)

    @rule(
        need_id=needs,
        by=STAFF,
        act=st.sampled_from(["accept", "decline", "ask", "answer", "done", "yes", "no", "see"]),
        old=OLD,
    )
    def answer(self, need_id: int, by: str, act: str, old: int) -> None:
        had = self.hall.need(need_id).referral
        if had is None:
            return
        known: dict[str, Any] = {"actor_id": self.hall.id(by), "referral_id": had.id}
        if act == "see":
            seen = self.press(show_referred_contact, **known)
            assert seen is None or had.state is ReferralState.ACCEPTED
            return
        later = self.hall.town.now + timedelta(days=3)
        steps: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
            "accept": (accept_referral, {"expected_at": later}),
            "decline": (decline_referral, {"reason": DeclineReason.OTHER}),
            "ask": (ask_back, {"question": "几口人？", "of_desk": old > 0}),
            "answer": (answer_question, {"answer": "三口"}),
            "done": (finish_referral, {"result": "办了"}),
            "yes": (confirm_solved, {}),
            "no": (deny_solved, {}),
        }
        step, facts = steps[act]
        self.press(step, **known, version=had.version - old, **facts)

    @rule(need_id=needs, by=STAFF, to=st.sampled_from([AFFAIRS, OFFICE]))
    def refer(self, need_id: int, by: str, to: str) -> None:
        with self.hall.town.database.transaction() as session:
            there = organisation_id(session, to)
        self.press(
            refer_need,
            coordinator_id=self.hall.id(by),
            need_id=need_id,
            version=self.hall.need(need_id).version,
            organisation_id=there,
        )

    @rule(need_id=needs, by=STAFF, act=st.sampled_from(["cancel", "close", "back", "object"]))
    def end(self, need_id: int, by: str, act: str) -> None:
        card = self.hall.need(need_id)
        mine = {"need_id": need_id, "version": card.version}
        if act == "cancel":
            self.press(cancel_need, actor_id=self.hall.id(by), **mine)
        elif act == "object":
            self.press(object_to, actor_id=self.hall.id(by), **mine)
        elif act == "close":
            self.press(close_need_by_staff, coordinator_id=self.hall.id(by), **mine, words="好")
        elif card.referral is not None:
            had = {"referral_id": card.referral.id, "version": card.referral.version}
            self.press(take_back_referral, coordinator_id=self.hall.id(by), **had)

    @rule(days=st.sampled_from([1, 4]), active=st.booleans())
    def wait(self, days: int, active: bool) -> None:
        """Time passes; now and then a department is closed, and opened again."""
        with self.hall.town.database.transaction() as session:
            session.change(
                update(organisation).where(organisation.c.name == AFFAIRS).values(active=active)
            )
        self.hall.wait(days=days)

    @invariant()
    def a_referred_need_has_one_live_referral_and_no_other_need_has_any(self) -> None:
        with self.hall.town.database.transaction() as session:
            rows = session.all(select(need))
            live = session.all(select(referral.c.need_id).where(referral.c.ended_at.is_(None)))
        with_referral = [row.need_id for row in live]
        assert len(with_referral) == len(set(with_referral))
        for row in rows:
            state = NeedState(row.state)
            assert (row.id in with_referral) == (state is NeedState.REFERRED)
            assert (row.next_step_at is not None) == (state in UNFINISHED)
            assert (row.due_at is not None) == (state in UNFINISHED)


def test_a_referred_need_is_never_without_an_owner_or_a_next_step() -> None:
    run_state_machine_as_test(
        ReferralMachine,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
