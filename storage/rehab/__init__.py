"""Rehabilitation at stations and at home: guidance visits, satisfaction, and home-visit records."""

from storage.rehab.home_visits import (
    list_home_visits,
    next_reminder_at,
    record_home_visit,
    remind_of_visits,
)
from storage.rehab.rating import Quarter, list_quarters, rate_site
from storage.rehab.reading import HomeVisit, Record, list_own_visits
from storage.rehab.sites import (
    Guidance,
    Site,
    find_site,
    list_guidance,
    list_overdue,
    note_guidance,
    register_site,
)

__all__ = [
    "Guidance",
    "HomeVisit",
    "Quarter",
    "Record",
    "Site",
    "find_site",
    "list_guidance",
    "list_home_visits",
    "list_overdue",
    "list_own_visits",
    "list_quarters",
    "next_reminder_at",
    "note_guidance",
    "rate_site",
    "record_home_visit",
    "register_site",
    "remind_of_visits",
]
