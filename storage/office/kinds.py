"""The kinds of things that wait for the office: one row each, the most urgent first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
)

from storage.confirmations import count_awaiting
from storage.duty import count_duty_holes
from storage.hotlines import count_stale_hotlines
from storage.incidents import SET_ASIDE, UNDELIVERED
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
)
from storage.owners import late_for
from storage.people import Person
from storage.rules.answers import GOOD_FOR
from storage.rules.ladder import ORDER, Rung
from storage.scope import seen_through
from storage.services import referral_works_there
from storage.tables import (
    alarm,
    answer,
    call_back,
    call_concern,
    caregiver,
    chat,
    check_in,
    claim,
    complaint,
    duplicate,
    import_batch,
    incident,
    look,
    need,
    need_media,
    offer,
    organisation,
    person,
    question,
    referral,
    rehab_site,
    role,
    survey_answer,
    survey_round,
    to_tell,
)
from storage.ties import count_overdue

CLOSES_SOON = timedelta(days=7)

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


def _alarms(actor: Person, now: datetime) -> Select[int, Any]:
    return select(func.count(), func.min(alarm.c.created_at)).where(
        alarm.c.next_step_at.is_not(None),
        alarm.c.rings > 0,
        # A stranger's alarm is everybody's.
        or_(alarm.c.person_id.is_(None), seen_through(actor, alarm.c.person_id)),
    )


def _complaints(actor: Person, now: datetime) -> Select[int, Any]:
    """What went wrong and is not dealt with; nothing about the actor, and about staff the office's.

    The first falls due soonest, so what is late stands at its head.
    """
    visible = true() if actor.is_office else seen_through(actor, complaint.c.for_id)
    return select(func.count(), func.min(complaint.c.due_at)).where(
        # Word for word the condition of the index: SQLite takes it for nothing else.
        complaint.c.due_at.is_not(None),
        or_(complaint.c.reported_id.is_(None), complaint.c.reported_id != actor.id),
        complaint.c.reporter_id != actor.id,
        or_(~complaint.c.to_office, literal(actor.is_office)),
        visible,
    )


def _questions(actor: Person, now: datetime) -> Select[int, Any]:
    """Questions that a person is to answer."""
    return select(func.count(), func.min(question.c.created_at)).where(
        # Word for word the condition of the index: SQLite takes it for nothing else.
        question.c.due_at.is_not(None),
        seen_through(actor, question.c.person_id),
    )


def _answers(actor: Person, now: datetime) -> Select[int, Any]:
    """Answers that nobody of the office has read against their source for a year."""
    return select(func.count(), func.min(answer.c.reviewed_on)).where(
        # Word for word the condition of the index.
        answer.c.state == literal_column("'kept'"),
        answer.c.reviewed_on < now.date() - GOOD_FOR,
        literal(actor.is_office),
    )


def _call_concerns(actor: Person, now: datetime) -> Select[int, Any]:
    """What callers heard that a coordinator should look at."""
    return select(func.count(), func.min(call_concern.c.since)).where(
        # Word for word the condition of the index.
        call_concern.c.state == literal_column("'open'"),
        seen_through(actor, call_concern.c.resident_id),
    )


def _check_ins(actor: Person, now: datetime) -> Select[int, Any]:
    """Calls that did not go through; one whose caller was only just asked waits for nobody."""
    return select(func.count(), func.min(check_in.c.due_at)).where(
        check_in.c.next_step_at.is_not(None),
        or_(check_in.c.rung > 0, check_in.c.last_outcome.is_not(None)),
        not_(_in_nobodys_hand()),
        seen_through(actor, check_in.c.resident_id),
    )


def _in_nobodys_hand() -> ColumnElement[bool]:
    """The whole ladder was climbed; a call that nobody was asked to make has not even begun."""
    return and_(
        check_in.c.rung == ORDER[Rung.NO_SUPPORT],
        check_in.c.holder_id.is_(None),
        check_in.c.last_outcome.is_distinct_from("missed"),
    )


def _no_support(actor: Person, now: datetime) -> Select[int, Any]:
    """Calls whose whole ladder was climbed, and that no named person holds."""
    return select(func.count(), func.min(check_in.c.due_at)).where(
        check_in.c.next_step_at.is_not(None),
        _in_nobodys_hand(),
        seen_through(actor, check_in.c.resident_id),
    )


def _voices(actor: Person, now: datetime) -> Select[int, Any]:
    """Voices that nobody has listened to, or that could not be fetched."""
    return select(func.count(), func.min(need_media.c.created_at)).where(
        # Word for word the condition of the index.
        need_media.c.state == literal_column("'waiting'"),
        need_media.c.kind == "voice",
        seen_through(actor, need_media.c.resident_id),
    )


def _needs(actor: Person, now: datetime) -> Select[int, Any]:
    return select(func.count(), func.min(need.c.created_at)).where(
        need.c.state == "unclaimed", seen_through(actor, need.c.resident_id)
    )


def _willing(actor: Person, now: datetime) -> Select[int, Any]:
    """Needs for which volunteers said that they would like to go: somebody is to choose."""
    some = exists().where(
        offer.c.need_id == need.c.id, offer.c.round == need.c.round, offer.c.state == "willing"
    )
    return select(func.count(), func.min(need.c.created_at)).where(
        need.c.state.in_(("open", "unclaimed")), some, seen_through(actor, need.c.resident_id)
    )


def _overdue(actor: Person, now: datetime) -> Select[int, Any]:
    """Needs that were not settled in time, whoever answers for them now."""
    return select(func.count(), func.min(need.c.overdue_at)).where(late_for(actor))


def _verifying(actor: Person, now: datetime) -> Select[int, Any]:
    """Needs that somebody has to make sure of first."""
    return select(func.count(), func.min(need.c.created_at)).where(
        need.c.state == "verifying", seen_through(actor, need.c.resident_id)
    )


def _referrals(actor: Person, now: datetime) -> Select[int, Any]:
    """What was laid before the actor's own organisation and is not answered."""
    return select(func.count(), func.min(referral.c.created_at)).where(
        # Word for word the condition of the index.
        referral.c.ended_at.is_(None),
        referral.c.state == "offered",
        referral_works_there(actor),
    )


