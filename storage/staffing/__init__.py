"""Staff: whom to turn to, handing over open work, and the end of working somewhere."""

from storage.staffing.contacts import (
    Gap,
    Staff,
    find_contacts,
    list_gaps,
    list_staff,
    name_contact,
)
from storage.staffing.handing_over import (
    HandedOver,
    HeirIsPhoned,
    OpenWork,
    WorkIsOpen,
    count_work,
    end_staff,
    hand_over,
    list_successors,
)

__all__ = [
    "Gap",
    "HandedOver",
    "HeirIsPhoned",
    "OpenWork",
    "Staff",
    "WorkIsOpen",
    "count_work",
    "end_staff",
    "find_contacts",
    "hand_over",
    "list_gaps",
    "list_staff",
    "list_successors",
    "name_contact",
]
