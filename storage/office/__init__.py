"""The office in the chat: what waits for it, and whom it looks for."""

from storage.office.finding import Hit, Page, find_people, forget_searches, next_page, see_person
from storage.office.waiting import SHOWN_AT_MOST, Waiting, list_waiting

__all__ = [
    "SHOWN_AT_MOST",
    "Hit",
    "Page",
    "Waiting",
    "find_people",
    "forget_searches",
    "list_waiting",
    "next_page",
    "see_person",
]
