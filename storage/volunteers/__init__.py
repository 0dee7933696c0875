"""Volunteers: they apply with a pledge, a coordinator decides, they say what they can do."""

from storage.volunteers.applicants import (
    Applicant,
    card_buttons,
    card_facts,
    list_applicants,
    open_applicant,
)
from storage.volunteers.applying import PLEDGE_VERSION, apply_to_volunteer
from storage.volunteers.deciding import decide_volunteer
from storage.volunteers.profile import (
    Volunteer,
    change_skills,
    find_volunteer,
    get_volunteer,
    pause_volunteer,
    resume_volunteer,
)

__all__ = [
    "PLEDGE_VERSION",
    "Applicant",
    "Volunteer",
    "apply_to_volunteer",
    "card_buttons",
    "card_facts",
    "change_skills",
    "decide_volunteer",
    "find_volunteer",
    "get_volunteer",
    "list_applicants",
    "open_applicant",
    "pause_volunteer",
    "resume_volunteer",
]
