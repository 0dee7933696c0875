"""The ordinary course of a need: by its state what everybody does next."""

from collections.abc import Callable
from typing import Any

from storage.apart import keep_apart, let_meet
from storage.categories import change_rule
from storage.confirmations import add_mark
from storage.needs import (
    ask_again,
    assign_need,
    cancel_need,
    change_need,
    choose_willing,
    claim_need,
    close_need_by_staff,
    confirm_done,
    decline_offer,
    deny_done,
    finish_claim,
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
from storage.needs.verification.verifying import verify_refused, verify_right
from storage.pauses import begin_pause, end_pause
from storage.rules.lifecycle import NeedState
from storage.rules.marks import MarkKind
from storage.rules.referring import ReferralState
from tests.storage.needs.settled import HELPERS

ANSWERS = {
    ReferralState.OFFERED: ("accept", "ask", "decline", "accept"),
    ReferralState.ASKED_BACK: ("answer",),
    ReferralState.ACCEPTED: ("finish", "take_back", "finish"),
    ReferralState.DONE: ("solved", "not_solved"),
}
# Each of these must have happened, or the laws were held against nothing.
HAPPENING = (
    *(add_mark, ask_again, assign_need, begin_pause, cancel_need, change_need, change_rule),
    *(choose_willing, claim_need, close_need_by_staff, confirm_done, decline_offer, deny_done),
    *(end_pause, finish_claim, keep_apart, let_meet, release_claim, say_arrival, say_willing),
    *(set_out, show_contact, state_need, take_back, verify_refused, verify_right, want_helpers),
    *(accept_referral, answer_question, ask_back, confirm_solved, decline_referral),
    *(deny_solved, finish_referral, refer_need, take_back_referral),
)


def look_by_holder(machine: Any, need_id: int, _: int) -> None:
    held = machine.village.need(need_id).claim
    assert held is not None
    machine.look(need_id, machine.village.volunteers.index(held.volunteer_id))


def choose(machine: Any, need_id: int, dice: int) -> None:
    """Somebody would like to go, and a coordinator chooses among those who would."""
    machine.like_to(need_id, dice % HELPERS, 0)
    said = [who for _, who, state in machine.village.offers(need_id) if state == "willing"]
    for who in said[:1]:
        machine.decide(need_id, "choose", True, machine.village.volunteers.index(who))


def assign(machine: Any, need_id: int, dice: int) -> None:
    machine.decide(need_id, "assign", dice % 2 == 0, dice % HELPERS)


def answer_referral(machine: Any, need_id: int, dice: int) -> None:
    card = machine.village.need(need_id).referral
    assert card is not None
    fitting = ANSWERS[card.state]
    machine.refer(need_id, fitting[dice % len(fitting)])


# By the state of a need, what comes next; each takes the need and what was thrown.
ORDINARY: dict[NeedState, tuple[Callable[[Any, int, int], None], ...]] = {
    NeedState.OPEN: (
        lambda machine, need_id, dice: machine.claim(need_id, dice, 0),
        choose,
        lambda machine, need_id, dice: machine.claim(need_id, dice, 0),
        choose,
        assign,
        lambda machine, need_id, dice: machine.decline(need_id, dice % HELPERS),
    ),
    NeedState.UNCLAIMED: (
        lambda machine, need_id, _: machine.decide(need_id, "close", True, 0),
        lambda machine, need_id, dice: machine.claim(need_id, dice, 0),
        assign,
        lambda machine, need_id, dice: machine.claim(need_id, dice, 0),
        assign,
        lambda machine, need_id, _: machine.refer(need_id, "refer"),
    ),
    NeedState.CLAIMED: (
        lambda machine, need_id, _: machine.carry(need_id, "come", 0),
        look_by_holder,
        lambda machine, need_id, _: machine.carry(need_id, "way", 0),
        *[lambda machine, need_id, _: machine.carry(need_id, "done", 0)] * 4,
        lambda machine, need_id, _: machine.carry(need_id, "cannot", 0),
        lambda machine, need_id, _: machine.decide(need_id, take_back, True, 0),
        lambda machine, need_id, _: machine.decide(need_id, ask_again, True, 0),
    ),
    NeedState.DONE: (
        *[lambda machine, need_id, _: machine.answer(need_id, confirm_done, 0)] * 3,
        lambda machine, need_id, _: machine.mark(need_id, MarkKind.DOOR_WORDS, True),
        lambda machine, need_id, _: machine.answer(need_id, deny_done, 0),
        look_by_holder,
    ),
    NeedState.VERIFYING: (
        lambda machine, need_id, _: machine.verify(need_id, True),
        lambda machine, need_id, _: machine.verify(need_id, False),
    ),
    NeedState.REFERRED: (answer_referral,),
}
