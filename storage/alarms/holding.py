"""Holding and ending: a named person has the alarm for a named time, and says how it ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.alarms.ringing import alarm_facts, note_look
from storage.alarms.rows import (
    HELD_FOR,
    Alarm,
    Facts,
    change_alarm,
    get_alarm,
    name_of,
    seal_words,
)
from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.people import find_person
from storage.refusals import NotAllowed, TooLate
from storage.rules.access import Act, Relation, Role, may
from storage.scope import staff_relations


class Ending(StrEnum):
    """How an alarm may end; `not_danger` is the person's own answer to the safety question."""

    SEEN = "seen"
    REACHED = "reached"
    HANDED_OVER = "handed_over"
    FALSE_ALARM = "false_alarm"
    NOT_DANGER = "not_danger"


# What a holder may choose from.
ENDINGS = (Ending.SEEN, Ending.REACHED, Ending.HANDED_OVER, Ending.FALSE_ALARM)


class AlarmOver(TooLate):
    """The alarm is closed; facts say how."""

    key = "alarm_over"


class AlarmHeld(TooLate):
    """Somebody else has it; facts say who and until when."""

    key = "alarm_held"


@dataclass(frozen=True, slots=True)
class HeldAlarm:
    """The alarm in its holder's hand, with all that is known of the person."""

    alarm: Alarm
    facts: Facts


def take_alarm(session: Session, *, now: datetime, actor_id: int, alarm_id: int) -> HeldAlarm:
    """Hold the alarm for a named time, or for that time again; then it rings anew."""
    row = _for_staff(session, actor_id=actor_id, alarm_id=alarm_id, act=Act.HOLD_ALARM)
    if row.state == "held" and row.holder_id != actor_id and row.next_step_at is not None:
        until = row.next_step_at.isoformat()
        raise AlarmHeld(holder=name_of(session, row.holder_id), until=until)
    is_new = row.holder_id != actor_id
    until_at = now + HELD_FOR
    held = change_alarm(
        session, row, {"state": "held", "holder_id": actor_id, "next_step_at": until_at}
    )
    _note(session, held, now=now, what="alarm_taken", actor_id=actor_id)
    note_look(session, held, now=now, to=actor_id)
    holder = name_of(session, actor_id)
    if is_new:
        facts: Facts = {"name": name_of(session, row.person_id), "holder": holder}
        _tell_others(
            session,
            held,
            now=now,
            actor_id=actor_id,
            template="alarm_taken",
            facts=facts | {"until": until_at.isoformat()},
        )
        _tell_person(
            session,
            held,
            now=now,
            step=f"taken:{held.version}",
            template="danger_taken",
            facts={"holder": holder},
        )
    return HeldAlarm(held, alarm_facts(session, held) | {"until": until_at.isoformat()})


def get_alarm_to_end(session: Session, *, actor_id: int, alarm_id: int) -> Alarm:
    """Return the alarm if this person may end it now; a reason is asked for only then."""
    return _for_staff(session, actor_id=actor_id, alarm_id=alarm_id, act=Act.CLOSE_ALARM)


def end_alarm(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    alarm_id: int,
    ending: Ending,
    reason: str = "",
) -> Alarm:
    """End the alarm and tell everybody how. The one who ends it is its holder from then on."""
    row = get_alarm_to_end(session, actor_id=actor_id, alarm_id=alarm_id)
    words = f"{row.words}\n[{ending.value}] {reason}" if reason else row.words
    ended = change_alarm(
        session,
        row,
        {
            "state": "closed",
            "holder_id": actor_id,
            "ending": ending.value,
            "next_step_at": None,
            "words": seal_words(session, uid=row.uid, words=words),
        },
    )
    _note(session, ended, now=now, what="alarm_ended", actor_id=actor_id, detail=ending.value)
    facts: Facts = {"holder": name_of(session, actor_id), "ending": ending.value}
    _tell_others(
        session,
        ended,
        now=now,
        actor_id=actor_id,
        template="alarm_ended",
        facts=facts | {"name": name_of(session, row.person_id)},
    )
    _tell_person(session, ended, now=now, step="ended", template="danger_ended", facts=facts)
    return ended


def _for_staff(session: Session, *, actor_id: int, alarm_id: int, act: Act) -> Alarm:
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
        relations += staff_relations(session, actor=actor, person_id=row.person_id)
    if not may(act, roles, *relations):
        raise NotAllowed
    if row.state == "closed":
        raise AlarmOver(ending=row.ending, holder=name_of(session, row.holder_id))
    return row


def _tell_others(
    session: Session,
    row: Alarm,
    *,
    now: datetime,
    actor_id: int,
    template: str,
    facts: Facts,
) -> None:
    tell_duty(
        session,
        now=now,
        key=f"alarm:{row.id}:{template}:{row.version}",
        template=template,
        message_class=MessageClass.ALARM,
        facts=facts,
        card=row.card,
        about=row.person_id,
        without=actor_id,
    )


def _tell_person(
    session: Session, row: Alarm, *, now: datetime, step: str, template: str, facts: Facts
) -> None:
    say(
        session,
        now=now,
        chat_id=row.chat_id,
        key=f"alarm:{row.id}:person:{step}",
        template=template,
        message_class=MessageClass.ALARM,
        facts={**facts, "kind": row.kind.value},
        buttons=[[row.button("safe")]] if row.state != "closed" else [],
        card=row.card,
    )


def _note(
    session: Session,
    row: Alarm,
    *,
    now: datetime,
    what: str,
    actor_id: int,
    detail: str = "",
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=row.person_id,
        thing="alarm",
        thing_id=row.id,
        ground="duty",
        detail=detail,
    )
