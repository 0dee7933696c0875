"""The kinds of things that wait for the office: one row each, the most urgent first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from storage.confirmations import count_awaiting
from storage.duty import count_duty_holes
from storage.hotlines import count_stale_hotlines
from storage.incidents import SET_ASIDE, UNDELIVERED
from storage.office.asking import (
    count_call_backs,
    count_late_needs,
    count_needs,
    count_referrals,
    count_referrals_desk,
    count_verifying,
    count_voices,
    count_willing,
)
from storage.office.books import count_guidance, count_imports, count_rounds
from storage.office.calls import (
    count_alarms,
    count_call_concerns,
    count_check_ins,
    count_no_support,
)
from storage.office.ending import (
    count_certificates,
    count_consents,
    count_qualifications,
    count_qualifications_ending,
)
from storage.office.incidents import incident_seen
from storage.office.pairing import (
    count_pair_problems,
    count_pair_tellings,
    count_pairs_asked,
    count_pairs_asleep,
    count_pairs_seeking,
    count_ties_seeking,
)
from storage.office.persons import (
    count_applicants,
    count_duplicates,
    count_gaps,
    count_looks,
    count_ties,
    count_to_tell,
)
from storage.office.words import count_answers, count_complaints, count_questions
from storage.people import Person
from storage.tables import incident
from storage.ties import count_overdue

Count = Callable[[Person, datetime], Select[int, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: how many wait and since when, and what a press opens.

    ``count`` gives one row, the number and the oldest moment. It stands on an index of what
    waits: the list must not grow with the register. ``opens`` is a button's data.
    """

    key: str
    count: Count
    opens: str


def _incidents(kind: str) -> Count:
    """A stranger's is the office's."""

    def count(actor: Person, now: datetime) -> Select[int, Any]:
        return select(func.count(), func.min(incident.c.at)).where(
            incident.c.kind == kind, incident.c.done_at.is_(None), incident_seen(actor)
        )

    return count


KINDS = (
    Kind("alarms", count_alarms, "alarm:list:0:0"),
    Kind("no_support", count_no_support, "check_in:unheld:0:0"),
    Kind("voices", count_voices, "media:list:0:0"),
    Kind("complaints", count_complaints, "complaint:list:0:0"),
    Kind("check_ins", count_check_ins, "check_in:list:0:0"),
    Kind("call_concerns", count_call_concerns, "check_in:concerns:0:0"),
    Kind("duty_holes", count_duty_holes, "duty:holes:0:0"),
    Kind("undelivered", _incidents(UNDELIVERED), "incident:undelivered:0:0"),
    Kind("to_tell", count_to_tell, "today:page:0:0"),
    Kind("pair_tellings", count_pair_tellings, "pair:tellings:0:0"),
    Kind("pair_problems", count_pair_problems, "pair:problems:0:0"),
    Kind("overdue", count_late_needs, "desk:overdue:0:0"),
    Kind("needs", count_needs, "desk:list:0:0"),
    Kind("willing", count_willing, "desk:willing:0:0"),
    Kind("verifying", count_verifying, "verify:list:0:0"),
    Kind("referrals", count_referrals, "referral:list:0:0"),
    Kind("referrals_desk", count_referrals_desk, "referral:desk:0:0"),
    Kind("questions", count_questions, "question:list:0:0"),
    Kind("hours", count_awaiting, "hours:list:0:0"),
    Kind("call_backs", count_call_backs, "call_back:list:0:0"),
    Kind("applicants", count_applicants, "office:applicants:0:0"),
    Kind("ties", count_ties, "office:ties:0:0"),
    Kind("pairs_seeking", count_pairs_seeking, "pair:seeking:0:0"),
    Kind("ties_seeking", count_ties_seeking, "pair:ties_seeking:0:0"),
    Kind("pairs_asked", count_pairs_asked, "pair:asked:0:0"),
    Kind("pairs_asleep", count_pairs_asleep, "pair:dormant:0:0"),
    Kind("looks", count_looks, "look:list:0:0"),
    Kind("rounds", count_rounds, "round:list:0:0"),
    Kind("gaps", count_gaps, "org:gaps:0:0"),
    Kind("guidance", count_guidance, "site:overdue:0:0"),
    Kind("ties_overdue", count_overdue, "tie:overdue:0:0"),
    Kind("consents", count_consents, "office:consents:0:0"),
    Kind("certificates", count_certificates, "office:certificates:0:0"),
    Kind("imports", count_imports, "import:list:0:0"),
    Kind("duplicates", count_duplicates, "duplicate:list:0:0"),
    Kind("qualifications", count_qualifications, "qualification:list:0:0"),
    Kind("qualifications_ending", count_qualifications_ending, "qualification:ending:0:0"),
    Kind("answers", count_answers, "answer:list:0:0"),
    Kind("numbers", count_stale_hotlines, "number:list:0:0"),
    Kind("set_aside", _incidents(SET_ASIDE), "incident:set_aside:0:0"),
)
