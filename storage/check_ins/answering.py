"""Answering: what came back from a call or a door, also late, twice, or from two at once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.check_ins.asked import list_asked_now
from storage.check_ins.cases import Case, close_case, find_case, get_case_for
from storage.check_ins.climbing import climb_after
from storage.check_ins.facts import name_of
from storage.check_ins.needing import find_need_of, open_need_of
from storage.check_ins.news import list_contacted, offer_own_button, tell_over
from storage.check_ins.together import end_earlier
from storage.database import Session
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.people import has_own_chat
from storage.refusals import NotAllowed
from storage.rules.access import Act
from storage.rules.ladder import CALLER_RUNGS, Outcome, Rung, is_positive


class Effect(StrEnum):
    """What an answer did."""

    ENDED = "ended"  # it closed the case
    CLIMBED = "climbed"  # the next one is asked
    NOTED = "noted"  # written down; the case goes on as it was
    LATE = "late"  # written down; the case was over
    LATE_NEED = "late_need"  # the case was over, and help is needed all the same


@dataclass(frozen=True, slots=True)
class Answered:
    """The present state after an answer, for whoever gave it."""

    effect: Effect
    check_in_id: int
    resident: str
    outcome: Outcome
    rung: Rung
    next_at: datetime | None
    holder: str | None
    ending: str | None
    ended_by: str | None
    closed_at: datetime | None
    need_id: int | None


def answer_check_in(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    check_in_id: int,
    outcome: Outcome,
    words: str,
) -> Answered:
    """Take what the caller, the stand-in or somebody on duty reports.

    An old button is as good as a new one: what somebody knows about the person counts, whenever
    it comes. ``words`` are those of the need that is opened when help is needed.
    """
    case = get_case_for(
        session,
        check_in_id=check_in_id,
        actor_id=actor_id,
        act=Act.REPORT_CHECK_IN,
        # That help is needed is heard from anybody.
        even_apart=outcome is Outcome.NEEDS_HELP,
    )
    _note_outcome(session, case, now=now, actor_id=actor_id, outcome=outcome)
    if not case.is_open:
        return _late(session, case, now=now, actor_id=actor_id, outcome=outcome, words=words)
    if outcome is Outcome.NEEDS_HELP:
        return _need(session, case, now=now, actor_id=actor_id, words=words)
    if is_positive(outcome):
        return _end(session, case, now=now, actor_id=actor_id, outcome=outcome)
    if outcome is Outcome.NO_ANSWER:
        offer_own_button(session, case, now=now, tried_by=actor_id)
    if not _is_their_turn(session, case, actor_id):
        return _state(session, case, Effect.NOTED, outcome)
    moved = climb_after(session, case, outcome, now=now)
    return _state(session, moved, Effect.CLIMBED, outcome)


def answer_for_oneself(
    session: Session,
    *,
    now: datetime,
    person_id: int,
    check_in_id: int,
    is_well: bool,
    words: str = "",
) -> Answered:
    """The resident's own button. Where several share a chat it ends nothing: anybody may press."""
    case = find_case(session, check_in_id=check_in_id)
    if case is None or case.resident_id != person_id:
        raise NotAllowed
    outcome = Outcome.OWN_BUTTON if is_well else Outcome.NEEDS_HELP
    _note_outcome(session, case, now=now, actor_id=person_id, outcome=outcome)
    if not case.is_open:
        return _late(session, case, now=now, actor_id=person_id, outcome=outcome, words=words)
    if not is_well:
        return _need(session, case, now=now, actor_id=person_id, words=words)
    if not is_positive(outcome, shared_chat=not has_own_chat(session, person_id=person_id)):
        return _state(session, case, Effect.NOTED, outcome)
    return _end(session, case, now=now, actor_id=person_id, outcome=outcome)


def _is_their_turn(session: Session, case: Case, actor_id: int) -> bool:
    """Whether the one next step waits for this person; others' vain tries change nothing."""
    if case.holder_id is not None:
        return case.holder_id == actor_id
    if case.asked == 0 or case.rung in (Rung.OFFICE, Rung.NO_SUPPORT):
        return False
    if case.rung in CALLER_RUNGS:
        return actor_id == case.caller_id
    return actor_id in list_asked_now(session, case)


def _end(
    session: Session, case: Case, *, now: datetime, actor_id: int, outcome: Outcome
) -> Answered:
    contacted = list_contacted(session, case, now=now)
    closed = close_case(session, case, now=now, ending=outcome.value, ended_by=actor_id)
    tell_over(session, closed, now=now, actor_id=actor_id, contacted=contacted, held=case)
    end_earlier(session, closed, now=now, actor_id=actor_id)
    return _state(session, closed, Effect.ENDED, outcome)


def _need(session: Session, case: Case, *, now: datetime, actor_id: int, words: str) -> Answered:
    contacted = list_contacted(session, case, now=now)
    ending = Outcome.NEEDS_HELP
    closed = close_case(session, case, now=now, ending=ending.value, ended_by=actor_id)
    need_id = open_need_of(session, closed, now=now, stated_by=actor_id, words=words)
    tell_over(session, closed, now=now, actor_id=actor_id, contacted=contacted, held=case)
    return _state(session, closed, Effect.ENDED, ending, need_id=need_id)


def _late(
    session: Session,
    case: Case,
    *,
    now: datetime,
    actor_id: int,
    outcome: Outcome,
    words: str,
) -> Answered:
    """The case is over. One thing is still acted on: that help is needed."""
    if outcome is not Outcome.NEEDS_HELP or find_need_of(session, case, urgent=True) is not None:
        return _state(session, case, Effect.LATE, outcome)
    need_id = open_need_of(session, case, now=now, stated_by=actor_id, words=words)
    if case.ended_by is not None and case.ended_by != actor_id:
        say(
            session,
            now=now,
            to=case.ended_by,
            key=f"check_in:{case.id}:late_need:{need_id}",
            template="check_in_late_need",
            message_class=MessageClass.MUST,
            facts={
                "name": name_of(session, case.resident_id),
                "by": name_of(session, actor_id),
                "need_id": need_id,
            },
            chosen_time=True,
        )
    return _state(session, case, Effect.LATE_NEED, outcome, need_id=need_id)


def _note_outcome(
    session: Session, case: Case, *, now: datetime, actor_id: int, outcome: Outcome
) -> None:
    note(
        session,
        now=now,
        what="check_in_outcome" if case.is_open else "check_in_late_outcome",
        actor_id=actor_id,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        ground=case.rung.value,
        detail=outcome.value,
    )


def _state(
    session: Session,
    case: Case,
    effect: Effect,
    outcome: Outcome,
    *,
    need_id: int | None = None,
) -> Answered:
    return Answered(
        effect=effect,
        check_in_id=case.id,
        resident=name_of(session, case.resident_id) or "",
        outcome=outcome,
        rung=case.rung,
        next_at=case.next_step_at,
        holder=name_of(session, case.holder_id),
        ending=case.ending,
        ended_by=name_of(session, case.ended_by),
        closed_at=case.closed_at,
        need_id=need_id if need_id is not None else find_need_of(session, case),
    )
