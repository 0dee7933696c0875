"""Ending: exactly one of seen, reached, handed over to a number by a named person, false alarm."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.alarms.hearing import tell_person
from storage.alarms.holding import for_staff
from storage.alarms.rows import Alarm, Facts, change_alarm, name_of, seal_words
from storage.alarms.telling import note_alarm, tell_others
from storage.database import Session
from storage.rules.access import Act


class Ending(StrEnum):
    """How an alarm may end; `not_danger` is the person's own answer to the safety question."""

    SEEN = "seen"
    REACHED = "reached"
    HANDED_OVER = "handed_over"
    FALSE_ALARM = "false_alarm"
    NOT_DANGER = "not_danger"


# What a holder may choose from.
ENDINGS = (Ending.SEEN, Ending.REACHED, Ending.HANDED_OVER, Ending.FALSE_ALARM)
# To whom an emergency may be handed.
HANDED_TO = ("120", "110", "119")


class EndingProblem(ValueError):
    """An end without what belongs to it: the number and who called, or a reason."""


@dataclass(frozen=True, slots=True)
class Handover:
    """Which of the three numbers was called, and by whom."""

    number: str
    by: str


def get_alarm_to_end(session: Session, *, actor_id: int, alarm_id: int) -> Alarm:
    """Return the alarm if this person may end it now; what is asked for is asked only then."""
    return for_staff(session, actor_id=actor_id, alarm_id=alarm_id, act=Act.CLOSE_ALARM)


def end_alarm(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    alarm_id: int,
    ending: Ending,
    reason: str = "",
    handover: Handover | None = None,
) -> Alarm:
    """End the alarm and tell everybody how. The one who ends it is its holder from then on."""
    row = get_alarm_to_end(session, actor_id=actor_id, alarm_id=alarm_id)
    _check(ending, reason=reason, handover=handover)
    words = f"{row.words}\n[{ending.value}] {reason}" if reason else row.words
    ended = change_alarm(
        session,
        row,
        {
            "state": "closed",
            "holder_id": actor_id,
            "ending": ending.value,
            "handed_to": handover.number if handover else None,
            "handed_by": handover.by if handover else None,
            "next_step_at": None,
            "words": seal_words(session, uid=row.uid, words=words),
        },
    )
    detail = f"{ending.value} {handover.number}" if handover else ending.value
    note_alarm(session, ended, now=now, what="alarm_ended", actor_id=actor_id, detail=detail)
    facts: Facts = {"holder": name_of(session, actor_id), "ending": ending.value}
    facts |= {"handed_to": ended.handed_to, "handed_by": ended.handed_by}
    about: Facts = {"name": name_of(session, row.person_id)}
    tell_others(
        session, ended, now=now, actor_id=actor_id, template="alarm_ended", facts=facts | about
    )
    tell_person(session, ended, now=now, step="ended", template="danger_ended", facts=facts)
    return ended


def _check(ending: Ending, *, reason: str, handover: Handover | None) -> None:
    if (ending is Ending.HANDED_OVER) != (handover is not None):
        raise EndingProblem(ending)
    if handover is not None and (handover.number not in HANDED_TO or not handover.by):
        raise EndingProblem(ending)
    if (ending is Ending.FALSE_ALARM) and not reason:
        raise EndingProblem(ending)
