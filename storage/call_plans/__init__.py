"""Call plans: whom to phone, who phones, when, and who is behind the caller."""

from storage.call_plans.choosing import Candidate, search_callers, search_residents
from storage.call_plans.making import change_plan, end_plan, make_plan, refuse_plan
from storage.call_plans.plans import PAGE, CallPlan, PlanDraft, find_plan, get_draft, list_plans

__all__ = [
    "PAGE",
    "CallPlan",
    "Candidate",
    "PlanDraft",
    "change_plan",
    "end_plan",
    "find_plan",
    "get_draft",
    "list_plans",
    "make_plan",
    "refuse_plan",
    "search_callers",
    "search_residents",
]
