"""A sheet: the questions of a round in somebody's hands, with what they had filled in before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.consents import give_consent, has_consent, own_no_stands
from storage.database import Session
from storage.dialogues import Answers
from storage.guardians import is_known_child, list_guardians
from storage.looks import check_look
from storage.people import Person
from storage.registers.profiles import Value, open_profile
from storage.rules.ages import is_child, read_day
from storage.rules.fields import Place, Register
from storage.rules.purposes import Ground, Purpose
from storage.rules.surveys import Channel
from storage.surveys.rows import (
    ConsentWithheld,
    RoundClosed,
    check_may_tell,
    fields_in,
    get_answer_row,
    get_round_row,
    note_answer,
    open_sealed,
    questions_in,
    seal,
)
from storage.tables import person, survey_answer, volunteer


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is asked of whom, what is on record, and what this hand had filled in so far.

    ``seen``: how much had been handed in when it was opened; ``told_by`` who did so last.
    """

    answer_id: int
    round_id: int
    title: str
    register: Register
    fields: tuple[str, ...]
    questions: tuple[str, ...]
    name: str
    own: bool
    child: bool
    state: str
    seen: int
    told_by: str | None
    told_at: datetime | None
    draft: Answers
    known: Mapping[str, Value]


def open_sheet(
    session: Session, *, now: datetime, actor: Person, answer_id: int, channel: Channel
) -> Sheet:
    """Open the questions for the person, or who speaks for them; a stranger's look is noted.

    Opening it is the yes to having the answers recorded: so says the button.
    """
    row = get_answer_row(session, answer_id)
    ground = check_may_tell(session, actor=actor, person_id=row.person_id)
    asked = get_round_row(session, row.round_id)
    if asked.state != "open":
        raise RoundClosed(title=asked.title)
    if ground == "staff":
        check_look(session, now=now, actor=actor, person_id=row.person_id)
    if asked.kind == Register.RESIDENT:
        _take_consent(session, now=now, actor=actor, row=row, ground=ground, channel=channel)
    if ground != "self":
        note_answer(session, now=now, actor=actor, row=row, what="profile_seen", ground=ground)
    return _sheet(session, now=now, actor=actor, row=row, asked=asked)


def save_draft(session: Session, *, actor: Person, answer_id: int, answers: Answers) -> None:
    """Keep what this hand has filled in so far, beside what any other hand has."""
    row = get_answer_row(session, answer_id, lock=True)
    check_may_tell(session, actor=actor, person_id=row.person_id)
    drafts = open_sealed(session, row, "draft") or {}
    drafts[str(actor.id)] = answers
    session.change(
        update(survey_answer)
        .where(survey_answer.c.id == answer_id)
        .values(draft=seal(session, row.uid, "draft", drafts))
    )


def _take_consent(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    row: Row[Any],
    ground: str,
    channel: Channel,
) -> None:
    purpose = Purpose.RECORD_DISABILITY
    if has_consent(session, person_id=row.person_id, purpose=purpose, now=now):
        return
    if ground != "self" and own_no_stands(session, person_id=row.person_id, purpose=purpose):
        raise ConsentWithheld
    if is_known_child(session, now=now, person_id=row.person_id):
        # 个人信息保护法 art. 31: under 14 only the guardian says yes.
        if actor.id not in list_guardians(session, person_id=row.person_id):
            raise ConsentWithheld
        ground = Ground.GUARDIAN.value
    give_consent(
        session,
        now=now,
        person_id=row.person_id,
        purpose=purpose,
        given_by=actor.id,
        ground=ground,
        # A visit is no channel of consents: what is said at the door is like said on the phone.
        channel="phone" if channel is Channel.VISIT else channel.value,
    )


def _sheet(
    session: Session, *, now: datetime, actor: Person, row: Row[Any], asked: Row[Any]
) -> Sheet:
    register, fields = Register(asked.kind), fields_in(asked)
    profile = open_profile(session, person_id=row.person_id, register=register)
    if any(field.place is Place.VOLUNTEER for field in fields):
        profile = {**profile, **_offered(session, row.person_id)}
    born_on = read_day(profile.get("born_on"))
    drafts = open_sealed(session, row, "draft") or {}
    return Sheet(
        answer_id=row.id,
        round_id=row.round_id,
        title=asked.title,
        register=register,
        fields=tuple(field.key for field in fields),
        questions=questions_in(asked),
        name=session.value(select(person.c.name).where(person.c.id == row.person_id)),
        own=actor.id == row.person_id,
        child=born_on is not None and is_child(born_on, session.house.local(now).date()),
        state=row.state,
        seen=len(open_sealed(session, row, "answers") or []),
        told_by=session.value(select(person.c.name).where(person.c.id == row.told_by)),
        told_at=row.told_at,
        draft=drafts.get(str(actor.id), {}),
        known={field.key: profile.get(field.key) for field in fields},
    )


def _offered(session: Session, person_id: int) -> dict[str, Value]:
    """What a volunteer offers: kept open, because people are sought by it."""
    row = session.find(
        select(volunteer.c.skills, volunteer.c.times).where(volunteer.c.person_id == person_id)
    )
    if row is None:
        return {}
    return {"skills": row.skills.split(",") if row.skills else [], "times": row.times.split(",")}