def _referrals_desk(actor: Person, now: datetime) -> Select[int, Any]:
    """Referrals where the desk has to phone an organisation, or a resident."""
    return (
        select(func.count(), func.min(referral.c.created_at))
        .join_from(referral, need, need.c.id == referral.c.need_id)
        .where(
            referral.c.ended_at.is_(None),
            referral.c.with_desk,
            seen_through(actor, need.c.resident_id),
        )
    )


def _applicants(actor: Person, now: datetime) -> Select[int, Any]:
    return select(func.count(), func.min(role.c.created_at)).where(
        role.c.kind == "volunteer", role.c.state == "waiting", seen_through(actor, role.c.person_id)
    )


def _ties(actor: Person, now: datetime) -> Select[int, Any]:
    """Those whose resident cannot answer in the chat."""
    answers = exists().where(
        person.c.id == caregiver.c.resident_id,
        chat.c.id == person.c.telegram_id,
        chat.c.reachable,
        ~chat.c.closed,
    )
    return select(func.count(), func.min(caregiver.c.created_at)).where(
        # Word for word the condition of the index: SQLite takes it for nothing else.
        caregiver.c.state == literal_column("'asked'"),
        or_(caregiver.c.kind == "guardian", ~answers),
        seen_through(actor, caregiver.c.resident_id),
    )


def _incidents(kind: str) -> Count:
    """A stranger's is the office's."""

    def count(actor: Person, now: datetime) -> Select[int, Any]:
        return select(func.count(), func.min(incident.c.at)).where(
            incident.c.kind == kind, incident.c.done_at.is_(None), incident_seen(actor)
        )

    return count


def _gaps(actor: Person, now: datetime) -> Select[int, Any]:
    """Communities with a resident and nobody to turn to."""
    # One inside the other, from the community inwards: joined, SQLite began with every resident.
    is_resident = exists().where(
        role.c.person_id == person.c.id, role.c.kind == "resident", role.c.state == "approved"
    )
    lives = exists().where(person.c.community_id == organisation.c.community_id, is_resident)
    return select(func.count(), func.min(organisation.c.created_at)).where(
        organisation.c.contact_id.is_(None),
        organisation.c.path.startswith(actor.scope or "-", autoescape=True),
        lives,
    )


def _to_tell(actor: Person, now: datetime) -> Select[int, Any]:
    """What somebody without a chat has to be told by word of mouth."""
    return select(func.count(), func.min(to_tell.c.created_at)).where(
        # Word for word the condition of the index.
        to_tell.c.state == literal_column("'open'"),
        seen_through(actor, to_tell.c.person_id),
    )


def _call_backs(actor: Person, now: datetime) -> Select[int, Any]:
    """Closed needs of which it is to be asked how it was."""
    return select(func.count(), func.min(call_back.c.created_at)).where(
        # Word for word the condition of the index.
        call_back.c.state == literal_column("'open'"),
        # Whoever helped never asks how it was.
        ~exists().where(claim.c.need_id == call_back.c.need_id, claim.c.volunteer_id == actor.id),
        seen_through(actor, call_back.c.resident_id),
    )


def _looks(actor: Person, now: datetime) -> Select[int, Any]:
    """Looks at a child's data that a colleague asked for; nobody decides on their own."""
    return select(func.count(), func.min(look.c.created_at)).where(
        # Word for word the condition of the index.
        look.c.state == literal_column("'asked'"),
        look.c.asked_by != actor.id,
        seen_through(actor, look.c.child_id),
    )


