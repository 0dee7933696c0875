"""Sample facts of the caller's day: lists that run side by side."""

from messages.render import Fact

MOMENT = "2026-11-25T02:00:00+00:00"
NOTES: dict[str, Fact] = {
    "last_days": [MOMENT, MOMENT],
    "last_outcomes": ["spoke_fine", "no_answer"],
    "last_marks": ["mood_bad flag_food next", ""],
    "last_words": ["</b>{{ 7*7 }}", ""],
}
NOTED = ("call_notes", "check_in_call", "call_number", "call_concern", "call_history")

VISITS: dict[str, Fact] = {"visits": [MOMENT], "visit_kinds": ["errand"]}

BY_PHONE: dict[str, Fact] = {
    "neighbours": ["</b>{{ 7*7 }}", "李明"],
    "neighbour_phones": ["+8610012345678", "+8610012345679"],
}

LISTS: dict[str, dict[str, Fact]] = {
    "check_in_neighbours": BY_PHONE,
    **dict.fromkeys(NOTED, NOTES),
    "check_in_call": NOTES | VISITS,
    "call_visits": VISITS,
    "call_note_own": {
        "by": "张强",
        "at": MOMENT,
        "marks": "mood_bad next",
        "words": "</b>{{ 7*7 }}",
    },
    "check_in_household": {
        "names": ["</b>{{ 7*7 }}", "李明"],
        "dues": [MOMENT, MOMENT],
        "phones": ["+8610012345678", ""],
        "marks": ["mood_bad", ""],
        "words": ["</b>", ""],
        **VISITS,
    },
    "check_in_household_left": {
        "names": ["</b>{{ 7*7 }}", "李明"],
        "outcomes": ["spoke_fine", "no_report"],
        "phones": ["", "+8610012345678"],
    },
    "calls": {
        "lines": ["</b>10:00 陈素芬", "10:30 李明"],
        "parts": ["round", ""],
        "all": 2,
        "left": 0,
    },
}
