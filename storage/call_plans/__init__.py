"""Call plans: whom to greet, who does, how, when, and who is behind the caller."""

from storage.call_plans.changes import LifeChange, take_back_change, tell_change
from storage.call_plans.choosing import Candidate, search_callers, search_residents
from storage.call_plans.contacts import answer_as_contact, contact_buttons
from storage.call_plans.festivals import (
    find_festival,
    next_festival,
    next_proposal_at,
    propose_festivals,
)
from storage.call_plans.known import list_contacts, may_phone, suggest_plan_tier
from storage.call_plans.lapsing import lapse_asks, next_lapse_at
from storage.call_plans.making import change_plan, end_plan, make_plan, refuse_plan
from storage.call_plans.own import move_calls, next_button_at, offer_buttons, switch_button
from storage.call_plans.plans import (
    PAGE,
    CallPlan,
    PlanDraft,
    find_plan,
    get_draft,
    list_own_plans,
    list_plans,
    plan_lines,
    when_facts,
)
from storage.call_plans.rounds import (
    CallRound,
    count_round,
    declare_round,
    end_round,
    list_places,
    list_rounds,
    next_round_step_at,
    step_rounds,
)
from storage.call_plans.skipping import Fine, call_after_all, list_skips, say_fine, skip_call
from storage.call_plans.stand_ins import answer_as_stand_in, ask_stand_ins

__all__ = [
    "PAGE",
    "CallPlan",
    "CallRound",
    "Candidate",
    "Fine",
    "LifeChange",
    "PlanDraft",
    "answer_as_contact",
    "answer_as_stand_in",
    "ask_stand_ins",
    "call_after_all",
    "change_plan",
    "contact_buttons",
    "count_round",
    "declare_round",
    "end_plan",
    "end_round",
    "find_festival",
    "find_plan",
    "get_draft",
    "lapse_asks",
    "list_contacts",
    "list_own_plans",
    "list_places",
    "list_plans",
    "list_rounds",
    "list_skips",
    "make_plan",
    "may_phone",
    "move_calls",
    "next_button_at",
    "next_festival",
    "next_lapse_at",
    "next_proposal_at",
    "next_round_step_at",
    "offer_buttons",
    "plan_lines",
    "propose_festivals",
    "refuse_plan",
    "say_fine",
    "search_callers",
    "search_residents",
    "skip_call",
    "step_rounds",
    "suggest_plan_tier",
    "switch_button",
    "take_back_change",
    "tell_change",
    "when_facts",
]
