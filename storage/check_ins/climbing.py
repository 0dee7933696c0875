"""Climbing: an open check-in always has a next step, until somebody knows how the person is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from storage.check_ins.asked import list_asked_here, list_asked_now, list_on_rung, remember_asked
from storage.check_ins.cases import MISSED, Case, change_case, climb_to, get_case, wait_until
from storage.check_ins.day.households import (
    ask_about_household,
    list_others,
    near_due_at,
    prompt_key,
)
from storage.check_ins.facts import name_of
from storage.check_ins.missed import tell_missed
from storage.check_ins.news import tell_hold_over
from storage.check_ins.prompts import ask_caller
from storage.check_ins.rungs import ask_duty, ask_people
from storage.check_ins.waiting import wait_for_messenger
from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.journal import note
from storage.outages import waits_until
from storage.outbox.outcomes import cannot_arrive, sent_at
from storage.outbox.turns import waits_for_its_turn
from storage.pausing import find_pause
from storage.rules.ladder import CALLER_RUNGS, Outcome, Rung, after, ends_by_evening, pass_over
from storage.rules.pauses import SETTLES_AFTER
from storage.tables import check_in

# A prompt is looked after twice: soon, so that one that cannot arrive costs a minute, and then
# when it has waited so long that somebody else is faster. One that is only behind others is waited
# for: at 28 messages a second the last of 9,000 is out after 321 seconds, and whoever was passed
# over for that would hear nothing of their own call. No longer than this, though.
FIRST_LOOK = timedelta(minutes=1)
UNSENT_LIMIT = timedelta(minutes=5)
PACED_LIMIT = timedelta(minutes=30)


def climb_ladder(database: Database, *, now: datetime) -> bool:
    """Move one check-in whose step is due; returns whether there may be more."""
    return move_oldest(database, _move, now=now, due=check_in.c.next_step_at)


def _move(session: Session, row: Row[Any], *, now: datetime) -> None:
    _step(session, get_case(session, check_in_id=row.id), now=now)


def next_rung_at(session: Session) -> datetime | None:
    """Return when the next open check-in moves."""
    return find_soonest(session, due=check_in.c.next_step_at)


def climb_after(session: Session, case: Case, outcome: Outcome, *, now: datetime) -> Case:
    """Put the case where its ladder says after an outcome that leaves it open."""
    move = after(case.ladder, case.rung, outcome)
    moment = ends_by_evening(session.house.local(now), move.after, session.house.quiet)
    # Silence at a later try does not take back what somebody heard at the one before.
    heard = None if outcome is Outcome.NO_REPORT and case.last_outcome else outcome.value
    rung = move.rung or Rung.NO_SUPPORT
    moved = climb_to(session, case, rung=rung, moment=moment, outcome=heard)
    _note(session, moved, now=now, what="check_in_climbed", detail=outcome.value)
    return _skip_empty(session, moved, now=now) if move.after == timedelta(0) else moved


def _skip_empty(session: Session, case: Case, *, now: datetime) -> Case:
    """Pass over rungs on which nobody is, so that whoever reported hears who is asked next."""
    while case.rung not in (*CALLER_RUNGS, Rung.NO_SUPPORT):
        if list_on_rung(session, case, now=now):
            break
        case = _pass_over(session, case, now=now)
    return case


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
        _end_hold(session, case, now=now)
    elif case.last_outcome == MISSED:
        tell_missed(session, now=now)
    elif case.rung is Rung.NO_SUPPORT:
        _ring_duty(session, case, now=now)
    elif case.asked == 0 and (near := near_due_at(session, case, now=now)) is not None:
        wait_until(session, case, moment=near, asked=0)
    elif case.asked == 0:
        _ask(session, case, list_on_rung(session, case, now=now), now=now)
    else:
        _look_after(session, case, now=now)


def _ask(session: Session, case: Case, people: Sequence[int], *, now: datetime) -> None:
    """Ask whoever's turn this rung is; when nobody is on it, the next, without a wait."""
    if not people:
        _pass_over(session, case, now=now)
        return
    asked = _asked(session, case, now=now, look=FIRST_LOOK)
    remember_asked(session, asked, people, now=now)
    if case.rung in CALLER_RUNGS:
        _ask_caller(session, asked, now=now)
    elif case.rung is Rung.OFFICE:
        ask_duty(session, asked, people, now=now)
    else:
        ask_people(session, asked, people, now=now)


