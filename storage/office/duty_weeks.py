"""Monday: "who is on this week", to those on duty with what is open, and to their colleagues."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, update

from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.duty import Rota, list_colleagues, open_rota
from storage.office.waiting import desk_buttons, desk_facts, list_waiting
from storage.outbox import MessageClass, say
from storage.people import get_person
from storage.refusals import Fact
from storage.rules.duty import first_workday, in_runs, monday_of, next_week_told
from storage.tables import rota


def tell_duty_weeks(database: Database, *, now: datetime) -> bool:
    """Tell one organisation who is on this week; returns whether there may be more."""
    return move_oldest(database, _move, now=now, due=rota.c.next_week_at)


def _move(session: Session, due: Row[Any], *, now: datetime) -> None:
    moved = session.change(
        update(rota)
        .where(rota.c.organisation_id == due.organisation_id, rota.c.version == due.version)
        .values(next_week_at=next_week_told(session.house.local(now)), version=due.version + 1)
    )
    if moved:
        _tell(session, now=now, organisation_id=due.organisation_id)


def next_duty_week_at(session: Session) -> datetime | None:
    """Return when an organisation is told next who is on."""
    return find_soonest(session, due=rota.c.next_week_at)


def _tell(session: Session, *, now: datetime, organisation_id: int) -> None:
    """On Monday to those who are on, also on a holiday; on the first workday to all."""
    today = session.house.local(now).date()
    monday = monday_of(today)
    works = today >= first_workday(monday)
    for one in list_colleagues(session, organisation_id=organisation_id):
        if not one.reachable:
            continue
        actor = get_person(session, person_id=one.id)
        shown = open_rota(session, now=now, actor=actor, organisation_id=organisation_id)
        mine = one.id in _on_this_week(shown)
        if not mine and not works:
            continue
        waiting = list_waiting(session, now=now, actor=actor) if mine else []
        say(
            session,
            now=now,
            to=one.id,
            key=f"duty_week:{organisation_id}:{monday}:{one.id}",
            template="duty_week_mine" if mine else "duty_week",
            message_class=MessageClass.MUST if mine else MessageClass.INFO,
            facts={"name": one.name, **week_facts(shown), **desk_facts(waiting)},
            buttons=desk_buttons(waiting),
            card=f"duty_week:{organisation_id}",
            # Later the week is half gone.
            shelf=timedelta(days=4),
        )


def _on_this_week(shown: Rota) -> set[int]:
    week = shown.weeks[0]
    whole = [week.shift] if week.shift is not None else []
    return {one.person_id for one in (*whole, *week.days)}


def week_facts(shown: Rota) -> dict[str, Fact]:
    """The first week of a rota in plain facts."""
    week = shown.weeks[0]
    holes = in_runs(week.holes)
    return {
        "organisation": shown.organisation,
        "first": week.span.first.isoformat(),
        "last": week.span.last.isoformat(),
        "on": week.shift.name if week.shift is not None else None,
        "days": [one.span.first.isoformat() for one in week.days],
        "day_parts": [one.span.part.value for one in week.days],
        "day_names": [one.name for one in week.days],
        "hole_firsts": [run.first.isoformat() for run in holes],
        "hole_lasts": [run.last.isoformat() for run in holes],
        "hole_parts": [run.part.value for run in holes],
    }
