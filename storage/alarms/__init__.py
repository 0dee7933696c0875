"""Alarms: words of danger ring everyone on duty until a named person holds and ends them."""

from storage.alarms.ending import (
    ENDINGS,
    HANDED_TO,
    Ending,
    EndingProblem,
    Handover,
    end_alarm,
    get_alarm_to_end,
)
from storage.alarms.hearing import find_subject, own_buttons
from storage.alarms.holding import (
    AlarmHeld,
    AlarmOver,
    Confirmed,
    HeldAlarm,
    confirm_alarm,
    take_alarm,
)
from storage.alarms.raising import (
    Raised,
    add_to_alarm,
    ask_if_danger,
    confirm_danger,
    deny_danger,
    raise_alarm,
    raise_alarm_about,
    say_safe,
    say_unsafe,
)
from storage.alarms.ringing import next_alarm_at, ring_alarms, show_alarms
from storage.alarms.rows import Alarm, get_alarm, number_facts

__all__ = [
    "ENDINGS",
    "HANDED_TO",
    "Alarm",
    "AlarmHeld",
    "AlarmOver",
    "Confirmed",
    "Ending",
    "EndingProblem",
    "Handover",
    "HeldAlarm",
    "Raised",
    "add_to_alarm",
    "ask_if_danger",
    "confirm_alarm",
    "confirm_danger",
    "deny_danger",
    "end_alarm",
    "find_subject",
    "get_alarm",
    "get_alarm_to_end",
    "next_alarm_at",
    "number_facts",
    "own_buttons",
    "raise_alarm",
    "raise_alarm_about",
    "ring_alarms",
    "say_safe",
    "say_unsafe",
    "show_alarms",
    "take_alarm",
]
