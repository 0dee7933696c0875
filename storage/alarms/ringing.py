"""Ringing: everyone on duty, at once, and again until a named person holds the alarm."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select

from storage.alarms.hearing import tell_nobody_yet, tell_person, tell_released
from storage.alarms.placing import alarm_facts, note_look
from storage.alarms.rows import (
    RING_EVERY,
    Alarm,
    Facts,
    change_alarm,
    get_alarm,
    name_of,
    number_facts,
)
from storage.alarms.shown import may_be_shown, shown_to
from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.duty import OnDuty, list_duty
from storage.journal import note
from storage.outbox import MessageClass, Wanted, say
from storage.people import Person
from storage.refusals import NotAllowed
from storage.scope import seen_through
from storage.tables import alarm

SHOWN_AT_ONCE = 5
# So many rings that nobody answered, and whoever is kept apart is rung as well.
EVEN_APART_AFTER = 2


def ring_alarms(database: Database, *, now: datetime) -> bool:
    """Move one alarm whose step is due; returns whether there may be more."""
    return move_oldest(database, _move, now=now, due=alarm.c.next_step_at)


def _move(session: Session, due: Row[Any], *, now: datetime) -> None:
    row = get_alarm(session, alarm_id=due.id)
    if row.rings == 0:
        _treat_as_danger(session, row, now=now)
    else:
        ring(session, row, now=now)


def show_alarms(session: Session, *, now: datetime, actor: Person) -> int:
    """Show a coordinator the alarms that have no end yet; returns how many. Raises NotAllowed.

    Of somebody from whom they are kept apart, or of elsewhere, only one that they were rung for.
    """
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    # A stranger's alarm is everybody's.
    rows = session.all(
        select(alarm.c.id)
        .where(alarm.c.state != "closed", alarm.c.rings > 0)
        .where(
            or_(
                alarm.c.person_id.is_(None),
                seen_through(actor, alarm.c.person_id),
                shown_to(actor.id),
            )
        )
        .where(may_be_shown(session, actor))
        .order_by(alarm.c.id)
        .limit(SHOWN_AT_ONCE)
    )
    for one in rows:
        row = get_alarm(session, alarm_id=one.id)
        facts = alarm_facts(session, row) | {"released": None, "why": None, "ring": row.rings}
        moment = f"{now:%Y%m%d%H%M%S}"
        _ring_one(session, row, now=now, to=actor.id, facts=facts, said=f"desk:{moment}")
    return len(rows)


def next_alarm_at(session: Session) -> datetime | None:
    """Return when the next alarm moves."""
    return find_soonest(session, due=alarm.c.next_step_at)


def _treat_as_danger(session: Session, row: Alarm, *, now: datetime) -> None:
    """The safety question was not answered in time: somebody may be unable to answer."""
    rung, told = ring(session, row, now=now)
    tell_person(
        session,
        rung,
        now=now,
        step="unanswered",
        template="danger_unanswered",
        facts={
            "told": [one.name for one in told],
            **number_facts(session, kind=row.kind, person_id=row.person_id),
        },
    )


def ring(session: Session, row: Alarm, *, now: datetime) -> tuple[Alarm, list[OnDuty]]:
    """Ring everyone on duty; a holder whose time is over holds it no more. Returns who was rung.

    First the people of the rota, where one is kept; five minutes later, with nobody there, all who
    work there whatever the rota says: whoever is on may be asleep, in a dead spot, or with another
    alarm, and a rota must never make an alarm quieter than it was without one.
    """
    released = name_of(session, row.holder_id) if row.state == "held" else None
    # Nothing was heard of who took it, or it was, and no end.
    why = "no_end" if row.confirmed_as else "not_confirmed"
    rung = change_alarm(
        session,
        row,
        {
            "state": "open",
            "holder_id": None,
            "confirmed_as": None,
            "rings": row.rings + 1,
            "next_step_at": now + RING_EVERY,
        },
    )
    told = list_duty(
        session,
        now=now,
        about=row.person_id,
        without=row.person_id,
        everyone=rung.rings > 1,
        even_apart=rung.rings > EVEN_APART_AFTER,
    )
    facts = alarm_facts(session, rung) | {"released": released, "why": why, "ring": rung.rings}
    for one in told:
        _ring_one(session, rung, now=now, to=one.id, facts=facts)
    if released is not None:
        tell_released(session, rung, now=now, released=released, why=why)
    else:
        tell_nobody_yet(session, rung, now=now)
    note(
        session,
        now=now,
        what="alarm_rang" if told else "nobody_on_duty",
        actor_id=None,
        subject_id=row.person_id,
        thing="alarm",
        thing_id=row.id,
        detail=str(rung.rings),
    )
    for one in told:
        if one.apart:
            _note_apart(session, rung, one.id, now=now)
    return rung, told


def _note_apart(session: Session, row: Alarm, person_id: int, *, now: datetime) -> None:
    """Nobody else is there, so somebody is rung who is kept apart from the person: written down."""
    note(
        session,
        now=now,
        what="rung_though_apart",
        actor_id=None,
        subject_id=row.person_id,
        thing="alarm",
        thing_id=row.id,
        detail=f"to {person_id}",
    )


def _ring_one(
    session: Session, row: Alarm, *, now: datetime, to: int, facts: Facts, said: str = ""
) -> None:
    say(
        session,
        now=now,
        to=to,
        key=f"alarm:{row.id}:{said or f'ring{row.rings}'}:{to}",
        template="alarm_ring",
        message_class=MessageClass.ALARM,
        facts=facts,
        buttons=[[row.button("take")]],
        card=row.card,
        wanted=Wanted("alarm", row.id, row.version),
    )
    note_look(session, row, now=now, to=to)
