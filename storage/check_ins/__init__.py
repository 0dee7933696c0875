"""Check-ins: a due call, the ladder behind it, and its end when somebody knows how it is."""

from storage.check_ins.answering import Answered, Effect, answer_check_in, answer_for_oneself
from storage.check_ins.climbing import climb_ladder, next_rung_at
from storage.check_ins.day.concerns import (
    Concern,
    ConcernCard,
    end_concern,
    list_concerns,
)
from storage.check_ins.day.errands import state_errand
from storage.check_ins.day.households import (
    OF_HOUSEHOLD,
    household_buttons,
    list_household,
)
from storage.check_ins.day.leases import (
    Lease,
    Leased,
    NumberTaken,
    find_lease,
    give_number_back,
    take_number,
)
from storage.check_ins.day.notes import (
    Kept,
    get_reported,
    keep_answer,
    open_history,
    open_own_note,
)
from storage.check_ins.day.own_notes import (
    OwnNote,
    find_check_in_of,
    list_own_notes,
    remove_note,
)
from storage.check_ins.day.paper import date_ending
from storage.check_ins.day.rounds import Call, CallerDay, Day, State, list_callers, list_calls
from storage.check_ins.day.slips import TakenBack, take_back_answer
from storage.check_ins.day.thanks import next_thanks_at, plan_thanks, thank_callers
from storage.check_ins.ending import (
    end_false_alarm,
    hand_over_check_in,
    list_numbers,
    list_reasons,
)
from storage.check_ins.holding import (
    Held,
    confirm_check_in,
    prolong_check_in,
    show_held,
    take_check_in,
)
from storage.check_ins.missed_list import ask_usual_callers, show_missed
from storage.check_ins.needing import describe_help
from storage.check_ins.outage import next_outage_at, tell_outages
from storage.check_ins.prompts import show_check_ins
from storage.check_ins.starting import next_call_at, start_check_ins
from storage.check_ins.stopping import reopen_check_in, stop_check_in

__all__ = [
    "OF_HOUSEHOLD",
    "Answered",
    "Call",
    "CallerDay",
    "Concern",
    "ConcernCard",
    "Day",
    "Effect",
    "Held",
    "Kept",
    "Lease",
    "Leased",
    "NumberTaken",
    "OwnNote",
    "State",
    "TakenBack",
    "answer_check_in",
    "answer_for_oneself",
    "ask_usual_callers",
    "climb_ladder",
    "confirm_check_in",
    "date_ending",
    "describe_help",
    "end_concern",
    "end_false_alarm",
    "find_check_in_of",
    "find_lease",
    "get_reported",
    "give_number_back",
    "hand_over_check_in",
    "household_buttons",
    "keep_answer",
    "list_callers",
    "list_calls",
    "list_concerns",
    "list_household",
    "list_numbers",
    "list_own_notes",
    "list_reasons",
    "next_call_at",
    "next_outage_at",
    "next_rung_at",
    "next_thanks_at",
    "open_history",
    "open_own_note",
    "plan_thanks",
    "prolong_check_in",
    "remove_note",
    "reopen_check_in",
    "show_check_ins",
    "show_held",
    "show_missed",
    "start_check_ins",
    "state_errand",
    "stop_check_in",
    "take_back_answer",
    "take_check_in",
    "take_number",
    "tell_outages",
    "thank_callers",
]
