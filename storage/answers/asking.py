"""Questions to a person: never lost, on the staff's list until one of them has answered."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from storage.choices import Button
from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.journal import note
from storage.outbox import MessageClass, Wanted, say
from storage.people import Person
from storage.refusals import AlreadyDecided, NotAllowed, TooLate
from storage.rules.answers import ANSWERED_WITHIN
from storage.rules.text import cut
from storage.scope import list_staff_of, seen_through
from storage.tables import person, question

WORDS_LIMIT = 1500
SHOWN_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it stands, its words opened."""

    id: int
    uid: str
    person_id: int
    name: str
    words: str
    state: str
    reminders: int
    answered_by: int | None
    created_at: datetime
    version: int

    @property
    def card(self) -> str:
        """The card that its messages share in each chat."""
        return f"question:{self.id}"

    def button(self, act: str) -> Button:
        """A button that acts on this version of it."""
        return Button(f"asked.{act}", f"question:{act}:{self.id}:{self.version}")


def ask_staff(
    session: Session, *, now: datetime, actor: Person, words: str, answer_id: int | None = None
) -> Question:
    """Lay a question on the desk of those to whom the person belongs; returns it."""
    uid = secrets.token_hex(16)
    added = session.add(
        insert(question).values(
            uid=uid,
            person_id=actor.id,
            answer_id=answer_id,
            words=session.vault.seal(cut(words, WORDS_LIMIT), place=f"question.words:{uid}"),
            state="open",
            due_at=now + ANSWERED_WITHIN,
            reminders=0,
            created_at=now,
            version=1,
        )
    )
    asked = _read(session, added)
    _note(session, now, asked, "question_asked", actor_id=actor.id)
    _tell_staff(session, asked, now=now, template="question_new")
    return asked


def withdraw_question(
    session: Session, *, now: datetime, actor: Person, question_id: int
) -> Question:
    """The person does not need an answer any more."""
    asked = _read(session, question_id)
    if asked.person_id != actor.id:
        raise NotAllowed
    gone = _change(session, asked, state="withdrawn", due_at=None, ended_at=now)
    _note(session, now, gone, "question_withdrawn", actor_id=actor.id)
    return gone


def list_questions(session: Session, *, actor: Person) -> list[Question]:
    """List what waits for an answer within the actor's sight; NotAllowed for who is no staff."""
    _check(actor)
    rows = session.all(
        _cards()
        .where(question.c.due_at.is_not(None), seen_through(actor, question.c.person_id))
        .order_by(question.c.due_at)
        .limit(SHOWN_AT_ONCE)
    )
    return [_question(session, row) for row in rows]


def get_question(session: Session, *, actor: Person, question_id: int) -> Question:
    """Return one that the actor may answer now; raises what stands in the way."""
    _check(actor)
    seen = select(question.c.id).where(
        question.c.id == question_id, seen_through(actor, question.c.person_id)
    )
    if session.find(seen) is None:
        raise NotAllowed
    asked = _read(session, question_id)
    if asked.state == "answered":
        raise AlreadyDecided(by=_name(session, asked.answered_by), state="answered")
    if asked.state != "open":
        raise TooLate
    return asked


def answer_question(
    session: Session, *, now: datetime, actor: Person, question_id: int, reply: str
) -> Question:
    """Answer it with one message; the first who does has done it, and the person is told."""
    asked = get_question(session, actor=actor, question_id=question_id)
    sealed = session.vault.seal(cut(reply, WORDS_LIMIT), place=f"question.reply:{asked.uid}")
    done = _change(
        session,
        asked,
        state="answered",
        due_at=None,
        ended_at=now,
        reply=sealed,
        answered_by=actor.id,
    )
    _note(session, now, done, "question_answered", actor_id=actor.id)
    say(
        session,
        now=now,
        to=asked.person_id,
        key=f"question:{asked.id}:answered",
        template="question_answered",
        message_class=MessageClass.MUST,
        facts={"words": asked.words, "reply": cut(reply, WORDS_LIMIT), "by": actor.name},
        card=asked.card,
    )
    return done


def remind_of_questions(database: Database, *, now: datetime) -> bool:
    """Bring one up that nobody has answered in time; returns whether there may be more."""
    return move_oldest(database, _remind, now=now, due=question.c.due_at)


def _remind(session: Session, row: Row[Any], *, now: datetime) -> None:
    asked = _read(session, row.id)
    late = _change(session, asked, due_at=now + ANSWERED_WITHIN, reminders=asked.reminders + 1)
    _note(session, now, late, "question_late", actor_id=None)
    _tell_staff(session, late, now=now, template="question_late")


def next_question_at(session: Session) -> datetime | None:
    """Return when the next one has waited too long."""
    return find_soonest(session, due=question.c.due_at)


def _tell_staff(session: Session, asked: Question, *, now: datetime, template: str) -> None:
    for staff_id, _ in list_staff_of(session, person_id=asked.person_id):
        say(
            session,
            now=now,
            to=staff_id,
            key=f"question:{asked.id}:{asked.reminders}:{staff_id}",
            template=template,
            message_class=MessageClass.MUST,
            facts={"name": asked.name, "words": asked.words, "since": asked.created_at.isoformat()},
            buttons=[[asked.button("reply")]],
            card=asked.card,
            wanted=Wanted("question", asked.id, asked.version),
        )


def _check(actor: Person) -> None:
    if not actor.is_approved("coordinator"):
        raise NotAllowed


def _change(session: Session, asked: Question, **values: Any) -> Question:
    changed = session.change(
        update(question)
        .where(question.c.id == asked.id, question.c.version == asked.version)
        .where(question.c.state == "open")
        .values(**values, version=asked.version + 1)
    )
    if changed != 1:
        raise TooLate
    return _read(session, asked.id)


def _cards() -> Select[Any]:
    return select(question, person.c.name).join(person, person.c.id == question.c.person_id)


def _read(session: Session, question_id: int) -> Question:
    row = session.find(_cards().where(question.c.id == question_id).with_for_update(of=question))
    if row is None:
        raise NotAllowed
    return _question(session, row)


def _question(session: Session, row: Row[Any]) -> Question:
    return Question(
        id=row.id,
        uid=row.uid,
        person_id=row.person_id,
        name=row.name,
        words=session.vault.unseal(row.words, place=f"question.words:{row.uid}"),
        state=row.state,
        reminders=row.reminders,
        answered_by=row.answered_by,
        created_at=row.created_at,
        version=row.version,
    )


def _name(session: Session, person_id: int | None) -> str | None:
    name: str | None = session.value(select(person.c.name).where(person.c.id == person_id))
    return name


def _note(
    session: Session, now: datetime, asked: Question, what: str, *, actor_id: int | None
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=asked.person_id,
        thing="question",
        thing_id=asked.id,
    )
