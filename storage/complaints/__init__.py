"""Complaints: something went wrong between two people; they are parted, and staff follow it up."""

from storage.complaints.handling import (
    ComplaintEnding,
    end_complaint,
    get_complaint,
    list_to_handle,
    next_complaint_at,
    open_parties,
    remind_of_complaints,
    take_complaint,
)
from storage.complaints.parties import (
    Party,
    called_party,
    find_party,
    list_parties,
    list_staff,
    nobody_named,
    staff_party,
)
from storage.complaints.rows import Complaint, ComplaintOver, ComplaintTaken
from storage.complaints.saying import (
    list_own_complaints,
    state_complaint,
    withdraw_complaint,
)

__all__ = [
    "Complaint",
    "ComplaintEnding",
    "ComplaintOver",
    "ComplaintTaken",
    "Party",
    "called_party",
    "end_complaint",
    "find_party",
    "get_complaint",
    "list_own_complaints",
    "list_parties",
    "list_staff",
    "list_to_handle",
    "next_complaint_at",
    "nobody_named",
    "open_parties",
    "remind_of_complaints",
    "staff_party",
    "state_complaint",
    "take_complaint",
    "withdraw_complaint",
]