def _duplicates(actor: Person, now: datetime) -> Select[int, Any]:
    """Pairs that are likely one person, of whom both are theirs to see."""
    return select(func.count(), func.min(duplicate.c.created_at)).where(
        # Word for word the condition of the index: SQLite takes it for nothing else.
        duplicate.c.state == literal_column("'open'"),
        or_(duplicate.c.later_until.is_(None), duplicate.c.later_until <= now),
        seen_through(actor, duplicate.c.low_id),
        seen_through(actor, duplicate.c.high_id),
    )


def _imports(actor: Person, now: datetime) -> Select[int, Any]:
    """Lists that were read and wait for a decision."""
    return select(func.count(), func.min(import_batch.c.created_at)).where(
        # The condition of the index, then the two that wait.
        text("import_batch.state NOT IN ('undone', 'dropped', 'refused')"),
        import_batch.c.state.in_(("choosing", "staged")),
        import_batch.c.scope.startswith(actor.scope or "-", autoescape=True),
    )


def _rounds(actor: Person, now: datetime) -> Select[int, Any]:
    """Survey rounds that close soon while somebody in sight has not answered."""
    lacking = exists().where(
        survey_answer.c.round_id == survey_round.c.id,
        survey_answer.c.state == "outstanding",
        seen_through(actor, survey_answer.c.person_id),
    )
    return select(func.count(), func.min(survey_round.c.closes_at)).where(
        survey_round.c.next_step_at.is_not(None),
        survey_round.c.closes_at <= now + CLOSES_SOON,
        lacking,
    )


def _guidance(actor: Person, now: datetime) -> Select[int, Any]:
    """Rehabilitation stations whose guidance visit is overdue."""
    site = organisation.alias("site")
    return select(func.count(), func.min(rehab_site.c.created_at)).where(
        rehab_site.c.next_on < now.date(),
        site.c.id == rehab_site.c.organisation_id,
        site.c.active,
        site.c.path.startswith(actor.scope or "-", autoescape=True),
    )


KINDS = (
    Kind("alarms", _alarms, "alarm:list:0:0"),
    Kind("no_support", _no_support, "check_in:unheld:0:0"),
    Kind("voices", _voices, "media:list:0:0"),
    Kind("complaints", _complaints, "complaint:list:0:0"),
    Kind("check_ins", _check_ins, "check_in:list:0:0"),
    Kind("call_concerns", _call_concerns, "check_in:concerns:0:0"),
    Kind("duty_holes", count_duty_holes, "duty:holes:0:0"),
    Kind("undelivered", _incidents(UNDELIVERED), "incident:undelivered:0:0"),
    Kind("to_tell", _to_tell, "today:page:0:0"),
    Kind("pair_tellings", count_pair_tellings, "pair:tellings:0:0"),
    Kind("pair_problems", count_pair_problems, "pair:problems:0:0"),
    Kind("overdue", _overdue, "desk:overdue:0:0"),
    Kind("needs", _needs, "desk:list:0:0"),
    Kind("willing", _willing, "desk:willing:0:0"),
    Kind("verifying", _verifying, "verify:list:0:0"),
    Kind("referrals", _referrals, "referral:list:0:0"),
    Kind("referrals_desk", _referrals_desk, "referral:desk:0:0"),
    Kind("questions", _questions, "question:list:0:0"),
    Kind("hours", count_awaiting, "hours:list:0:0"),
    Kind("call_backs", _call_backs, "call_back:list:0:0"),
    Kind("applicants", _applicants, "office:applicants:0:0"),
    Kind("ties", _ties, "office:ties:0:0"),
    Kind("pairs_seeking", count_pairs_seeking, "pair:seeking:0:0"),
    Kind("pairs_asked", count_pairs_asked, "pair:asked:0:0"),
    Kind("pairs_asleep", count_pairs_asleep, "pair:dormant:0:0"),
    Kind("looks", _looks, "look:list:0:0"),
    Kind("rounds", _rounds, "round:list:0:0"),
    Kind("gaps", _gaps, "org:gaps:0:0"),
    Kind("guidance", _guidance, "site:overdue:0:0"),
    Kind("ties_overdue", count_overdue, "tie:overdue:0:0"),
    Kind("consents", count_consents, "office:consents:0:0"),
    Kind("certificates", count_certificates, "office:certificates:0:0"),
    Kind("imports", _imports, "import:list:0:0"),
    Kind("duplicates", _duplicates, "duplicate:list:0:0"),
    Kind("qualifications", count_qualifications, "qualification:list:0:0"),
    Kind("qualifications_ending", count_qualifications_ending, "qualification:ending:0:0"),
    Kind("answers", _answers, "answer:list:0:0"),
    Kind("numbers", count_stale_hotlines, "number:list:0:0"),
    Kind("set_aside", _incidents(SET_ASIDE), "incident:set_aside:0:0"),
)
