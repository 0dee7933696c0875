"""Whatever all roles press, in whatever order and at whatever hour: the laws of needs hold.

A new move is one rule of the machine; what must hold of it is one function in ``laws``. A longer
run: ``JIAI_PROOF=500 pytest tests/storage/needs/test_needs_stateful.py``.
"""

import os
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from storage.apart import Ground, keep_apart, let_meet
from storage.categories import Changing, change_rule, get_changed
from storage.confirmations import add_mark
from storage.needs import (
    Statement,
    Work,
    ask_again,
    assign_need,
    cancel_need,
    change_need,
    choose_willing,
    claim_need,
    climb_needs,
    close_need_by_staff,
    confirm_done,
    decline_offer,
    deny_done,
    finish_claim,
    move_needs,
    release_claim,
    say_arrival,
    say_willing,
    set_out,
    show_contact,
    state_need,
    take_back,
    want_helpers,
)
from storage.needs.referral import (
    accept_referral,
    answer_question,
    ask_back,
    confirm_solved,
    decline_referral,
    deny_solved,
    finish_referral,
    refer_need,
    take_back_referral,
)
from storage.needs.verification.laying import Outcome, Way
from storage.needs.verification.verifying import verify_refused, verify_right
from storage.pauses import begin_pause, end_due_pauses, end_pause
from storage.people import get_person
from storage.rules.areas import Category, Urgency
from storage.rules.marks import MarkKind
from storage.rules.pauses import Reason
from storage.rules.referring import DeclineReason
from storage.tables import claim, pause, role
from tests.storage.needs import laws
from tests.storage.needs.ordinary import HAPPENING, ORDINARY
from tests.storage.needs.settled import HELPERS, LIMIT, Settled

EXAMPLES = int(os.environ.get("JIAI_PROOF", "9"))
STEPS = 16 if EXAMPLES <= 100 else 60
QUICK = (Phase.generate,)
ERRAND_TODAY = Statement(Category.ERRAND, Urgency.U1, "买药")
EACH_SORT = (
    Statement(Category.STUDY_HELP, Urgency.U2, "辅导"),
    Statement(Category.TWO_SUBSIDIES, Urgency.U2, "补贴"),
    Statement(Category.GOODS_RELIEF, Urgency.U2, "被子"),
)
SAID = st.sampled_from(
    [ERRAND_TODAY, Statement(Category.ERRAND, Urgency.U2, "买米"), *EACH_SORT],
)
# How far a need gets at one go: claimed, with an hour, done, marked.
CARRIED = ((), ("come",), ("come", "way"), ("come", "done"), ("come", "done", "mark"))
REFERRED = (
    *("refer", "accept", "accept", "decline", "ask", "answer", "finish", "finish"),
    *("solved", "not_solved", "take_back"),
)
HELPER = st.integers(0, HELPERS - 1)
MAY_MISS = 5
SEED = st.integers(0, 2**64)
# How many versions old the pressed button is.
OLD = st.sampled_from([0, 0, 0, 1])
# Through midnight, a weekend, and far enough for a year's end to be passed.
WAITS = st.sampled_from([5, 60, 60, 600, 1440, 3 * 1440, 20 * 1440])


