"""Needs, from stated to closed: offers, claims, the coordinator's desk, and the steps of time."""

from storage.needs.asked import Asked, find_asked
from storage.needs.buttons import (
    button,
    choose_lines,
    desk_buttons,
    media_line,
    offer_buttons,
    organisation_buttons,
    rating_buttons,
    resident_buttons,
    task_buttons,
)
from storage.needs.cards import NeedCard, find_need, find_need_of_claim
from storage.needs.claims.claiming import Declining, claim_need, decline_for_good, decline_offer
from storage.needs.claims.explaining import explain_offers, explain_person
from storage.needs.claims.small import list_small, mark_small, take_small
from storage.needs.claims.teams import decline_for_team, get_team_asked, list_team, put_forward
from storage.needs.claims.willing import (
    choose_willing,
    count_willing,
    list_choosable,
    list_willing,
    say_willing,
)
from storage.needs.desk import (
    ask_again,
    assign_need,
    close_need_by_staff,
    get_desk_need,
    list_assignable,
    open_phones,
    take_back,
)
from storage.needs.details import keep_details
from storage.needs.held import ClaimCard
from storage.needs.lists import count_unclaimed, list_desk, list_own_needs, list_tasks
from storage.needs.matching.asking_teams import TeamAsked, team_buttons
from storage.needs.matching.kinds import list_kinds_off, switch_kind_off, switch_kind_on
from storage.needs.moving import move_needs, next_need_at
from storage.needs.next_time import ask_for_another, welcome_again
from storage.needs.opening import Statement, open_need_from_check_in
from storage.needs.overdue.climbing import climb_needs, next_climb_at
from storage.needs.overdue.late import Late, list_late
from storage.needs.places import Places, list_places
from storage.needs.refusals import NeedChanged
from storage.needs.reopening import may_reopen, reopen_need
from storage.needs.standing import may_see_words
from storage.needs.statements.homes import keep_access, list_groups, open_access
from storage.needs.statements.likely import find_like
from storage.needs.statements.stating import (
    cancel_need,
    change_need,
    list_spoken_for,
    shows_contact,
    state_need,
)
from storage.needs.statements.understanding import Understood, take_in
from storage.needs.statements.widening import split_need, want_helpers
from storage.needs.visits.at_door import Heard, arrive, hear_door_words, open_door
from storage.needs.visits.carrying import (
    Work,
    check_self,
    finish_claim,
    get_task,
    release_claim,
    say_arrival,
    set_out,
    show_contact,
)
from storage.needs.visits.confirming import Judgement, confirm_done, deny_done, rate_visit
from storage.needs.visits.preparing import needs_self_check
from storage.needs.visits.remarks import (
    leave_remark,
    list_reflections,
    list_remarks,
    reflect,
    remove_remark,
)
from storage.needs.visits.safety import (
    ask_for_help,
    mark_risky,
    next_watch_at,
    safe_buttons,
    say_out_safe,
    watch_visits,
)
from storage.needs.visits.standing_in import (
    answer_stand_in,
    ask_stand_in,
    list_stand_ins,
    list_swaps,
)

__all__ = [
    "Asked",
    "ClaimCard",
    "Declining",
    "Heard",
    "Judgement",
    "Late",
    "NeedCard",
    "NeedChanged",
    "Places",
    "Statement",
    "TeamAsked",
    "Understood",
    "Work",
    "answer_stand_in",
    "arrive",
    "ask_again",
    "ask_for_another",
    "ask_for_help",
    "ask_stand_in",
    "assign_need",
    "button",
    "cancel_need",
    "change_need",
    "check_self",
    "choose_lines",
    "choose_willing",
    "claim_need",
    "climb_needs",
    "close_need_by_staff",
    "confirm_done",
    "count_unclaimed",
    "count_willing",
    "decline_for_good",
    "decline_for_team",
    "decline_offer",
    "deny_done",
    "desk_buttons",
    "explain_offers",
    "explain_person",
    "find_asked",
    "find_like",
    "find_need",
    "find_need_of_claim",
    "finish_claim",
    "get_desk_need",
    "get_task",
    "get_team_asked",
    "hear_door_words",
    "keep_access",
    "keep_details",
    "leave_remark",
    "list_assignable",
    "list_choosable",
    "list_desk",
    "list_groups",
    "list_kinds_off",
    "list_late",
    "list_own_needs",
    "list_places",
    "list_reflections",
    "list_remarks",
    "list_small",
    "list_spoken_for",
    "list_stand_ins",
    "list_swaps",
    "list_tasks",
    "list_team",
    "list_willing",
    "mark_risky",
    "mark_small",
    "may_reopen",
    "may_see_words",
    "media_line",
    "move_needs",
    "needs_self_check",
    "next_climb_at",
    "next_need_at",
    "next_watch_at",
    "offer_buttons",
    "open_access",
    "open_door",
    "open_need_from_check_in",
    "open_phones",
    "organisation_buttons",
    "put_forward",
    "rate_visit",
    "rating_buttons",
    "reflect",
    "release_claim",
    "remove_remark",
    "reopen_need",
    "resident_buttons",
    "safe_buttons",
    "say_arrival",
    "say_out_safe",
    "say_willing",
    "set_out",
    "show_contact",
    "shows_contact",
    "split_need",
    "state_need",
    "switch_kind_off",
    "switch_kind_on",
    "take_back",
    "take_in",
    "take_small",
    "task_buttons",
    "team_buttons",
    "want_helpers",
    "watch_visits",
    "welcome_again",
]
