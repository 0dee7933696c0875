"""Caregivers: somebody asks and speaks for a resident, once the resident or staff said yes."""

from storage.caregivers.asking import ask_to_care
from storage.caregivers.deciding import decide_tie, end_tie
from storage.caregivers.guarding import GuardianByStaff, copy_to, make_guardian, wish_end
from storage.caregivers.ties import (
    Resident,
    Tie,
    find_tie,
    list_residents_of,
    list_staff_ties,
    list_ties,
    may_ask_for,
    open_tie,
    tie_buttons,
)

__all__ = [
    "GuardianByStaff",
    "Resident",
    "Tie",
    "ask_to_care",
    "copy_to",
    "decide_tie",
    "end_tie",
    "find_tie",
    "list_residents_of",
    "list_staff_ties",
    "list_ties",
    "make_guardian",
    "may_ask_for",
    "open_tie",
    "tie_buttons",
    "wish_end",
]
