"""Climbing: an open check-in always has a next step, until somebody knows how the person is."""

from datetime import datetime, timedelta

from sqlalchemy import select

from storage.check_ins.cases import (
    CALLER_RUNGS,
    MISSED,
    Case,
    change_case,
    climb_to,
    find_helper,
    get_case,
    has_second,
    wait_until,
)
from storage.check_ins.facts import name_of
from storage.check_ins.missed import tell_missed
from storage.check_ins.prompts import (
    ask_caller,
    ask_duty,
    ask_stand_in,
    ask_to_phone_contact,
    find_phoner,
)
from storage.check_ins.waiting import wait_for_messenger
from storage.database import Database, Session
from storage.journal import note
from storage.outages import waits_until
from storage.outbox.outcomes import cannot_arrive, sent_at
from storage.pausing import find_pause, is_paused
from storage.people import Person
from storage.rules.ladder import DOOR_WINDOW, REPEAT_EVERY, REPORT_WINDOW, Outcome, Rung, after
from storage.rules.pauses import SETTLES_AFTER
from storage.tables import check_in

# A prompt is looked after twice: soon, so that one that cannot arrive costs a minute, and then
# when it has waited so long that somebody else is faster.
FIRST_LOOK = timedelta(minutes=1)
UNSENT_LIMIT = timedelta(minutes=5)


def climb_ladder(database: Database, *, now: datetime) -> bool:
    """Move one check-in whose step is due; returns whether there may be more."""
    with database.transaction() as session:
        due = session.find(
            select(check_in.c.id)
            .where(check_in.c.next_step_at <= now, check_in.c.state == "open")
            .order_by(check_in.c.next_step_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if due is None:
            return False
        _step(session, get_case(session, check_in_id=due.id), now=now)
    return True


def next_rung_at(session: Session) -> datetime | None:
    """Return when the next open check-in moves."""
    moment: datetime | None = session.value(
        select(check_in.c.next_step_at)
        .where(check_in.c.next_step_at.is_not(None))
        .order_by(check_in.c.next_step_at)
        .limit(1)
    )
    return moment


def climb_after(session: Session, case: Case, outcome: Outcome, *, now: datetime) -> Case:
    """Put the case where the ladder's table says after an outcome that leaves it open."""
    rung = Rung.HELD if case.holder_id is not None else case.rung
    step = after(outcome, rung, has_second=has_second(session, case))
    following = step.rung or Rung.EVERYONE_ON_DUTY
    moment = now + step.after
    # Silence at a later try does not take back what somebody heard at the one before.
    heard = None if outcome is Outcome.NO_REPORT and case.last_outcome else outcome.value
    moved = climb_to(session, case, rung=following, moment=moment, outcome=heard)
    _note(session, moved, now=now, what="check_in_climbed", detail=outcome.value)
    return moved


def _step(session: Session, case: Case, *, now: datetime) -> None:
    until = waits_until(session, now=now)
    if until is not None and case.holder_id is None:
        # Nobody can be written to, or what people wrote meanwhile is being read.
        wait_for_messenger(session, case, now=now, until=until)
        return
    away = find_pause(session, person_id=case.resident_id)
    if away is not None and away.is_for_good:
        # Staff have just said that the person died or moved; an hour later the case ends.
        wait_until(session, case, moment=now + SETTLES_AFTER, asked=case.asked)
    elif case.holder_id is not None:
        _ask_everyone(session, case, now=now, released=name_of(session, case.holder_id))
    elif case.last_outcome == MISSED:
        tell_missed(session, now=now)
    elif case.rung is Rung.EVERYONE_ON_DUTY:
        _ask_everyone(session, case, now=now, released=None)
    elif case.asked == 0:
        _ask_first(session, case, now=now)
    else:
        _look_after(session, case, now=now)


def _ask_first(session: Session, case: Case, *, now: datetime) -> None:
    """Ask whoever's turn this rung is; when they are gone or cannot be written to, the next."""
    caller = _find_present(session, case.caller_id, now=now)
    stand_in = _find_present(session, case.stand_in_id, now=now)
    phoner = find_phoner(session, case) if case.contact_phone is not None else None
    if case.rung in CALLER_RUNGS and caller is not None:
        ask_caller(session, _asked(session, case, now=now, look=FIRST_LOOK), now=now)
    elif case.rung in CALLER_RUNGS:
        _pass_over(session, case, now=now)
    elif stand_in is not None:
        asked = _asked(session, case, now=now, look=FIRST_LOOK)
        ask_stand_in(session, asked, now=now, stand_in=stand_in)
    elif phoner is not None:
        asked = _asked(session, case, now=now, look=FIRST_LOOK)
        ask_to_phone_contact(session, asked, now=now, phoner=phoner)
    else:
        # Everyone on duty gets the emergency contact's number.
        _pass_over(session, case, now=now)


def _find_present(session: Session, person_id: int | None, *, now: datetime) -> Person | None:
    """Return the helper, unless they are away themselves."""
    helper = find_helper(session, person_id=person_id)
    away = helper is not None and is_paused(session, person_id=helper.id, now=now)
    return None if away else helper


def _asked(session: Session, case: Case, *, now: datetime, look: timedelta) -> Case:
    return change_case(session, case, {"repeat": case.asked + 1, "next_step_at": now + look})


def _pass_over(session: Session, case: Case, *, now: datetime) -> None:
    """Whoever's turn it is cannot be reached: the next one, without a second try."""
    rung = Rung.RETRY_CALLER if case.rung in CALLER_RUNGS else case.rung
    step = after(Outcome.NO_REPORT, rung, has_second=has_second(session, case))
    following = step.rung or Rung.EVERYONE_ON_DUTY
    moved = climb_to(session, case, rung=following, moment=now)
    _note(session, moved, now=now, what="check_in_passed_over")


def _look_after(session: Session, case: Case, *, now: datetime) -> None:
    """The prompt is out: wait for the answer, for its sending, or no longer."""
    window = REPORT_WINDOW if case.rung in CALLER_RUNGS else DOOR_WINDOW
    sent = sent_at(session, key=case.ask_key)
    if sent is not None:
        if sent + window > now:
            wait_until(session, case, moment=sent + window, asked=2)
        else:
            climb_after(session, case, Outcome.NO_REPORT, now=now)
    elif cannot_arrive(session, key=case.ask_key) or case.asked > 1:
        _note(session, case, now=now, what="check_in_prompt_unsent")
        _pass_over(session, case, now=now)
    else:
        wait_until(session, case, moment=now + UNSENT_LIMIT - FIRST_LOOK, asked=2)


def _ask_everyone(session: Session, case: Case, *, now: datetime, released: str | None) -> None:
    """Ring everyone on duty, again and again: the top rung has no end but a named person."""
    if released is not None:
        _note(session, case, now=now, what="check_in_hold_over")
        # From here on a call that was missed is a live case like any other.
        outcome = Outcome.NO_REPORT.value if case.last_outcome == MISSED else None
        case = climb_to(session, case, rung=Rung.EVERYONE_ON_DUTY, moment=now, outcome=outcome)
    asked = _asked(session, case, now=now, look=REPEAT_EVERY)
    if ask_duty(session, asked, now=now, released=released) == 0:
        _note(session, asked, now=now, what="nobody_on_duty")


def _note(session: Session, case: Case, *, now: datetime, what: str, detail: str = "") -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=None,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        ground=case.rung.value,
        detail=detail,
    )
