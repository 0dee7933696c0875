"""Referral (转介): a need laid before the organisation that owns such work, until it is solved."""

from storage.needs.referral.answering import (
    accept_referral,
    answer_question,
    ask_back,
    decline_referral,
    find_asked,
    finish_referral,
    get_referred,
)
from storage.needs.referral.closing import (
    confirm_solved,
    deny_solved,
    take_back_referral,
)
from storage.needs.referral.contact import show_referred_contact
from storage.needs.referral.listing import list_for_desk, list_for_organisation
from storage.needs.referral.offering import list_referable, refer_need
from storage.needs.referral.telling import organisation_facts, referral_card_of

__all__ = [
    "accept_referral",
    "answer_question",
    "ask_back",
    "confirm_solved",
    "decline_referral",
    "deny_solved",
    "find_asked",
    "finish_referral",
    "get_referred",
    "list_for_desk",
    "list_for_organisation",
    "list_referable",
    "organisation_facts",
    "refer_need",
    "referral_card_of",
    "show_referred_contact",
    "take_back_referral",
]
