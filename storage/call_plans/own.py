"""What is the person's own to arrange: other days or another hour, and a button to say "fine"."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, update

from storage.call_plans.making import change_plan
from storage.call_plans.plans import CallPlan, get_draft, get_plan
from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.journal import note
from storage.outbox import Button, MessageClass, say
from storage.rules.access import Act
from storage.rules.rhythm import Every
from storage.tables import check_in_plan

# A button that arrives later than this would only ask about yesterday.
_SHELF = timedelta(hours=6)


def move_calls(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    plan_id: int,
    version: int,
    clock: time,
    until: time | None = None,
    weekdays: frozenset[int] | None = None,
) -> CallPlan:
    """The person would rather be called at another hour or on other days; how often stays."""
    draft = get_draft(session, actor_id=actor_id, plan_id=plan_id, act=Act.ARRANGE_CALLS)
    by_week = draft.every in (Every.WEEK, Every.FORTNIGHT) and weekdays is not None
    # As many days as before: fewer would be less than the tier asks for.
    enough = by_week and len(weekdays or ()) >= len(draft.weekdays)
    moved = replace(draft, clock=clock, until=until)
    if enough and weekdays is not None:
        moved = replace(moved, weekdays=weekdays, starts_on=None)
    return change_plan(
        session,
        now=now,
        actor_id=actor_id,
        plan_id=plan_id,
        version=version,
        draft=moved,
        act=Act.ARRANGE_CALLS,
    )


def switch_button(
    session: Session, *, now: datetime, actor_id: int, plan_id: int, version: int, kind: str
) -> CallPlan:
    """Let the person be asked by a button first, on call days or each day; or no more."""
    draft = get_draft(session, actor_id=actor_id, plan_id=plan_id, act=Act.ARRANGE_CALLS)
    return change_plan(
        session,
        now=now,
        actor_id=actor_id,
        plan_id=plan_id,
        version=version,
        draft=replace(draft, own_button=kind),
        act=Act.ARRANGE_CALLS,
    )


def offer_buttons(database: Database, *, now: datetime) -> bool:
    """Send one person the button before their call; returns whether there may be more."""
    return move_oldest(database, _take_up, now=now, due=check_in_plan.c.button_at)


def _take_up(session: Session, row: Row[Any], *, now: datetime) -> None:
    session.change(
        update(check_in_plan)
        .where(check_in_plan.c.id == row.id, check_in_plan.c.button_at == row.button_at)
        .values(button_at=None)
    )
    # After an outage the call itself is due: then it is the caller who asks.
    if now < row.next_due_at:
        _offer(session, get_plan(session, plan_id=row.id), now=now, due=row.next_due_at)


def next_button_at(session: Session) -> datetime | None:
    """Return when the next button goes out."""
    return find_soonest(session, due=check_in_plan.c.button_at)


def _offer(session: Session, plan: CallPlan, *, now: datetime, due: datetime) -> None:
    say(
        session,
        now=now,
        to=plan.resident_id,
        key=f"plan:{plan.id}:fine:{due:%Y%m%d%H%M}",
        template="plan_are_you_fine",
        message_class=MessageClass.MUST,
        facts={"caller": plan.caller, "due": due.isoformat(), "channel": plan.channel.value},
        buttons=[
            [Button("check_in.own_button", f"plan:fine:{plan.id}:{plan.version}")],
            [Button("plan.not_fine", f"plan:not_fine:{plan.id}:{plan.version}")],
        ],
        card=f"plan:{plan.id}:fine",
        shelf=_SHELF,
        chosen_time=True,
    )
    note(
        session,
        now=now,
        what="button_offered",
        actor_id=None,
        subject_id=plan.resident_id,
        thing="check_in_plan",
        thing_id=plan.id,
    )
