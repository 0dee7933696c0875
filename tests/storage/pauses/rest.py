"""Pausing in one line each, and letting time pass with the pauses' own tick."""

from datetime import date, timedelta
from typing import Any

from storage.check_ins import climb_ladder, next_call_at, next_rung_at, start_check_ins
from storage.outbox.leasing import next_send_at
from storage.pauses import PauseCard, begin_pause, end_due_pauses, next_pause_at
from storage.people import get_person
from storage.rules.pauses import Reason
from tests.storage.calls.street import Street

STEPS = (end_due_pauses, climb_ladder, start_check_ins, climb_ladder)


def pause(
    street: Street,
    *,
    by: str = "wang",
    whom: str = "lan",
    reason: Reason = Reason.HOSPITAL,
    last_day: date | None = date(2026, 11, 27),
    **more: Any,
) -> PauseCard:
    """Staff say that somebody is away."""
    with street.database.transaction() as session:
        return begin_pause(
            session,
            now=street.now,
            actor=get_person(session, person_id=street.people[by]),
            person_id=street.people[whom],
            reason=reason,
            last_day=last_day,
            **more,
        )


def change(street: Street, act: Any, card: PauseCard, *, by: str = "wang") -> PauseCard:
    """End a pause, or take it back."""
    with street.database.transaction() as session:
        actor = get_person(session, person_id=street.people[by])
        changed: PauseCard = act(session, now=street.now, actor=actor, pause_id=card.id)
        return changed


def pass_time(street: Street, **delta: float) -> None:
    """Move through every due time, with the post going out in between."""
    end = street.now + timedelta(**delta)
    while True:
        for step in STEPS:
            while step(street.database, now=street.now):
                pass
        street.deliver()
        with street.database.transaction() as session:
            asked = (next_pause_at, next_rung_at, next_call_at, next_send_at)
            moments = [ask(session) for ask in asked]
        due = min((one for one in moments if one is not None), default=None)
        if due is None or due > end:
            break
        street.now = max(street.now, due)
    street.now = end
