"""Traces: every column that points at a person, and what becomes of it when they are erased.

A new column has to be added here, or a test of the architecture names it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a row that points at somebody who is erased."""

    STAYS = "stays"  # an id without a name: who decided, how many, how long
    GOES = "goes"  # the row is deleted
    EMPTIED = "emptied"  # the row is counted on, what is sealed in it is gone
    UNLINKED = "unlinked"  # the row is somebody else's and points at nobody now


@dataclass(frozen=True, slots=True)
class Trace:
    """One column that points at a person; ``blank`` are words in clear that are emptied too."""

    table: str
    column: str
    fate: Fate
    blank: tuple[str, ...] = ()


def _stay(table: str, *columns: str) -> tuple[Trace, ...]:
    return tuple(Trace(table, column, Fate.STAYS) for column in columns)


def _go(*tables: str, column: str = "person_id") -> tuple[Trace, ...]:
    return tuple(Trace(table, column, Fate.GOES) for table in tables)


TRACES: tuple[Trace, ...] = (
    *_go("resident", "volunteer", "volunteer_profile", "disability_certificate", "qualification"),
    *_go("household_member", "attachment", "search", "digest", "to_tell", "kind_off"),
    *_go("apart", column="one_id"),
    *_go("apart", column="other_id"),
    *_go("home_access"),
    *_go("life_change", column="resident_id"),
    *_go("call_concern", "call_lease", column="resident_id"),
    *_go("call_lease", column="holder_id"),
    *_go("call_day", column="caller_id"),
    *_go("duplicate", column="low_id"),
    *_go("duplicate", column="high_id"),
    Trace("need", "resident_id", Fate.EMPTIED),
    Trace("need_media", "resident_id", Fate.EMPTIED),
    Trace("claim", "volunteer_id", Fate.EMPTIED),
    Trace("need_series", "resident_id", Fate.EMPTIED),
    Trace("home_visit", "person_id", Fate.EMPTIED),
    Trace("visit_word", "written_by", Fate.EMPTIED),
    Trace("call_back", "resident_id", Fate.EMPTIED),
    Trace("reopening", "reopened_by", Fate.EMPTIED),
    Trace("check_in_plan", "resident_id", Fate.EMPTIED, blank=("contact_name",)),
    Trace("pair", "resident_id", Fate.EMPTIED),
    Trace("pair_log", "written_by", Fate.EMPTIED),
    Trace("alarm", "person_id", Fate.EMPTIED),
    Trace("complaint", "reporter_id", Fate.EMPTIED),
    Trace("question", "person_id", Fate.EMPTIED),
    Trace("call_record", "person_id", Fate.EMPTIED),
    Trace("call_note", "resident_id", Fate.EMPTIED),
    Trace("statement", "person_id", Fate.EMPTIED),
    Trace("look", "child_id", Fate.EMPTIED),
    Trace("import_row", "person_id", Fate.EMPTIED),
    Trace("survey_answer", "person_id", Fate.EMPTIED),
    Trace("file", "owner_id", Fate.EMPTIED, blank=("name",)),
    Trace("household", "head_id", Fate.UNLINKED),
    Trace("organisation", "contact_id", Fate.UNLINKED),
    Trace("document", "owner_id", Fate.UNLINKED),
    Trace("check_in_plan", "contact_id", Fate.UNLINKED),
    # That somebody said yes or no, decided, helped or phoned: numbers and moments, no words.
    *_stay("role", "person_id", "decided_by"),
    *_stay("apart", "by_id"),
    *_stay("hotline", "checked_by"),
    *_stay("caregiver", "resident_id", "caregiver_id", "decided_by"),
    *_stay("consent", "person_id", "given_by", "withdrawn_by"),
    *_stay("consent_refusal", "person_id", "refused_by"),
    *_stay("statement", "witness_id"),
    *_stay("look", "asked_by", "decided_by"),
    *_stay("invitation", "made_by"),
    *_stay("need", "stated_by", "ended_by"),
    *_stay("need_media", "sender_id", "heard_by"),
    *_stay("home_access", "told_by"),
    *_stay("offer", "volunteer_id"),
    *_stay("team_offer", "volunteer_id", "answered_by"),
    *_stay("need_series", "made_by", "helper_id"),
    *_stay("organisation_link", "made_by", "ended_by"),
    *_stay("guidance", "written_by"),
    *_stay("home_visit", "written_by"),
    *_stay("site_rating", "person_id"),
    *_stay("confirmation", "marked_by"),
    *_stay("visit_word", "removed_by"),
    *_stay("stand_in", "asked_id"),
    *_stay("call_back", "called_by"),
    *_stay("service", "made_by"),
    *_stay("licence", "made_by"),
    *_stay("verification", "made_by"),
    *_stay("referral", "made_by", "accepted_by"),
    *_stay("check_in_plan", "caller_id", "stand_in_id", "created_by", "contact_agreed_by"),
    *_stay("call_skip", "said_by"),
    *_stay("call_stand_in", "asked_id", "replaces_id", "asked_by"),
    *_stay("call_round", "declared_by", "ended_by"),
    *_stay("life_change", "told_by"),
    *_stay("check_in", "resident_id", "caller_id", "holder_id", "ended_by"),
    *_stay("pair", "helper_id", "resident_yes_by", "helper_yes_by", "keeper_id", "made_by"),
    *_stay("pair", "ended_by"),
    *_stay("tie", "overridden_by", "leader_id"),
    *_stay("tie_item", "changed_by"),
    *_stay("pair_telling", "person_id", "staff_id", "done_by"),
    *_stay("check_in_asked", "person_id"),
    *_stay("alarm", "holder_id"),
    *_stay("question", "answered_by"),
    *_stay("answer", "reviewed_by"),
    *_stay("answer_text", "made_by"),
    *_stay("complaint", "for_id", "reported_id", "owner_id"),
    *_stay("disability_certificate", "confirmed_by", "recorded_by"),
    *_stay("qualification", "confirmed_by"),
    *_stay("attachment", "made_by"),
    *_stay("call_record", "reported_by"),
    *_stay("call_note", "author_id"),
    *_stay("call_concern", "done_by"),
    *_stay("to_tell", "done_by"),
    *_stay("sheet", "caller_id", "printed_by"),
    *_stay("sheet_line", "person_id", "typed_by"),
    *_stay("pause", "person_id", "made_by", "ended_by"),
    *_stay("edition", "made_by"),
    *_stay("notice", "sent_by"),
    *_stay("receipt", "person_id", "noted_by"),
    *_stay("survey_round", "opened_by"),
    *_stay("survey_answer", "told_by"),
    *_stay("incident", "person_id", "done_by"),
    *_stay("retention", "decided_by"),
    *_stay("category", "changed_by"),
    *_stay("erasure", "person_id", "erased_by"),
    *_stay("office_job", "asker_id"),
    *_stay("import_batch", "made_by", "decided_by"),
    *_stay("duplicate", "decided_by"),
    Trace("shift", "person_id", Fate.UNLINKED),
    *_stay("shift", "made_by"),
    *_stay("door_showing", "shown_to", "resident_id"),
    *_stay("shift_swap", "asked_by", "asked_to", "accepted_by"),
    # Whoever was merged has no name of their own any more.
    *_stay("person", "merged_into"),
)
