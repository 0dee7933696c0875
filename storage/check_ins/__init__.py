"""Check-ins: a due call, the ladder behind it, and its end when somebody knows how it is."""

from storage.check_ins.answering import Answered, Effect, answer_check_in, answer_for_oneself
from storage.check_ins.climbing import climb_ladder, next_rung_at
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
    "Answered",
    "Effect",
    "Held",
    "answer_check_in",
    "answer_for_oneself",
    "ask_usual_callers",
    "climb_ladder",
    "confirm_check_in",
    "describe_help",
    "end_false_alarm",
    "hand_over_check_in",
    "list_numbers",
    "list_reasons",
    "next_call_at",
    "next_outage_at",
    "next_rung_at",
    "prolong_check_in",
    "reopen_check_in",
    "show_check_ins",
    "show_held",
    "show_missed",
    "start_check_ins",
    "stop_check_in",
    "take_check_in",
    "tell_outages",
]
