"""Needs, from stated to closed: offers, claims, the coordinator's desk, and the steps of time."""

from storage.needs.cards import (
    ClaimCard,
    NeedCard,
    count_unclaimed,
    find_need,
    find_need_of_claim,
    list_desk,
    list_own_needs,
    list_tasks,
)
from storage.needs.carrying import (
    Work,
    finish_claim,
    get_task,
    release_claim,
    say_arrival,
    set_out,
    show_contact,
)
from storage.needs.claiming import claim_need, decline_offer
from storage.needs.confirming import confirm_done, deny_done
from storage.needs.desk import (
    ask_again,
    assign_need,
    close_need_by_staff,
    get_desk_need,
    list_assignable,
    take_back,
)
from storage.needs.moving import move_needs, next_need_at
from storage.needs.opening import Statement, open_need_from_check_in
from storage.needs.stating import cancel_need, change_need, list_spoken_for, state_need

__all__ = [
    "ClaimCard",
    "NeedCard",
    "Statement",
    "Work",
    "ask_again",
    "assign_need",
    "cancel_need",
    "change_need",
    "claim_need",
    "close_need_by_staff",
    "confirm_done",
    "count_unclaimed",
    "decline_offer",
    "deny_done",
    "find_need",
    "find_need_of_claim",
    "finish_claim",
    "get_desk_need",
    "get_task",
    "list_assignable",
    "list_desk",
    "list_own_needs",
    "list_spoken_for",
    "list_tasks",
    "move_needs",
    "next_need_at",
    "open_need_from_check_in",
    "release_claim",
    "say_arrival",
    "set_out",
    "show_contact",
    "state_need",
    "take_back",
]
