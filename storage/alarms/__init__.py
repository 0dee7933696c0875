"""Alarms: words of danger ring everyone on duty until a named person holds and ends them."""

from storage.alarms.holding import (
    ENDINGS,
    AlarmHeld,
    AlarmOver,
    Ending,
    HeldAlarm,
    end_alarm,
    get_alarm_to_end,
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
)
from storage.alarms.ringing import next_alarm_at, ring_alarms, show_alarms
from storage.alarms.rows import Alarm, get_alarm, number_facts

__all__ = [
    "ENDINGS",
    "Alarm",
    "AlarmHeld",
    "AlarmOver",
    "Ending",
    "HeldAlarm",
    "Raised",
    "add_to_alarm",
    "ask_if_danger",
    "confirm_danger",
    "deny_danger",
    "end_alarm",
    "get_alarm",
    "get_alarm_to_end",
    "next_alarm_at",
    "number_facts",
    "raise_alarm",
    "raise_alarm_about",
    "ring_alarms",
    "say_safe",
    "show_alarms",
    "take_alarm",
]