class NeedsMachine(Settled):
    """A village in which everybody presses anything at any time."""

    needs = Bundle("needs")

    @initialize(target=needs, seed=SEED)
    def begin(self, seed: int) -> MultipleResults[int]:
        """A need of each sort is there, and on its way: Hypothesis may leave out any rule."""
        self.stay_apart(0, meet=False)
        self.stay_apart(0, meet=True)
        for back in (False, True):
            self.be_away(back)
        self.answer(self.village.state(ERRAND_TODAY), cancel_need, 0)
        self.answer(self.state_and_carry(("come", "way", "done")), deny_done, 0)
        stated = [self.village.state(one) for one in (*EACH_SORT, ERRAND_TODAY)]
        for need_id in stated:
            self.go_on(need_id, seed + need_id)
        return multiple(*stated)

    @rule(need_id=needs, seed=SEED)
    def go_on(self, need_id: int, seed: int) -> None:
        """What everybody does in the ordinary course: without it most presses are refused."""
        dice = random.Random(seed)  # fair ones: Hypothesis would throw mostly the same
        for one in [dice.randrange(840) for _ in range(6)]:
            state = self.village.need(need_id).state
            if state in ORDINARY:
                steps = ORDINARY[state]
                steps[one % len(steps)](self, need_id, one // len(steps))
                self.the_laws_hold()

    # Residents and those who speak for them.

    @rule(target=needs, said=SAID, by_daughter=st.booleans())
    def state_one(self, said: Statement, by_daughter: bool) -> int:
        village = self.village
        who = village.daughter if by_daughter else village.resident
        facts = {"actor_id": who, "resident_id": village.resident, "said": said}
        made = self.press(state_need, **facts)
        return int(made) if made is not None else village.state(ERRAND_TODAY)

    @rule(target=needs, acts=st.sampled_from(CARRIED))
    def state_and_carry(self, acts: tuple[str, ...]) -> int:
        """Most of what can go wrong happens after somebody said when they come."""
        need_id = self.village.state(ERRAND_TODAY)
        self.claim(need_id, 0, 0)
        for act in acts:
            if act == "mark":
                self.mark(need_id, MarkKind.DOOR_WORDS, by_helper=True)
                self.mark(need_id, MarkKind.RESIDENT, by_helper=False)
            else:
                self.carry(need_id, act, 0)
        return need_id

    @rule(need_id=needs, step=st.sampled_from([confirm_done, deny_done, cancel_need]), old=OLD)
    def answer(self, need_id: int, step: Callable[..., Any], old: int) -> None:
        version = self.version(need_id, old)
        self.press(step, actor_id=self.village.resident, need_id=need_id, version=version)

    @rule(need_id=needs, said=SAID)
    def change(self, need_id: int, said: Statement) -> None:
        facts = {"need_id": need_id, "version": self.version(need_id), "said": said}
        self.press(change_need, actor_id=self.village.resident, **facts)

    @rule(need_id=needs, wanted=st.integers(1, 3))
    def want_more(self, need_id: int, wanted: int) -> None:
        facts = {"need_id": need_id, "wanted": wanted}
        self.press(want_helpers, actor_id=self.village.resident, **facts)

    @rule(back=st.booleans())
    def be_away(self, back: bool) -> None:
        with self.reading() as session:
            live = session.value(select(pause.c.id).where(pause.c.state == "live"))
            actor = get_person(session, person_id=self.village.resident)
        if live is None:
            facts = {"person_id": actor.id, "reason": Reason.HOSPITAL}
            self.press(begin_pause, actor=actor, **facts)
        elif back:
            self.press(end_pause, actor=actor, pause_id=live)

    # Volunteers.

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

    @rule(need_id=needs, helper=HELPER, old=OLD)
    def like_to(self, need_id: int, helper: int, old: int) -> None:
        from_button = {"need_id": need_id, "version": self.version(need_id, old)}
        self.press(say_willing, volunteer_id=self.village.volunteers[helper], **from_button)

    @rule(need_id=needs, helper=HELPER)
    def decline(self, need_id: int, helper: int) -> None:
        self.press(decline_offer, volunteer_id=self.village.volunteers[helper], need_id=need_id)

    @rule(need_id=needs, act=st.sampled_from(["come", "way", "cannot", "done"]), old=OLD)
    def carry(self, need_id: int, act: str, old: int) -> None:
        held = self.village.need(need_id).claim
        if held is None:
            return
        mine = {"volunteer_id": held.volunteer_id, "claim_id": held.id}
        mine["version"] = held.version - old
        later = self.village.now + timedelta(hours=1)
        steps: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
            "come": (say_arrival, {"arrives_at": later}),
            "way": (set_out, {}),
            "cannot": (release_claim, {}),
            "done": (finish_claim, {"work": Work(30)}),
        }
        step, more = steps[act]
        self.press(step, **mine, **more)

    @rule(need_id=needs, helper=HELPER)
    def look(self, need_id: int, helper: int) -> None:
        """Whom and where is seen only by who has the need, from the time said to the end."""
        who = self.village.volunteers[helper]
        with self.reading() as session:
            rows = session.all(select(claim.c.id).where(claim.c.need_id == need_id))
        for (claim_id,) in rows:
            with self.reading() as session:
                may = laws.may_look(session, claim_id=claim_id, volunteer_id=who)
            seen = self.press(show_contact, volunteer_id=who, claim_id=claim_id)
            assert seen is None or may
            assert seen is not None or not may or not self.is_volunteer(who)

    @rule(helper=HELPER)
    def leave_or_come_back(self, helper: int) -> None:
        """A role ends while its holder may be on the way; later they are approved again."""
        who = self.village.volunteers[helper]
        state = "ended" if self.is_volunteer(who) else "approved"
        with self.reading() as session:
            session.change(update(role).where(role.c.person_id == who).values(state=state))

    def is_volunteer(self, person_id: int) -> bool:
        with self.reading() as session:
            return get_person(session, person_id=person_id).is_approved("volunteer")

    # Coordinators and the office.

    @rule(
        need_id=needs,
        step=st.sampled_from([ask_again, take_back, "assign", "choose", "close"]),
        near=st.booleans(),
        helper=HELPER,
    )
    def decide(self, need_id: int, step: Any, near: bool, helper: int) -> None:
        facts: dict[str, Any] = {"need_id": need_id, "version": self.version(need_id)}
        if step == "assign":
            step, facts["volunteer_id"] = assign_need, self.village.volunteers[helper]
        elif step == "choose":
            step, facts["volunteer_id"] = choose_willing, self.village.volunteers[helper]
        elif step == "close":
            step, facts["words"] = close_need_by_staff, "好的"
        self.press(step, coordinator_id=self.near if near else self.village.coordinator, **facts)

    @rule(need_id=needs, kind=st.sampled_from(list(MarkKind)), by_helper=st.booleans())
    def mark(self, need_id: int, kind: MarkKind, by_helper: bool) -> None:
        """Words at the door, or somebody's word that the visit took place; the helper's own too."""
        village = self.village
        with self.reading() as session:
            rows = session.all(select(claim).where(claim.c.need_id == need_id))
        by = {MarkKind.STAFF: village.coordinator, MarkKind.FAMILY: village.daughter}
        for row in rows:
            who = row.volunteer_id if by_helper else by.get(kind, village.resident)
            reason = "phoned" if kind is MarkKind.STAFF else ""
            self.press(add_mark, claim_id=row.id, kind=kind, by=who, reason=reason)

    @rule(
        what=st.sampled_from(["apart", "category", "association"]),
        helper=HELPER,
        on=st.booleans(),
    )
    def rarer(self, what: str, helper: int, on: bool) -> None:
        """What happens to a need from beside it."""
        if what == "apart":
            self.stay_apart(helper, meet=on)
        elif what == "category":
            self.switch_category(on)
        else:
            self.staff_association(there=on)

    def stay_apart(self, helper: int, *, meet: bool) -> None:
        pair = {"one": self.village.resident, "other": self.village.volunteers[helper]}
        step = let_meet if meet else keep_apart
        self.press(step, **pair, ground=Ground.REPORT, by=None)

    def switch_category(self, on: bool) -> None:
        """The office takes no needs of a kind at present, while some of them are open."""
        with self.reading() as session:
            actor = get_person(session, person_id=self.village.coordinator)
            version = get_changed(session, actor=actor, category=Category.STUDY_HELP).version
        facts = {"category": Category.STUDY_HELP, "field": Changing.ACTIVE, "version": version}
        self.press(change_rule, actor=actor, value="yes" if on else "no", **facts)

    def staff_association(self, *, there: bool) -> None:
        """A level on which nobody works any more does not keep a need waiting."""
        state = "approved" if there else "ended"
        with self.reading() as session:
            session.change(update(role).where(role.c.person_id == self.near).values(state=state))

    # Verifying, and the organisations that own what is no volunteer's.

    @rule(need_id=needs, right=st.booleans())
    def verify(self, need_id: int, right: bool) -> None:
        facts: dict[str, Any] = {"need_id": need_id, "version": self.version(need_id)}
        facts |= {"coordinator_id": self.near, "way": Way.PHONE}
        if right:
            self.press(verify_right, **facts)
        else:
            self.press(verify_refused, **facts, outcome=Outcome.NOT_A_NEED, reason="不需要了")

    @rule(need_id=needs, act=st.sampled_from(REFERRED))
    def refer(self, need_id: int, act: str) -> None:
        """An organisation answers, step by step; the resident has the last word."""
        village, card = self.village, self.village.need(need_id)
        if act == "refer":
            facts = {"need_id": need_id, "version": card.version, "organisation_id": self.office}
            self.press(refer_need, coordinator_id=village.coordinator, **facts)
        if card.referral is None:
            return
        of = {"referral_id": card.referral.id, "version": card.referral.version}
        later = village.now + timedelta(days=3)
        steps: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
            "accept": (accept_referral, {"actor_id": self.clerk, "expected_at": later}),
            "decline": (
                decline_referral,
                {"actor_id": self.clerk, "reason": DeclineReason.NO_CAPACITY},
            ),
            "ask": (ask_back, {"actor_id": self.clerk, "question": "卡号是？"}),
            "answer": (answer_question, {"actor_id": village.resident, "answer": "在家里"}),
            "finish": (finish_referral, {"actor_id": self.clerk, "result": "补发了"}),
            "solved": (confirm_solved, {"actor_id": village.resident}),
            "not_solved": (deny_solved, {"actor_id": village.resident}),
            "take_back": (take_back_referral, {"coordinator_id": village.coordinator}),
        }
        if act in steps:
            step, more = steps[act]
            self.press(step, **of, **more)

    # Time.

    @rule(minutes=WAITS)
    def wait(self, minutes: int) -> None:
        """Time passes, and everything that is due moves, as the ticks let it."""
        village = self.village
        village.now += timedelta(minutes=minutes)
        for step in (end_due_pauses, move_needs, climb_needs):
            steps = 0
            while step(village.database, now=village.now):
                steps += 1
                assert steps < 1000
        with self.reading() as session:
            laws.nothing_due_was_passed_over(session, village.now)

    @invariant()
    def the_laws_hold(self) -> None:
        with self.reading() as session:
            laws.live_needs_have_an_owner_and_a_limit(session)
            laws.one_helper_for_each_place(session)
            laws.nobody_has_more_than_they_wanted(session, LIMIT)
            laws.offers_belong_to_a_live_round(session)
            laws.minutes_count_with_two_marks_only(session)
            laws.each_climb_is_journalled(session)


def test_the_laws_of_needs_hold_whatever_anybody_presses() -> None:
    run_state_machine_as_test(
        NeedsMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            # What it finds is long, but found within seconds; a longer run makes it short too.
            phases=(Phase.generate, Phase.shrink) if "JIAI_PROOF" in os.environ else QUICK,
            # The same in each run: what it finds is found before it lands, not by chance after.
            derandomize=EXAMPLES <= 100,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    never = {step.__name__ for step in HAPPENING} - set(NeedsMachine.happened)
    # A short run may pass one or two by; a long one, and a machine that is always refused, not.
    assert len(never) <= (MAY_MISS if EXAMPLES <= 100 else 0), never
