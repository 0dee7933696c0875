"""Ringing: everyone on duty, at once, and again until a named person holds the alarm."""

from datetime import datetime

from sqlalchemy import or_, select

from storage.alarms.rows import (
    RING_EVERY,
    SHOWN_LIMIT,
    Alarm,
    Facts,
    change_alarm,
    get_alarm,
    name_of,
    number_facts,
)
from storage.database import Database, Session
from storage.duty import OnDuty, list_duty
from storage.journal import note
from storage.outbox import MessageClass, Wanted, say
from storage.people import Person, open_contact
from storage.refusals import NotAllowed
from storage.rules.phones import Phone, parse_phone, spoken
from storage.rules.text import cut
from storage.scope import seen_through
from storage.tables import alarm, caregiver

# Whom a caregiver cares for is told with the alarm; more would no longer be read.
CARED_FOR_AT_MOST = 3
SHOWN_AT_ONCE = 5


def ring_alarms(database: Database, *, now: datetime) -> bool:
    """Move one alarm whose step is due; returns whether there may be more."""
    with database.transaction() as session:
        due = session.find(
            select(alarm.c.id)
            .where(alarm.c.next_step_at <= now)
            .order_by(alarm.c.next_step_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if due is None:
            return False
        row = get_alarm(session, alarm_id=due.id)
        if row.rings == 0:
            _treat_as_danger(session, row, now=now)
        else:
            ring(session, row, now=now)
    return True


def show_alarms(session: Session, *, now: datetime, actor: Person) -> int:
    """Show a coordinator the alarms that have no end yet; returns how many. Raises NotAllowed."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    # A stranger's alarm is everybody's.
    rows = session.all(
        select(alarm.c.id)
        .where(alarm.c.state != "closed", alarm.c.rings > 0)
        .where(or_(alarm.c.person_id.is_(None), seen_through(actor, alarm.c.person_id)))
        .order_by(alarm.c.id)
        .limit(SHOWN_AT_ONCE)
    )
    for one in rows:
        row = get_alarm(session, alarm_id=one.id)
        facts = alarm_facts(session, row) | {"released": None, "ring": row.rings}
        moment = f"{now:%Y%m%d%H%M%S}"
        _ring_one(session, row, now=now, to=actor.id, facts=facts, said=f"desk:{moment}")
    return len(rows)


def next_alarm_at(session: Session) -> datetime | None:
    """Return when the next alarm moves."""
    moment: datetime | None = session.value(
        select(alarm.c.next_step_at)
        .where(alarm.c.next_step_at.is_not(None))
        .order_by(alarm.c.next_step_at)
        .limit(1)
    )
    return moment


def _treat_as_danger(session: Session, row: Alarm, *, now: datetime) -> None:
    """The safety question was not answered in time: somebody may be unable to answer."""
    rung, told = ring(session, row, now=now)
    say(
        session,
        now=now,
        chat_id=row.chat_id,
        key=f"alarm:{row.id}:unanswered",
        template="danger_unanswered",
        message_class=MessageClass.ALARM,
        facts={"told": [one.name for one in told], **number_facts(row.kind)},
        buttons=[[rung.button("safe")]],
        card=rung.card,
    )


def ring(session: Session, row: Alarm, *, now: datetime) -> tuple[Alarm, list[OnDuty]]:
    """Ring everyone on duty; a holder whose time is over holds it no more. Returns who was rung."""
    released = name_of(session, row.holder_id) if row.state == "held" else None
    rung = change_alarm(
        session,
        row,
        {
            "state": "open",
            "holder_id": None,
            "rings": row.rings + 1,
            "next_step_at": now + RING_EVERY,
        },
    )
    told = list_duty(session, about=row.person_id, without=row.person_id)
    facts = alarm_facts(session, rung) | {"released": released, "ring": rung.rings}
    for one in told:
        _ring_one(session, rung, now=now, to=one.id, facts=facts)
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
    return rung, told


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


def note_look(session: Session, row: Alarm, *, now: datetime, to: int) -> None:
    """Write down whose contact data somebody was shown for this alarm."""
    if row.person_id is None:
        return
    for subject_id in (row.person_id, *_wards_of(session, row.person_id)):
        note(
            session,
            now=now,
            what="contact_shown",
            actor_id=to,
            subject_id=subject_id,
            thing="alarm",
            thing_id=row.id,
            ground="alarm",
        )


def alarm_facts(session: Session, row: Alarm) -> Facts:
    """Who, where, what was said: all that somebody needs who goes or sends help at once."""
    name = phone = address = None
    if row.person_id is not None:
        opened = open_contact(session, person_id=row.person_id)
        name, phone, address = opened.name, opened.phone, opened.address
    return {
        "name": name,
        "phone": phone,
        "address": address,
        "kind": row.kind.value,
        "words": cut(row.words, SHOWN_LIMIT),
        "since": row.created_at.isoformat(),
        "cared_for": _cared_for(session, row.person_id),
    }


def _cared_for(session: Session, person_id: int | None) -> list[str]:
    """A caregiver may write about somebody else: whom they care for, and where that one lives."""
    opened = [open_contact(session, person_id=ward) for ward in _wards_of(session, person_id)]
    return [
        " · ".join(part for part in (o.name, _aloud(o.phone), o.address) if part) for o in opened
    ]


def _aloud(phone: str | None) -> str | None:
    read = parse_phone(phone) if phone else None
    return spoken(read) if isinstance(read, Phone) else phone


def _wards_of(session: Session, person_id: int | None) -> list[int]:
    rows = session.all(
        select(caregiver.c.resident_id)
        .where(caregiver.c.caregiver_id == person_id, caregiver.c.state == "confirmed")
        .order_by(caregiver.c.id)
        .limit(CARED_FOR_AT_MOST)
    )
    return [row.resident_id for row in rows]
