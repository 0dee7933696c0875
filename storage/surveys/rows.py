"""What the files of surveys share: finding rows, opening what is sealed, who may do what."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed, Refusal
from storage.registers.profiles import Value
from storage.rules.fields import Field, Register, get_field
from storage.scope import check_sees
from storage.tables import caregiver, organisation, survey_answer, survey_round

# Something handed in: by whom, when, how, what was said, which fields they would not say.
Submission = dict[str, Any]


class RoundClosed(Refusal):
    """The round is over; what was half filled is kept, should it open again."""

    key = "survey_closed"


class ConsentWithheld(Refusal):
    """The person said no to having such things recorded, and nobody says yes for them."""

    key = "survey_no_consent"


def get_round_row(session: Session, round_id: int) -> Row[Any]:
    """Return the round's row; raises NotAllowed when there is none."""
    row = session.find(select(survey_round).where(survey_round.c.id == round_id))
    if row is None:
        raise NotAllowed
    return row


def get_answer_row(session: Session, answer_id: int, *, lock: bool = False) -> Row[Any]:
    """Return one person's row of a round; raises NotAllowed when there is none."""
    statement = select(survey_answer).where(survey_answer.c.id == answer_id)
    row = session.find(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotAllowed
    return row


def check_may_tell(session: Session, *, actor: Person, person_id: int) -> str:
    """Return on what ground the actor answers for the person: self, caregiver or staff."""
    if actor.id == person_id:
        return "self"
    tie = select(caregiver.c.id).where(
        caregiver.c.resident_id == person_id,
        caregiver.c.caregiver_id == actor.id,
        caregiver.c.state == "confirmed",
    )
    if session.find(tie) is not None:
        return "caregiver"
    check_sees(session, actor=actor, person_id=person_id)
    return "staff"


def may_manage(session: Session, *, actor: Person, row: Row[Any]) -> bool:
    """Whether the round was opened by the actor's organisation or one below it."""
    if actor.is_office or actor.scope is None:
        return actor.is_office
    path = session.value(
        select(organisation.c.path).where(organisation.c.id == row.organisation_id)
    )
    return bool(path) and path.startswith(actor.scope)


def fields_in(row: Row[Any]) -> tuple[Field, ...]:
    """The fields a round asks, in its order."""
    register = Register(row.kind)
    return tuple(get_field(register, key) for key in row.field_keys.split(",") if key)


def questions_in(row: Row[Any]) -> tuple[str, ...]:
    """The office's own questions of a round."""
    return tuple(json.loads(row.questions))


def open_sealed(session: Session, row: Row[Any], column: str) -> Any:
    """Open a sealed column of an answer's row; None when it is empty."""
    sealed = getattr(row, column)
    if sealed is None:
        return None
    return json.loads(session.vault.unseal(sealed, place=f"survey_answer.{column}:{row.uid}"))


def seal(session: Session, uid: str, column: str, value: object) -> bytes:
    """Seal what belongs into a column of an answer's row."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return session.vault.seal(text, place=f"survey_answer.{column}:{uid}")


def merged(submissions: list[Submission]) -> Mapping[str, Value]:
    """What is known from all that was handed in: the later word on each field."""
    known: dict[str, Value] = {}
    for one in submissions:
        known |= one["values"]
    return known


def note_round(
    session: Session, *, now: datetime, actor: Person, round_id: int, what: str, detail: str = ""
) -> None:
    """Journal what was done with a round."""
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        thing="survey_round",
        thing_id=round_id,
        detail=detail,
    )


def note_answer(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    row: Row[Any],
    what: str,
    ground: str,
    detail: str = "",
) -> None:
    """Journal what was done for one person in a round; keys and numbers only."""
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        subject_id=row.person_id,
        thing="survey_answer",
        thing_id=row.id,
        ground=ground,
        detail=detail[:200],
    )
