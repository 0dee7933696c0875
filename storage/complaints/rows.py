"""A complaint's row: what it holds, who of the staff may see it, and how it changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, update

from storage.choices import Button
from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import Fact, NotAllowed, Refusal, TooLate
from storage.rules.text import cut
from storage.rules.wrongs import WRONGS, Side, Wrong
from storage.scope import seen_through
from storage.tables import complaint, person

WORDS_LIMIT = 4000
SHOWN_LIMIT = 1500
LIVE = ("open", "taken")


class ComplaintOver(Refusal):
    """It was dealt with or taken back; facts say which."""

    key = "complaint_over"


class ComplaintTaken(Refusal):
    """Somebody of the staff has it: it cannot be taken back any more."""

    key = "complaint_taken"


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as it stands, its words opened."""

    id: int
    uid: str
    version: int
    side: Side
    wrong: Wrong
    words: str
    state: str
    reporter_id: int
    reporter: str
    for_id: int
    whom_for: str
    reported_id: int | None
    reported: str | None
    need_id: int | None
    to_office: bool
    owner_id: int | None
    owner: str | None
    due_at: datetime | None
    reminders: int
    ending: str | None
    note: str | None
    created_at: datetime

    @property
    def card(self) -> str:
        """The card that its messages share in each chat."""
        return f"complaint:{self.id}"

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to deal with it."""
        return self.state in LIVE

    @property
    def label(self) -> str:
        """The key of the label that words what went wrong, as this side says it."""
        return f"{self.side.value}_{self.wrong.key}"

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for the staff who deal with it."""
        return {
            "number": self.id,
            "what": self.label,
            "serious": self.wrong.serious,
            "words": cut(self.words, SHOWN_LIMIT),
            "state": self.state,
            "reporter": self.reporter,
            "whom_for": self.whom_for if self.for_id != self.reporter_id else None,
            "reported": self.reported,
            "owner": self.owner,
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "since": self.created_at.isoformat(),
            "ending": self.ending,
            "note": self.note,
        }

    def button(self, act: str) -> Button:
        """A button that acts on this version of it."""
        return Button(f"complaint.{act}", f"complaint:{act}:{self.id}:{self.version}")


_reporter, _for, _reported, _owner = (
    person.alias("reporter"),
    person.alias("whom_for"),
    person.alias("reported"),
    person.alias("owner"),
)


def _cards() -> Select[Any]:
    return (
        select(
            complaint,
            _reporter.c.name.label("reporter"),
            _for.c.name.label("whom_for"),
            _reported.c.name.label("reported"),
            _owner.c.name.label("owner"),
        )
        .join(_reporter, _reporter.c.id == complaint.c.reporter_id)
        .join(_for, _for.c.id == complaint.c.for_id)
        .outerjoin(_reported, _reported.c.id == complaint.c.reported_id)
        .outerjoin(_owner, _owner.c.id == complaint.c.owner_id)
    )


def read_complaint(session: Session, *, complaint_id: int) -> Complaint:
    """Return the complaint, its row held until the end of the transaction; NotAllowed for none."""
    row = session.find(_cards().where(complaint.c.id == complaint_id).with_for_update(of=complaint))
    if row is None:
        raise NotAllowed
    return _complaint(session, row)


def list_complaints(
    session: Session, *where: ColumnElement[bool], limit: int = 5
) -> list[Complaint]:
    """Return the complaints for which these conditions hold, what is due first in front."""
    statement = _cards().where(*where).order_by(complaint.c.due_at, complaint.c.id).limit(limit)
    return [_complaint(session, row) for row in session.all(statement)]


def seen_by(actor: Person) -> ColumnElement[bool]:
    """Condition: what this member of staff may deal with.

    Nothing that is about them or that they say themselves; what is about staff is the office's.
    """
    nobody = or_(complaint.c.reported_id.is_(None), complaint.c.reported_id != actor.id)
    mine = nobody & (complaint.c.reporter_id != actor.id)
    if actor.is_office:
        return mine
    return mine & ~complaint.c.to_office & seen_through(actor, complaint.c.for_id)


def change_complaint(session: Session, row: Complaint, values: Mapping[str, object]) -> Complaint:
    """Change a complaint if it is still as it was read, and return it as it is now."""
    changed = session.change(
        update(complaint)
        .where(complaint.c.id == row.id, complaint.c.version == row.version)
        .where(complaint.c.state.in_(LIVE))
        .values(**values, version=row.version + 1)
    )
    if changed != 1:
        raise TooLate
    return read_complaint(session, complaint_id=row.id)


def seal(session: Session, *, uid: str, words: str, column: str = "words") -> bytes:
    """Seal what was said, or what the staff wrote about it."""
    return session.vault.seal(cut(words, WORDS_LIMIT), place=f"complaint.{column}:{uid}")


def note_complaint(
    session: Session, row: Complaint, *, now: datetime, what: str, actor_id: int | None
) -> None:
    """Write down what was done with a complaint."""
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=row.for_id,
        thing="complaint",
        thing_id=row.id,
        detail=row.wrong.key,
    )


def _complaint(session: Session, row: Row[Any]) -> Complaint:
    def opened(column: str) -> str:
        value = row._mapping[column]
        return session.vault.unseal(value, place=f"complaint.{column}:{row.uid}")

    side = Side(row.side)
    return Complaint(
        id=row.id,
        uid=row.uid,
        version=row.version,
        side=side,
        wrong=WRONGS[side].get(row.what, WRONGS[side]["other"]),
        words=opened("words"),
        state=row.state,
        reporter_id=row.reporter_id,
        reporter=row.reporter,
        for_id=row.for_id,
        whom_for=row.whom_for,
        reported_id=row.reported_id,
        reported=row.reported,
        need_id=row.need_id,
        to_office=row.to_office,
        owner_id=row.owner_id,
        owner=row.owner,
        due_at=row.due_at,
        reminders=row.reminders,
        ending=row.ending,
        note=opened("note") if row.note is not None else None,
        created_at=row.created_at,
    )