def _ask_caller(session: Session, case: Case, *, now: datetime) -> None:
    """Ask about everybody of the household whose call is this caller's now."""
    others = [
        _asked(session, one, now=now, look=FIRST_LOOK)
        for one in list_others(session, case)
        if _may_be_asked_about(session, one, now=now)
    ]
    for one in others:
        remember_asked(session, one, [one.caller_id], now=now)
    if others:
        ask_about_household(session, [case, *others], now=now)
    else:
        ask_caller(session, case, now=now)


def _may_be_asked_about(session: Session, case: Case, *, now: datetime) -> bool:
    """Whether the caller may call this one too, and nobody has just said that they are gone."""
    away = find_pause(session, person_id=case.resident_id)
    is_gone = away is not None and away.is_for_good
    return not is_gone and bool(list_on_rung(session, case, now=now))


def _asked(session: Session, case: Case, *, now: datetime, look: timedelta) -> Case:
    return change_case(session, case, {"repeat": case.asked + 1, "next_step_at": now + look})


def _pass_over(session: Session, case: Case, *, now: datetime) -> Case:
    """Whoever's turn it is cannot be reached: the next one, without a second try."""
    rung = pass_over(case.ladder, case.rung).rung or Rung.NO_SUPPORT
    moved = climb_to(session, case, rung=rung, moment=now)
    _note(session, moved, now=now, what="check_in_passed_over", detail=case.rung.value)
    return moved


def _look_after(session: Session, case: Case, *, now: datetime) -> None:
    """The prompt is out: wait for the answer, for its sending, or no longer."""
    window = case.ladder.at(case.rung).window
    people = list_asked_now(session, case)
    keys = [case.ask_key_to(one) for one in people]
    if case.rung in CALLER_RUNGS:
        keys = [prompt_key(session, case)]
    sent = [moment for key in keys if (moment := sent_at(session, key=key)) is not None]
    if sent:
        # A clock that was set back makes nobody wait longer than once more.
        until = min(min(sent), now) + window
        if until > now and min(sent) + window > now:
            wait_until(session, case, moment=until, asked=2)
        else:
            climb_after(session, case, Outcome.NO_REPORT, now=now)
    elif case.asked > 1 and any(
        waits_for_its_turn(session, key=key, now=now, most=PACED_LIMIT) for key in keys
    ):
        wait_until(session, case, moment=now + FIRST_LOOK, asked=2)
    elif case.asked > 1:
        _note(session, case, now=now, what="check_in_prompt_unsent")
        _pass_over(session, case, now=now)
    elif all(cannot_arrive(session, key=key) for key in keys):
        _note(session, case, now=now, what="check_in_prompt_unsent")
        tried = list_asked_here(session, case)
        others = [one for one in list_on_rung(session, case, now=now) if one not in tried]
        _ask(session, case, [] if case.rung in CALLER_RUNGS else others, now=now)
    else:
        wait_until(session, case, moment=now + UNSENT_LIMIT - FIRST_LOOK, asked=2)


def _end_hold(session: Session, case: Case, *, now: datetime) -> None:
    """Whoever took it did not say that they are there, or how it ended: the ladder goes on.

    From where it was: past the holder's own rung; a rung that was left to them is asked anew.
    """
    _note(session, case, now=now, what="check_in_hold_over", detail=_how(case))
    move = after(case.ladder, case.rung, Outcome.NO_REPORT)
    own = case.holder_id in list_asked_here(session, case)
    # From here on a call that was missed is a live case like any other.
    was_missed = case.last_outcome == MISSED
    outcome = Outcome.NO_REPORT.value if was_missed or case.last_outcome is None else None
    rung = (move.rung if own and not was_missed else case.rung) or Rung.NO_SUPPORT
    moved = climb_to(session, case, rung=rung, moment=now, outcome=outcome)
    moved = _skip_empty(session, moved, now=now)
    following = list_on_rung(session, moved, now=now)
    tell_hold_over(session, moved, now=now, held=case, following=following)
    if moved.rung is Rung.NO_SUPPORT:
        _ring_duty(session, moved, now=now, former=case.holder_id)


def _how(case: Case) -> str:
    return case.confirmed_as.value if case.confirmed_as is not None else "not_confirmed"


def _ring_duty(session: Session, case: Case, *, now: datetime, former: int | None = None) -> None:
    """No confirmed support: ring everyone on duty, again and again, until a named person holds."""
    window = case.ladder.top.window
    asked = _asked(session, case, now=now, look=window)
    people = list_on_rung(session, asked, now=now)
    # Whoever had it until now was just told so; they are rung again with the others.
    others = [one for one in people if one != former] or people
    remember_asked(session, asked, others, now=now)
    if ask_duty(session, asked, others, now=now, released=name_of(session, former)) == 0:
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
