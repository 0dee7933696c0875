"""Whatever people press, in whatever order: every need has an owner and a next step."""

import tempfile
from collections import Counter
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
from sqlalchemy import func, select

from storage.database import Database
from storage.house import House
from storage.needs import (
    NeedCard,
    Statement,
    Work,
    ask_again,
    assign_need,
    cancel_need,
    change_need,
    claim_need,
    close_need_by_staff,
    confirm_done,
    decline_offer,
    deny_done,
    finish_claim,
    release_claim,
    say_arrival,
    set_out,
    show_contact,
    take_back,
    want_helpers,
)
from storage.refusals import Refusal
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import LIVE_CLAIM, UNFINISHED, NeedState
from storage.rules.sending import DEFAULT_QUIET_HOURS
from storage.tables import claim, need
from storage.vault import Vault
from tests.blank import lay_tables
from tests.storage.needs.village import Village

ERRAND_TODAY = Statement(Category.ERRAND, Urgency.U1, "买药")
SAID = st.sampled_from(
    [
        ERRAND_TODAY,
        Statement(Category.ERRAND, Urgency.U2, "买米"),
        Statement(Category.TWO_SUBSIDIES, Urgency.U2, "补贴"),
    ]
)
HELPER = st.integers(0, 2)
# How many versions old the pressed button is.
OLD = st.sampled_from([0, 0, 0, 1])


