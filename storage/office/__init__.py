"""The office in the chat: what waits for it, whom it looks for, its figures and its Mondays."""

from storage.office.digests import next_digest_at, send_digests
from storage.office.duty_weeks import next_duty_week_at, tell_duty_weeks
from storage.office.ending import Ending, list_ending
from storage.office.figures import figure_facts
from storage.office.finding import (
    Hit,
    Page,
    find_people,
    forget_searches,
    next_page,
)
from storage.office.incidents import (
    finish_incident,
    list_incidents,
    open_incident,
)
from storage.office.waiting import Waiting, desk_buttons, desk_facts, list_waiting

__all__ = [
    "Ending",
    "Hit",
    "Page",
    "Waiting",
    "desk_buttons",
    "desk_facts",
    "figure_facts",
    "find_people",
    "finish_incident",
    "forget_searches",
    "list_ending",
    "list_incidents",
    "list_waiting",
    "next_digest_at",
    "next_duty_week_at",
    "next_page",
    "open_incident",
    "send_digests",
    "tell_duty_weeks",
]
