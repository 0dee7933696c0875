"""Holding: the first who says "I take it" is named, and says within minutes that they are there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.alarms.hearing import tell_person
from storage.alarms.placing import alarm_facts, note_look
from storage.alarms.rows import (
    CONFIRM_WITHIN,
    HELD_FOR,
    Alarm,
    Facts,
    change_alarm,
    get_alarm,
    name_of,
)
from storage.alarms.shown import relations_to
from storage.alarms.telling import note_alarm, tell_others
from storage.database import Session
from storage.door_cards import show_door_card
from storage.outbox import MessageClass, say
from storage.people import find_person
from storage.refusals import NotAllowed, TooLate
from storage.rules.access import Act, Relation, Role, may
from storage.rules.door_cards import Ground


class Confirmed(StrEnum):
    """How a holder has the person: standing at the door, or speaking with them."""

    AT_DOOR = "at_door"
    ON_PHONE = "on_phone"


class AlarmOver(TooLate):
    """The alarm is closed; facts say how."""

    key = "alarm_over"


class AlarmHeld(TooLate):
    """Somebody else has it; facts say who and until when."""

    key = "alarm_held"


@dataclass(frozen=True, slots=True)
class HeldAlarm:
    """The alarm in its holder's hand, with all that is known of the person.

    ``is_mine`` is false for who confirms what somebody else holds: that one was told of it.
    """

    alarm: Alarm
    facts: Facts
    is_mine: bool = True


def take_alarm(session: Session, *, now: datetime, actor_id: int, alarm_id: int) -> HeldAlarm:
    """Hold the alarm, or go on holding it; without a word from the person it soon rings anew."""
    row = for_staff(session, actor_id=actor_id, alarm_id=alarm_id, act=Act.HOLD_ALARM)
    if row.state == "held" and row.holder_id != actor_id and row.next_step_at is not None:
        until = row.next_step_at.isoformat()
        raise AlarmHeld(holder=name_of(session, row.holder_id), until=until)
    is_new = row.holder_id != actor_id
    span = HELD_FOR if row.confirmed_as is not None else CONFIRM_WITHIN
    held = _hold(session, row, now=now, actor_id=actor_id, span=span)
    note_alarm(session, held, now=now, what="alarm_taken", actor_id=actor_id)
    note_look(session, held, now=now, to=actor_id)
    _show_door(session, held, now=now, to=actor_id)
    holder, until_at = name_of(session, actor_id), now + span
    facts: Facts = {"name": name_of(session, row.person_id), "holder": holder}
    facts |= {"until": until_at.isoformat(), "again": not is_new}
    tell_others(session, held, now=now, actor_id=actor_id, template="alarm_taken", facts=facts)
    if is_new:
        step = f"taken:{held.version}"
        tell_person(
            session, held, now=now, step=step, template="danger_taken", facts={"holder": holder}
        )
    return _held(session, held, until_at=until_at)


def confirm_alarm(
    session: Session, *, now: datetime, actor_id: int, alarm_id: int, how: Confirmed
) -> HeldAlarm:
    """ "I am at the door", "I am on the phone with them": everybody knows, the resident too.

    Also from somebody whose time was over, if nobody else has it by now: who is there, is there.
    With another holder that one is told, and keeps it.
    """
    row = for_staff(session, actor_id=actor_id, alarm_id=alarm_id, act=Act.HOLD_ALARM)
    if row.state == "held" and row.holder_id != actor_id:
        return _tell_holder(session, row, now=now, actor_id=actor_id, how=how)
    if row.holder_id != actor_id:
        note_look(session, row, now=now, to=actor_id)
    held = _hold(session, row, now=now, actor_id=actor_id, span=HELD_FOR, confirmed_as=how.value)
    note_alarm(session, held, now=now, what="alarm_confirmed", actor_id=actor_id, detail=how.value)
    _show_door(session, held, now=now, to=actor_id)
    until_at = now + HELD_FOR
    facts: Facts = {"holder": name_of(session, actor_id), "how": how.value}
    about: Facts = {"name": name_of(session, row.person_id), "until": until_at.isoformat()}
    tell_others(
        session, held, now=now, actor_id=actor_id, template="alarm_confirmed", facts=facts | about
    )
    step = f"confirmed:{held.version}"
    tell_person(session, held, now=now, step=step, template="danger_confirmed", facts=facts)
    return _held(session, held, until_at=until_at)


def _show_door(session: Session, held: Alarm, *, now: datetime, to: int) -> None:
    """To the one who goes, what is kept of the door."""
    if held.person_id is not None:
        show_door_card(session, now=now, to=to, resident_id=held.person_id, ground=Ground.ALARM)


def for_staff(session: Session, *, actor_id: int, alarm_id: int, act: Act) -> Alarm:
    """Return the alarm, its row held, if this person may do this with it now."""
    actor = find_person(session, person_id=actor_id)
    try:
        row = get_alarm(session, alarm_id=alarm_id)
    except LookupError as error:
        raise NotAllowed from error
    roles = {
        Role(kind) for kind, state in (actor.roles if actor else {}).items() if state == "approved"
    }
    relations = [Relation.CASE_HOLDER] if row.holder_id == actor_id else []
    if actor is not None:
        relations += relations_to(session, row, actor=actor)
    if not may(act, roles, *relations):
        raise NotAllowed
    if row.state == "closed":
        raise AlarmOver(ending=row.ending, holder=name_of(session, row.holder_id))
    return row


def _hold(
    session: Session,
    row: Alarm,
    *,
    now: datetime,
    actor_id: int,
    span: timedelta,
    confirmed_as: str | None = None,
) -> Alarm:
    values: dict[str, object] = {
        "state": "held",
        "holder_id": actor_id,
        "next_step_at": now + span,
        # Whoever takes it anew has not been there yet.
        "confirmed_as": confirmed_as or (row.confirmed_as if row.holder_id == actor_id else None),
    }
    # Before the question was answered it had not rung yet.
    return change_alarm(session, row, values | {"rings": max(row.rings, 1)})


def _held(session: Session, held: Alarm, *, until_at: datetime) -> HeldAlarm:
    facts = alarm_facts(session, held)
    confirmed: Facts = {"until": until_at.isoformat(), "confirmed": held.confirmed_as}
    return HeldAlarm(held, facts | confirmed)


def _tell_holder(
    session: Session, row: Alarm, *, now: datetime, actor_id: int, how: Confirmed
) -> HeldAlarm:
    """Somebody else is there too: the holder hears it, and has one more pair of hands."""
    if row.holder_id is not None:
        say(
            session,
            now=now,
            to=row.holder_id,
            key=f"alarm:{row.id}:also:{row.version}:{actor_id}",
            template="alarm_also_there",
            message_class=MessageClass.ALARM,
            facts={
                "name": name_of(session, row.person_id),
                "other": name_of(session, actor_id),
                "how": how.value,
            },
            card=f"{row.card}:more",
        )
    note_alarm(session, row, now=now, what="alarm_also_there", actor_id=actor_id, detail=how.value)
    return HeldAlarm(row, {"holder": name_of(session, row.holder_id)}, is_mine=False)