class NeedsMachine(RuleBasedStateMachine):
    """A village in which everybody presses anything at any time."""

    needs = Bundle("needs")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        vault = Vault(keys={1: bytes(32)}, index_key=bytes(32))
        house = House(zone=ZoneInfo("Asia/Shanghai"), quiet=DEFAULT_QUIET_HOURS, language="zh")
        url = lay_tables(Path(self.folder.name) / "t.sqlite3")
        database = Database(url, vault=vault, house=house)
        self.village = Village(database, datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
        self.village.settle(volunteers=3)

    def teardown(self) -> None:
        self.village.database.close()
        self.folder.cleanup()

    def press(self, step: Callable[..., Any], **facts: Any) -> Any:
        """Do it, or be refused: nothing else may happen."""
        try:
            return self.village.do(step, **facts)
        except Refusal:
            return None

    def version(self, need_id: int, old: int) -> int:
        return self.village.need(need_id).version - old

    @rule(target=needs, said=SAID, by_daughter=st.booleans())
    def state_one(self, said: Statement, by_daughter: bool) -> int:
        village = self.village
        return village.state(said, by=village.daughter if by_daughter else None)

    @rule(target=needs, done=st.booleans())
    def state_and_carry(self, done: bool) -> int:
        """Most of what can go wrong happens after somebody said when they come."""
        need_id = self.village.state(ERRAND_TODAY)
        self.claim(need_id, 0, 0)
        self.carry(need_id, "come", 0)
        if done:
            self.carry(need_id, "done", 0)
        return need_id

    @rule(need_id=needs, helper=HELPER, old=OLD)
    def claim(self, need_id: int, helper: int, old: int) -> None:
        asked = [one for _, one, _ in self.village.offers(need_id)]
        if not asked:
            return
        who = asked[helper % len(asked)]
        from_button = {"need_id": need_id, "version": self.version(need_id, old)}
        with_claim = self.press(claim_need, volunteer_id=who, **from_button)
        if with_claim is not None:
            assert with_claim.claim.volunteer_id == who

    @rule(need_id=needs, helper=HELPER)
    def decline(self, need_id: int, helper: int) -> None:
        who = self.village.volunteers[helper]
        self.press(decline_offer, volunteer_id=who, need_id=need_id)

    @rule(
        need_id=needs,
        act=st.sampled_from(["come", "way", "cannot", "done"]),
        old=OLD,
    )
    def carry(self, need_id: int, act: str, old: int) -> None:
        held = self.village.need(need_id).claim
        if held is None:
            return
        mine = {
            "volunteer_id": held.volunteer_id,
            "claim_id": held.id,
            "version": held.version - old,
        }
        later = self.village.now + timedelta(hours=1)
        steps: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
            "come": (say_arrival, {"arrives_at": later}),
            "way": (set_out, {}),
            "cannot": (release_claim, {}),
            "done": (finish_claim, {"work": Work(30)}),
        }
        step, more = steps[act]
        self.press(step, **mine, **more)

    @rule(need_id=needs, step=st.sampled_from([confirm_done, deny_done, cancel_need]), old=OLD)
    def answer(self, need_id: int, step: Callable[..., Any], old: int) -> None:
        version = self.version(need_id, old)
        self.press(step, actor_id=self.village.resident, need_id=need_id, version=version)

    @rule(need_id=needs, said=SAID)
    def change(self, need_id: int, said: Statement) -> None:
        version = self.version(need_id, 0)
        facts = {"need_id": need_id, "version": version, "said": said}
        self.press(change_need, actor_id=self.village.resident, **facts)

    @rule(need_id=needs, step=st.sampled_from([ask_again, take_back, "assign", "close"]))
    def decide(self, need_id: int, step: Any) -> None:
        facts: dict[str, Any] = {"need_id": need_id, "version": self.version(need_id, 0)}
        if step == "assign":
            step, facts["volunteer_id"] = assign_need, self.village.volunteers[0]
        elif step == "close":
            step, facts["words"] = close_need_by_staff, "好的"
        self.press(step, coordinator_id=self.village.coordinator, **facts)

    @rule(need_id=needs, wanted=st.integers(1, 3))
    def want(self, need_id: int, wanted: int) -> None:
        self.press(want_helpers, actor_id=self.village.resident, need_id=need_id, wanted=wanted)

    @rule(minutes=st.sampled_from([5, 60, 600, 3000]))
    def wait(self, minutes: int) -> None:
        self.village.wait(timedelta(minutes=minutes))

    @rule(need_id=needs, helper=HELPER)
    def look(self, need_id: int, helper: int) -> None:
        """Whom and where is seen only by who has the need, from the time said to the end."""
        card = self.village.need(need_id)
        who = self.village.volunteers[helper]
        for claim_id in self.claims_of(need_id):
            seen = self.press(show_contact, volunteer_id=who, claim_id=claim_id)
            assert (seen is not None) == self.may_look(card, who, claim_id)

    def claims_of(self, need_id: int) -> list[int]:
        with self.village.database.transaction() as session:
            rows = session.all(select(claim.c.id).where(claim.c.need_id == need_id))
        return [row.id for row in rows]

    @staticmethod
    def may_look(card: NeedCard, who: int, claim_id: int) -> bool:
        held = card.claim
        return (
            card.state is NeedState.CLAIMED
            and held is not None
            and (held.id, held.volunteer_id) == (claim_id, who)
            and held.arrives_at is not None
        )

    @invariant()
    def every_need_has_an_owner_and_a_next_step(self) -> None:
        live = claim.c.state.in_(("active", "done"))
        with self.village.database.transaction() as session:
            rows = session.all(select(need))
            claims = {
                row.need_id: (row.people, row.state)
                for row in session.all(
                    select(
                        claim.c.need_id,
                        func.count().label("people"),
                        func.max(claim.c.state).label("state"),
                    )
                    .where(live)
                    .group_by(claim.c.need_id)
                )
            }
        for row in rows:
            state = NeedState(row.state)
            wanted = LIVE_CLAIM.get(state)
            assert claims.get(row.id) == ((1, wanted) if wanted else None)
            assert (row.next_step_at is not None) == (state in UNFINISHED)

    @invariant()
    def nobody_has_two_places_and_no_place_two_helpers(self) -> None:
        live = claim.c.state.in_(("active", "done"))
        root = func.coalesce(need.c.parent_id, need.c.id).label("root")
        with self.village.database.transaction() as session:
            rows = session.all(
                select(root, claim.c.volunteer_id)
                .join(claim, claim.c.need_id == need.c.id)
                .where(live)
            )
            places = Counter(row.root for row in session.all(select(root)))
        held = [(row.root, row.volunteer_id) for row in rows]
        assert len(set(held)) == len(held)
        assert all(n <= places[root] for root, n in Counter(root for root, _ in held).items())

    @invariant()
    def nobody_has_more_tasks_than_they_wanted(self) -> None:
        with self.village.database.transaction() as session:
            counting = select(func.count()).where(claim.c.state == "active")
            most = session.all(counting.group_by(claim.c.volunteer_id))
        assert all(people <= 2 for (people,) in most)


def test_needs_are_never_without_an_owner_or_a_next_step() -> None:
    run_state_machine_as_test(
        NeedsMachine,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
