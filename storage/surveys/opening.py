"""Opening a round for an audience, closing it, extending it, and opening it again."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from storage.audiences import check_audience, list_audience
from storage.database import Session
from storage.people import Person
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.rules.audiences import Audience, read_audience
from storage.rules.fields import Register, find_field
from storage.rules.sending import working_moment
from storage.surveys.rows import get_round_row, may_manage, note_round
from storage.tables import survey_answer, survey_round


class NobodyAsked(Refusal):
    """Nobody whom the actor may ask fits the audience."""

    key = "survey_nobody"


class NothingAsked(Refusal):
    """A round without any question."""

    key = "survey_nothing"


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """What a round asks, whom, until when, and how often it may remind."""

    title: str
    register: Register
    fields: tuple[str, ...]
    questions: tuple[str, ...]
    audience: Audience
    reminders: int
    closes_at: datetime


def open_round(session: Session, *, now: datetime, actor: Person, draft: RoundDraft) -> int:
    """Open a round for those of the audience whom the actor may see; returns its id."""
    check_audience(session, actor=actor, audience=draft.audience)
    if not draft.fields and not draft.questions:
        raise NothingAsked
    if any(find_field(draft.register, key) is None for key in draft.fields):
        raise NotAllowed
    round_id = session.add(
        insert(survey_round).values(
            organisation_id=actor.organisation_id,
            title=draft.title,
            kind=draft.register.value,
            field_keys=",".join(draft.fields),
            questions=json.dumps(draft.questions, ensure_ascii=False),
            audience=str(draft.audience),
            reminders=draft.reminders,
            state="open",
            closes_at=draft.closes_at,
            next_step_at=working_moment(session.house.local(now)),
            opened_by=actor.id,
            created_at=now,
            version=1,
        )
    )
    asked = _fill(session, now=now, actor=actor, row=get_round_row(session, round_id))
    if not asked:
        raise NobodyAsked
    note_round(
        session, now=now, actor=actor, round_id=round_id, what="survey_opened", detail=str(asked)
    )
    return round_id


def close_round(
    session: Session, *, now: datetime, actor: Person, round_id: int, version: int
) -> None:
    """Ask nobody more; what was answered stays, and what is half filled is kept."""
    _managed(session, actor=actor, round_id=round_id)
    shut(session, round_id=round_id, version=version)
    note_round(session, now=now, actor=actor, round_id=round_id, what="survey_closed")


def shut(session: Session, *, round_id: int, version: int) -> None:
    """Close a round, also by the tick; messages about it that have not gone out are unwanted."""
    closed = session.change(
        update(survey_round)
        .where(survey_round.c.id == round_id, survey_round.c.version == version)
        .where(survey_round.c.state == "open")
        .values(state="closed", next_step_at=None, version=version + 1)
    )
    if closed == 0:
        raise TooLate
    session.change(
        update(survey_answer)
        .where(survey_answer.c.round_id == round_id)
        .where(survey_answer.c.state.in_(("outstanding", "not_reached")))
        .values(next_reminder_at=None, version=survey_answer.c.version + 1)
    )


def extend_round(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    round_id: int,
    version: int,
    closes_at: datetime,
) -> int:
    """Give a round, open or closed, another last day; whoever fits by now is asked too.

    Returns how many are new. Nobody who was asked as often as allowed is asked again.
    """
    row = _managed(session, actor=actor, round_id=round_id)
    if closes_at <= now:
        raise TooLate
    begins = working_moment(session.house.local(now))
    extended = session.change(
        update(survey_round)
        .where(survey_round.c.id == round_id, survey_round.c.version == version)
        .values(state="open", closes_at=closes_at, next_step_at=begins, version=version + 1)
    )
    if extended == 0:
        raise TooLate
    session.change(
        update(survey_answer)
        .where(survey_answer.c.round_id == round_id, survey_answer.c.by_chat)
        .where(survey_answer.c.state.in_(("outstanding", "not_reached")))
        .where(survey_answer.c.next_reminder_at.is_(None))
        .where(survey_answer.c.asked <= row.reminders)
        .values(next_reminder_at=begins)
    )
    new = _fill(session, now=now, actor=actor, row=get_round_row(session, round_id))
    note_round(
        session, now=now, actor=actor, round_id=round_id, what="survey_extended", detail=str(new)
    )
    return new


def _managed(session: Session, *, actor: Person, round_id: int) -> Row[Any]:
    row = get_round_row(session, round_id)
    if not may_manage(session, actor=actor, row=row):
        raise NotAllowed
    return row


def _fill(session: Session, *, now: datetime, actor: Person, row: Row[Any]) -> int:
    """Take in whoever fits and is not in it yet."""
    audience = read_audience(row.audience)
    known = {
        one.person_id
        for one in session.all(
            select(survey_answer.c.person_id).where(survey_answer.c.round_id == row.id)
        )
    }
    meant = list_audience(session, now=now, actor=actor, audience=audience)
    members = [one for one in meant if one.id not in known]
    if not members:
        return 0
    rows = [
        {
            "uid": secrets.token_hex(16),
            "round_id": row.id,
            "person_id": one.id,
            "by_chat": one.by_chat,
            "state": "outstanding",
            "asked": 0,
            "next_reminder_at": row.next_step_at if one.by_chat else None,
            "version": 1,
        }
        for one in members
    ]
    session.execute(insert(survey_answer), rows)
    return len(rows)
