"""Answers: found by the words of a question, kept by edition, read again each year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.answers import GOOD_FOR, best_answer, read_words, shipped_answers
from storage.tables import answer, answer_text, person


@dataclass(frozen=True, slots=True)
class Text:
    """One edition."""

    number: int
    text: str
    source: str
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with all its editions; the newest is given."""

    id: int
    title: str
    words: tuple[str, ...]
    state: str
    reviewed_on: date
    version: int
    texts: tuple[Text, ...]

    @property
    def newest(self) -> Text:
        """The edition that is given."""
        return self.texts[-1]

    def is_stale(self, today: date) -> bool:
        """Whether nobody has read it against its source for too long to be given."""
        return self.reviewed_on < today - GOOD_FOR


def plant_answers(session: Session, *, now: datetime) -> int:
    """Put the shipped answers into a register that has none; returns how many."""
    if session.find(select(answer.c.id).limit(1)) is not None:
        return 0
    shipped = shipped_answers()
    for one in shipped:
        _insert(
            session,
            now=now,
            by=None,
            reviewed_on=one.reviewed,
            title=one.title,
            words=one.words,
            text=one.text,
            source=one.source,
        )
    return len(shipped)


def find_answer(session: Session, *, today: date, words: str) -> Answer | None:
    """Return the answer that fits a question best and stands; None means: a person must."""
    rows = session.all(select(answer).where(answer.c.state == "kept").order_by(answer.c.id))
    found = best_answer(words, {row.id: read_words(row.words) for row in rows})
    if found is None:
        return None
    one = _read(session, next(row for row in rows if row.id == found))
    return None if one.is_stale(today) else one


def list_answers(session: Session, *, actor: Person | None, today: date) -> list[Answer]:
    """List what is kept; what is stale or withdrawn only for the office, which can mend it."""
    office = actor is not None and actor.is_office
    rows = session.all(select(answer).order_by(answer.c.id))
    found = [_read(session, row) for row in rows]
    return [one for one in found if office or (one.state == "kept" and not one.is_stale(today))]


def get_answer(session: Session, *, actor: Person | None, today: date, answer_id: int) -> Answer:
    """Return one that the actor may see; raises NotAllowed."""
    for one in list_answers(session, actor=actor, today=today):
        if one.id == answer_id:
            return one
    raise NotAllowed


def add_answer(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    title: str,
    words: Sequence[str],
    text: str,
    source: str,
) -> int:
    """Keep a new answer and return its id."""
    _check(actor)
    today = session.house.local(now).date()
    added = _insert(
        session,
        now=now,
        by=actor.id,
        reviewed_on=today,
        title=title,
        words=words,
        text=text,
        source=source,
    )
    _note(session, now, actor, added, "answer_added")
    return added


def change_answer(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    answer_id: int,
    version: int,
    text: str,
    source: str,
) -> None:
    """Supersede what an answer says; the earlier editions stay."""
    _check(actor)
    _move(session, now, actor, answer_id=answer_id, version=version, state="kept")
    last = session.value(
        select(func.max(answer_text.c.number)).where(answer_text.c.answer_id == answer_id)
    )
    _add_text(
        session,
        now=now,
        by=actor.id,
        answer_id=answer_id,
        number=int(last) + 1,
        text=text,
        source=source,
    )
    _note(session, now, actor, answer_id, "answer_changed")


def review_answer(
    session: Session, *, now: datetime, actor: Person, answer_id: int, version: int
) -> None:
    """The office has read it against its source today: it stands for another year."""
    _check(actor)
    _move(session, now, actor, answer_id=answer_id, version=version, state="kept")
    _note(session, now, actor, answer_id, "answer_reviewed")


def withdraw_answer(
    session: Session, *, now: datetime, actor: Person, answer_id: int, version: int
) -> None:
    """Give it to nobody any more; its editions stay."""
    _check(actor)
    _move(session, now, actor, answer_id=answer_id, version=version, state="kept", to="withdrawn")
    _note(session, now, actor, answer_id, "answer_withdrawn")


def restore_answer(
    session: Session, *, now: datetime, actor: Person, answer_id: int, version: int
) -> None:
    """Give a withdrawn one again."""
    _check(actor)
    _move(session, now, actor, answer_id=answer_id, version=version, state="withdrawn", to="kept")
    _note(session, now, actor, answer_id, "answer_restored")


def _check(actor: Person) -> None:
    if not actor.is_office:
        raise NotAllowed


def _move(
    session: Session,
    now: datetime,
    actor: Person,
    *,
    answer_id: int,
    version: int,
    state: str,
    to: str | None = None,
) -> None:
    moved = session.change(
        update(answer)
        .where(answer.c.id == answer_id, answer.c.version == version, answer.c.state == state)
        .values(
            state=to or state,
            reviewed_on=session.house.local(now).date(),
            reviewed_by=actor.id,
            version=version + 1,
        )
    )
    if moved == 0:
        raise TooLate


def _insert(
    session: Session,
    *,
    now: datetime,
    by: int | None,
    reviewed_on: date,
    title: str,
    words: Sequence[str],
    text: str,
    source: str,
) -> int:
    added = session.add(
        insert(answer).values(
            title=title,
            words="、".join(words),
            state="kept",
            reviewed_on=reviewed_on,
            reviewed_by=by,
            created_at=now,
            version=1,
        )
    )
    _add_text(session, now=now, by=by, answer_id=added, number=1, text=text, source=source)
    return added


def _add_text(
    session: Session,
    *,
    now: datetime,
    by: int | None,
    answer_id: int,
    number: int,
    text: str,
    source: str,
) -> None:
    session.execute(
        insert(answer_text).values(
            answer_id=answer_id,
            number=number,
            text=text,
            source=source,
            made_by=by,
            created_at=now,
        )
    )


def _read(session: Session, row: Row[Any]) -> Answer:
    texts = session.all(
        select(answer_text, person.c.name.label("by"))
        .outerjoin(person, person.c.id == answer_text.c.made_by)
        .where(answer_text.c.answer_id == row.id)
        .order_by(answer_text.c.number)
    )
    return Answer(
        id=row.id,
        title=row.title,
        words=read_words(row.words),
        state=row.state,
        reviewed_on=row.reviewed_on,
        version=row.version,
        texts=tuple(
            Text(one.number, one.text, one.source, one.created_at, one.by) for one in texts
        ),
    )


def _note(session: Session, now: datetime, actor: Person, answer_id: int, what: str) -> None:
    note(session, now=now, what=what, actor_id=actor.id, thing="answer", thing_id=answer_id)
