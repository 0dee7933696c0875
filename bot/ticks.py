"""Ticks: the bell that lets due rows move; the rows are the truth, the scheduler only rings."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.alarms import next_alarm_at, ring_alarms
from storage.answers import next_question_at, remind_of_questions
from storage.call_backs import next_call_back_at, plan_call_backs
from storage.call_plans import (
    lapse_asks,
    next_button_at,
    next_lapse_at,
    next_proposal_at,
    next_round_step_at,
    offer_buttons,
    propose_festivals,
    step_rounds,
)
from storage.chain import next_post_due_at, post_head, seal_journal
from storage.check_ins import (
    climb_ladder,
    next_call_at,
    next_outage_at,
    next_rung_at,
    next_thanks_at,
    start_check_ins,
    tell_outages,
    thank_callers,
)
from storage.complaints import next_complaint_at, remind_of_complaints
from storage.consenting import move_consents, next_consent_at
from storage.database import Database, Session
from storage.days import next_day_reminder_at, send_day_reminders
from storage.door_cards import hide_door_cards
from storage.duplicates import look_for_duplicates, next_duplicates_at
from storage.duty import look_over_rotas, next_look_at
from storage.files import wipe_files
from storage.heartbeats import FAILED, beat, list_heartbeats
from storage.imports.wiping import wipe_imports
from storage.inbox import wipe_old
from storage.mails import queue_mails, wipe_mail
from storage.needs import (
    climb_needs,
    move_needs,
    next_climb_at,
    next_need_at,
    next_watch_at,
    watch_visits,
)
from storage.needs.media import move_media, next_media_at
from storage.needs.series import make_visits, next_visit_due_at
from storage.notices import next_notice_at, send_notices
from storage.office import (
    forget_searches,
    next_digest_at,
    next_duty_week_at,
    send_digests,
    tell_duty_weeks,
)
from storage.outages import MESSENGER, find_lasting, note_outages
from storage.outbox.leasing import next_send_at
from storage.outbox.outcomes import wipe_sent
from storage.pairs import move_pairs, next_pair_at, remind_of_tellings
from storage.pauses import end_due_pauses, next_pause_at
from storage.registers import next_end_at, remind_of_ends
from storage.rehab import next_reminder_at, remind_of_visits
from storage.retention import purge
from storage.surveys import move_rounds, next_round_at

# A step that never says "no more" would keep the thread for itself for ever.
STEPS_AT_MOST = 10_000
# So many steps of one thing, and what is urgent and stands before it moves again: five thousand
# calls that are due in one minute take half a minute, and their callers are asked meanwhile.
STEPS_IN_A_ROW = 50
URGENT = frozenset({"alarms", "ladder"})

log = logging.getLogger(__name__)


class Step(Protocol):
    """Moves one due row in a transaction of its own; says whether there may be more."""

    def __call__(self, database: Database, *, now: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class Tick:
    """One kind of thing that falls due: how to move it, and when the next one is due.

    ``speaks``: all it does is to ask and remind people. While the messenger is away it stands
    still, as if the program slept: else each step would queue a message, and all would go at once.
    """

    name: str
    step: Step
    next_at: Callable[[Session], datetime | None] | None = None
    speaks: bool = False


def housekeep(database: Database, *, now: datetime) -> bool:
    """Wipe contents that have served: bodies of updates, messages and files, and searches."""
    with database.transaction() as session:
        wipe_old(session, now=now)
        wipe_sent(session, now=now)
        wipe_mail(session, now=now)
        wipe_files(session, now=now)
        forget_searches(session, now=now)
        wipe_imports(session, now=now)
    return False


# Alarms first: nothing else may stand in their way.
TICKS = (
    Tick("alarms", ring_alarms, next_alarm_at),
    # Before the ladder: what an outage swallowed is told once, and not by each case.
    Tick("outages", tell_outages, next_outage_at),
    Tick("media", move_media, next_media_at),
    Tick("ladder", climb_ladder, next_rung_at),
    Tick("mails", queue_mails),
    # Before the calls: what falls due after a pause is planned by its end.
    Tick("pauses", end_due_pauses, next_pause_at),
    # Extra rounds before the calls, which they bring forward: they say nothing themselves.
    Tick("call_rounds", step_rounds, next_round_step_at),
    Tick("festivals", propose_festivals, next_proposal_at, speaks=True),
    # And the button that may make a call needless.
    Tick("call_buttons", offer_buttons, next_button_at, speaks=True),
    Tick("stand_ins", lapse_asks, next_lapse_at, speaks=True),
    Tick("calls", start_check_ins, next_call_at),
    Tick("call_thanks", thank_callers, next_thanks_at, speaks=True),
    # Before the needs: a visit that is made is one.
    Tick("visits", make_visits, next_visit_due_at, speaks=True),
    Tick("out_safe", watch_visits, next_watch_at, speaks=True),
    Tick("needs", move_needs, next_need_at, speaks=True),
    Tick("overdue", climb_needs, next_climb_at, speaks=True),
    Tick("complaints", remind_of_complaints, next_complaint_at, speaks=True),
    Tick("questions", remind_of_questions, next_question_at, speaks=True),
    Tick("consents", move_consents, next_consent_at, speaks=True),
    Tick("home_visits", remind_of_visits, next_reminder_at, speaks=True),
    Tick("pairs", move_pairs, next_pair_at, speaks=True),
    Tick("pair_tellings", remind_of_tellings, speaks=True),
    Tick("registers", remind_of_ends, next_end_at, speaks=True),
    Tick("days", send_day_reminders, next_day_reminder_at, speaks=True),
    # Before the digest, which counts what waits.
    Tick("call_backs", plan_call_backs, next_call_back_at, speaks=True),
    Tick("door_cards", hide_door_cards),
    Tick("rotas", look_over_rotas, next_look_at, speaks=True),
    Tick("duty_weeks", tell_duty_weeks, next_duty_week_at, speaks=True),
    Tick("digests", send_digests, next_digest_at, speaks=True),
    Tick("duplicates", look_for_duplicates, next_duplicates_at),
    Tick("retention", purge),
    Tick("journal", seal_journal),
    Tick("journal_head", post_head, next_post_due_at),
    Tick("surveys", move_rounds, next_round_at, speaks=True),
    Tick("notices", send_notices, next_notice_at, speaks=True),
    Tick("housekeeping", housekeep),
)


def run_ticks(database: Database, *, now: datetime, reached: bool = False) -> bool:
    """Let everything that is due move once through; returns whether anything moved.

    One failing tick does not keep the others from running. ``reached``: the messenger answers.
    """
    # By the heartbeats as the last tick left them: a longer silence is an outage.
    silent = database.do(_look_back, now=now, reached=reached)
    moved = {
        tick.name: False if silent and tick.speaks else _move(tick, database, now=now)
        for tick in TICKS
    }
    ran = [name for name, has_moved in moved.items() if has_moved is not None]
    failed = [f"{FAILED}{name}" for name, has_moved in moved.items() if has_moved is None]
    database.do(beat, names=[*ran, *failed], now=now)
    return any(moved.values())


def _move(tick: Tick, database: Database, *, now: datetime) -> bool | None:
    """Let one kind of thing move; returns whether any did, None when it failed."""
    try:
        return _sweep(tick, database, now=now)
    except Exception as error:
        # Only the kind of error: its text could hold somebody's words.
        log.error("tick %s failed: %s", tick.name, type(error).__name__)
        return None


def _sweep(tick: Tick, database: Database, *, now: datetime) -> bool:
    ahead = [one for one in TICKS[: TICKS.index(tick)] if one.name in URGENT]
    for steps in range(1, STEPS_AT_MOST + 1):
        if not tick.step(database, now=now):
            return steps > 1
        if steps % STEPS_IN_A_ROW == 0:
            for one in ahead:
                _move(one, database, now=now)
    return True


def _look_back(session: Session, *, now: datetime, reached: bool) -> bool:
    """Note outages by the heartbeats; returns whether nobody can be written to now."""
    if reached:
        beat(session, names=(MESSENGER,), now=now)
    note_outages(session, now=now)
    return find_lasting(session) is not None


def stay_awake(session: Session, *, now: datetime, reached: bool) -> None:
    """Note that nothing stood still until now: practice moved the clock over an idle stretch."""
    known = list_heartbeats(session)
    names = [tick.name for tick in TICKS if tick.name in known]
    beat(session, names=[*names, MESSENGER] if reached else names, now=now)


def next_due_at(session: Session) -> datetime | None:
    """Return when the next thing falls due, messages held by quiet hours included."""
    silent = find_lasting(session) is not None
    asked = (tick.next_at for tick in TICKS if not (silent and tick.speaks))
    moments = [next_at(session) for next_at in asked if next_at is not None]
    moments.append(next_send_at(session))
    return min((moment for moment in moments if moment is not None), default=None)
