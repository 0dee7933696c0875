"""A slip of the finger: an ending is taken back within minutes, and the case goes on."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from storage.check_ins.cases import Case, find_case, get_case, has_number, may_still_know
from storage.check_ins.day.households import keep_prompt, prompt_key
from storage.check_ins.facts import Facts, case_facts, hold_button, name_of, outcome_buttons
from storage.check_ins.holding import THERE, CheckInOver
from storage.check_ins.needing import find_need_of
from storage.check_ins.together import reopen_earlier
from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.outbox import Button, MessageClass
from storage.outbox.outcomes import sent_at
from storage.refusals import NotAllowed, TooLate
from storage.rules.ladder import CALLER_RUNGS, Outcome
from storage.tables import check_in, need

# Long enough to see it, short enough that nobody counts on the ending yet.
TAKE_BACK_WITHIN = timedelta(minutes=10)
# They have the buttons before them; after that the step goes on as it stood.
LOOKED_AT_AGAIN = timedelta(minutes=5)
ENDINGS = (Outcome.SPOKE_FINE.value, Outcome.SEEN.value, Outcome.NEEDS_HELP.value)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The case as it is open again; ``need_id`` is the need that the slip had opened."""

    facts: Facts
    buttons: list[list[Button]]
    card: str
    need_id: int | None


def take_back_answer(
    session: Session, *, now: datetime, actor_id: int, check_in_id: int
) -> TakenBack:
    """Open the case again on its step; only whoever ended it, and only for some minutes."""
    case = find_case(session, check_in_id=check_in_id)
    if case is None or not may_still_know(session, case, person_id=actor_id):
        raise NotAllowed
    if case.is_open or case.ended_by != actor_id or not _is_fresh(case, now):
        raise CheckInOver(
            name=name_of(session, case.resident_id),
            ending=case.ending or case.last_outcome,
            ended_by=name_of(session, case.ended_by),
        )
    need_id = find_need_of(session, case, urgent=True)
    reopen_earlier(session, case, now=now, actor_id=actor_id)
    # What they were asked with still stands in their chat, and its window runs on.
    prompt = prompt_key(session, replace(case, version=case.version - 1))
    asked = sent_at(session, key=prompt) is not None
    ending = case.ending or ""
    reopened = session.change(
        update(check_in)
        .where(check_in.c.id == case.id, check_in.c.version == case.version)
        .where(check_in.c.state == "closed", check_in.c.ended_by == actor_id)
        .values(
            state="open",
            ending=None,
            ended_by=None,
            closed_at=None,
            last_outcome=None,
            version=case.version + 1,
            **_step(session, case, now=now, actor_id=actor_id, asked=asked),
        )
    )
    if reopened != 1:
        raise TooLate
    note(
        session,
        now=now,
        what="check_in_taken_back",
        actor_id=actor_id,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        ground=case.rung.value,
        detail=ending,
    )
    if need_id is not None:
        _tell_about_need(session, case, need_id, now=now, actor_id=actor_id)
    opened = get_case(session, check_in_id=case.id)
    if opened.asked:
        keep_prompt(session, opened, key=prompt)
    holds = opened.holder_id == actor_id
    there = [[hold_button(opened, one.value)] for one in THERE] if holds else []
    return TakenBack(
        facts=case_facts(session, opened),
        buttons=[*there, *outcome_buttons(opened, visitor=holds)],
        card=opened.card,
        need_id=need_id,
    )


def _tell_about_need(
    session: Session, case: Case, need_id: int, *, now: datetime, actor_id: int
) -> None:
    """The need stays until somebody of the staff has seen that nothing is the matter."""
    version = session.value(select(need.c.version).where(need.c.id == need_id))
    tell_duty(
        session,
        now=now,
        key=f"check_in:{case.id}:v{case.version}:slip",
        template="check_in_need_slip",
        message_class=MessageClass.MUST,
        facts={
            "name": name_of(session, case.resident_id),
            "by": name_of(session, actor_id),
            "need_id": need_id,
        },
        about=case.resident_id,
        buttons=[[Button("check_in.see_need", f"desk:see:{need_id}:{version}")]],
        without=actor_id,
    )


def _is_fresh(case: Case, now: datetime) -> bool:
    ended = case.ending in ENDINGS and case.closed_at is not None
    return ended and case.closed_at is not None and now - case.closed_at <= TAKE_BACK_WITHIN


def _step(
    session: Session, case: Case, *, now: datetime, actor_id: int, asked: bool
) -> dict[str, object]:
    """Where it goes on: with the caller at their phone, or in the hand of whoever went there.

    Those asked on this rung were told that it is over, so they are asked anew: at once where the
    slip was made on a telephone, else when nobody says within minutes that they are there.
    """
    if case.rung in CALLER_RUNGS and actor_id == case.caller_id:
        return {"repeat": 2 if asked else 0, "next_step_at": now + LOOKED_AT_AGAIN}
    if actor_id == case.caller_id or _on_the_phone(session, case, actor_id):
        return {"repeat": 0, "next_step_at": now}
    until = now + LOOKED_AT_AGAIN
    return {"holder_id": actor_id, "held_until": until, "next_step_at": until}


def _on_the_phone(session: Session, case: Case, actor_id: int) -> bool:
    """Whether they had taken the number, and do not say that they were at the door."""
    return case.ending != Outcome.SEEN and has_number(session, case, actor_id)
