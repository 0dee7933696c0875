"""Answering a round: handed in by the person or for them; nothing said by either is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.registers.profiles import Value, change_profile
from storage.rules.fields import Place, Register, get_field
from storage.rules.surveys import OPEN, AnswerState, Channel, differing
from storage.surveys.rows import (
    Submission,
    check_may_tell,
    get_answer_row,
    get_round_row,
    merged,
    note_answer,
    open_sealed,
    seal,
)
from storage.tables import person, survey_answer, volunteer


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field on which two who answered for the same person say different things."""

    field: str
    before: Value
    now: Value


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of what was handed in; ``conflicts`` wait for a decision, nothing is lost."""

    name: str
    register: Register
    round_id: int
    by: str | None
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What somebody says: values by field, what they would not say, replies to the own questions
    of the round by their number."""

    values: Mapping[str, Value]
    declined: Sequence[str]
    replies: Mapping[str, str]


def keep_answers(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    answer_id: int,
    seen: int,
    handed_in: HandedIn,
    channel: Channel,
) -> Kept:
    """Keep what was handed in. ``seen`` is how much had been handed in when the sheet was opened.

    If somebody else was quicker, what they had left open is filled in, and where the two differ
    theirs stays until the later one, who is shown both, decides (``prefer_mine``). A round that
    was closed meanwhile still takes it.
    """
    row = get_answer_row(session, answer_id, lock=True)
    ground = check_may_tell(session, actor=actor, person_id=row.person_id)
    asked = get_round_row(session, row.round_id)
    before: list[Submission] = open_sealed(session, row, "answers") or []
    meanwhile = before[seen:]
    said = {key: value for key, value in handed_in.values.items() if value is not None}
    conflicts = differing(merged(meanwhile), said)
    submission: Submission = {
        "by": actor.id,
        "at": now.isoformat(),
        "channel": channel.value,
        "values": said,
        "declined": list(handed_in.declined),
        "replies": dict(handed_in.replies),
    }
    _write(session, row=row, actor=actor, now=now, channel=channel, all_of=[*before, submission])
    settled = {key: value for key, value in said.items() if key not in conflicts}
    _tell_register(
        session, now=now, actor=actor, row=row, kind=asked.kind, values=settled, ground=ground
    )
    note_answer(
        session,
        now=now,
        actor=actor,
        row=row,
        what="survey_answered",
        ground=ground,
        detail=f"{channel.value} {len(said)} {len(conflicts)}",
    )
    return Kept(
        name=_name(session, row.person_id) or "",
        register=Register(asked.kind),
        round_id=row.round_id,
        by=_name(session, meanwhile[-1]["by"]) if meanwhile else None,
        conflicts=tuple(_conflict(key, pair) for key, pair in conflicts.items()),
    )


def prefer_mine(session: Session, *, now: datetime, actor: Person, answer_id: int) -> list[str]:
    """Where two differed, what the actor handed in last stands now; returns the fields."""
    row = get_answer_row(session, answer_id, lock=True)
    ground = check_may_tell(session, actor=actor, person_id=row.person_id)
    handed_in: list[Submission] = open_sealed(session, row, "answers") or []
    mine = next((one for one in reversed(handed_in) if one["by"] == actor.id), None)
    if mine is None:
        raise TooLate
    asked = get_round_row(session, row.round_id)
    changed = _tell_register(
        session,
        now=now,
        actor=actor,
        row=row,
        kind=asked.kind,
        values=mine["values"],
        ground=ground,
    )
    note_answer(
        session,
        now=now,
        actor=actor,
        row=row,
        what="survey_preferred",
        ground=ground,
        detail=",".join(changed),
    )
    return changed


def refuse_round(
    session: Session, *, now: datetime, actor: Person, answer_id: int, channel: Channel
) -> str:
    """The person would rather not; nobody reminds them again. Returns their name."""
    return _end(
        session,
        now=now,
        actor=actor,
        answer_id=answer_id,
        channel=channel,
        state=AnswerState.REFUSED,
    )


def note_not_reached(
    session: Session, *, now: datetime, actor: Person, answer_id: int, channel: Channel
) -> str:
    """Staff tried and met nobody; they may be tried again. Returns the name."""
    row = get_answer_row(session, answer_id)
    if check_may_tell(session, actor=actor, person_id=row.person_id) != "staff":
        raise NotAllowed
    return _end(
        session,
        now=now,
        actor=actor,
        answer_id=answer_id,
        channel=channel,
        state=AnswerState.NOT_REACHED,
    )


def _end(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    answer_id: int,
    channel: Channel,
    state: AnswerState,
) -> str:
    row = get_answer_row(session, answer_id)
    ground = check_may_tell(session, actor=actor, person_id=row.person_id)
    values: dict[str, Any] = {"next_reminder_at": None} if state is AnswerState.REFUSED else {}
    ended = session.change(
        update(survey_answer)
        .where(survey_answer.c.id == answer_id, survey_answer.c.state.in_(OPEN))
        .values(
            state=state.value,
            channel=channel.value,
            told_by=actor.id,
            told_at=now,
            version=survey_answer.c.version + 1,
            **values,
        )
    )
    if ended == 0:
        raise TooLate
    note_answer(
        session,
        now=now,
        actor=actor,
        row=row,
        what=f"survey_{state.value}",
        ground=ground,
        detail=channel.value,
    )
    return _name(session, row.person_id) or ""


def _write(
    session: Session,
    *,
    row: Row[Any],
    actor: Person,
    now: datetime,
    channel: Channel,
    all_of: list[Submission],
) -> None:
    drafts = open_sealed(session, row, "draft") or {}
    drafts.pop(str(actor.id), None)
    session.change(
        update(survey_answer)
        .where(survey_answer.c.id == row.id)
        .values(
            state=AnswerState.ANSWERED.value,
            channel=channel.value,
            told_by=actor.id,
            told_at=now,
            next_reminder_at=None,
            answers=seal(session, row.uid, "answers", all_of),
            draft=seal(session, row.uid, "draft", drafts) if drafts else None,
            version=survey_answer.c.version + 1,
        )
    )


def _tell_register(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    row: Row[Any],
    kind: str,
    values: Mapping[str, Value],
    ground: str,
) -> list[str]:
    """Carry answers into the registers; returns the fields that are different now."""
    register = Register(kind)
    offered = {
        key: ",".join(value)
        for key, value in values.items()
        if get_field(register, key).place is Place.VOLUNTEER and isinstance(value, list)
    }
    # What a qualification is worth the office writes down, with the paper before it.
    kept = {
        key: value
        for key, value in values.items()
        if get_field(register, key).place in (Place.PROFILE, Place.LANGUAGES)
    }
    changed = change_profile(
        session,
        now=now,
        actor=actor,
        person_id=row.person_id,
        values=kept,
        ground=ground,
        register=register,
    )
    if offered:
        session.change(
            update(volunteer).where(volunteer.c.person_id == row.person_id).values(**offered)
        )
        note(
            session,
            now=now,
            what="volunteer_changed",
            actor_id=actor.id,
            subject_id=row.person_id,
            ground=ground,
            detail=",".join(offered),
        )
    return [*changed, *offered]


def _conflict(key: str, pair: tuple[object, object]) -> Conflict:
    before, now = pair
    return Conflict(field=key, before=before, now=now)  # type: ignore[arg-type]


def _name(session: Session, person_id: int) -> str | None:
    name: str | None = session.value(select(person.c.name).where(person.c.id == person_id))
    return name
