"""Half-filled conversations: one row for each chat, so that a restart loses no answer (law 7)."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Session
from storage.refusals import Fact
from storage.tables import chat, dialogue

Answers = dict[str, Fact]
FIRST_STEPS = 10**8

# Written once: putting such a statement together cost four times what running it does.
_HERE = dialogue.c.chat_id == bindparam("chat")
_FIND = select(dialogue).where(_HERE)
_STEP = select(dialogue.c.step).where(_HERE)
_BEGIN = insert(dialogue)
_MOVE = (
    update(dialogue)
    .where(_HERE)
    .values(
        topic=bindparam("of_topic"),
        question=bindparam("asked"),
        answers=bindparam("given"),
        updated_at=bindparam("at"),
        step=dialogue.c.step + 1,
    )
)
_END = delete(dialogue).where(_HERE)
_CHAT = select(chat.c.language, chat.c.closed).where(chat.c.id == bindparam("chat"))


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Where a chat stands in a form; ``step`` grows with each move, so old buttons are known."""

    chat_id: int
    topic: str
    question: str
    answers: Answers
    step: int


def find_dialogue(session: Session, *, chat_id: int) -> Dialogue | None:
    """Return the chat's half-filled form, if there is one."""
    row = session.execute(_FIND, {"chat": chat_id}).first()
    if row is None:
        return None
    answers = json.loads(session.vault.unseal(row.answers, place=f"dialogue:{chat_id}"))
    return Dialogue(
        chat_id=chat_id, topic=row.topic, question=row.question, answers=answers, step=row.step
    )


def save_dialogue(
    session: Session, *, now: datetime, chat_id: int, topic: str, question: str, answers: Answers
) -> int:
    """Keep the form where it stands now and return its new step."""
    sealed = session.vault.seal(
        json.dumps(answers, ensure_ascii=False), place=f"dialogue:{chat_id}"
    )
    moved = {"of_topic": topic, "asked": question, "given": sealed, "at": now}
    if session.execute(_MOVE, moved | {"chat": chat_id}).rowcount == 0:
        # Begun anywhere: from 1 each time, a button of an older form would answer the new one.
        first = secrets.randbelow(FIRST_STEPS)
        begun = {"topic": topic, "question": question, "answers": sealed, "updated_at": now}
        session.execute(_BEGIN, begun | {"chat_id": chat_id, "step": first})
        return first
    return int(session.execute(_STEP, {"chat": chat_id}).scalar_one())


def end_dialogue(session: Session, *, chat_id: int) -> bool:
    """Forget the form; returns whether there was one."""
    return session.execute(_END, {"chat": chat_id}).rowcount == 1


@dataclass(frozen=True, slots=True)
class Chat:
    """What is known of a chat; ``closed`` when its owner said no to messages through it."""

    language: str
    closed: bool


def find_chat(session: Session, *, chat_id: int) -> Chat | None:
    """Return what is known of a chat, or None when it was never seen."""
    row = session.execute(_CHAT, {"chat": chat_id}).first()
    return Chat(row.language, row.closed) if row is not None else None


def find_language(session: Session, *, chat_id: int) -> str | None:
    """Return the language chosen in a chat, or None for a chat never seen."""
    found = find_chat(session, chat_id=chat_id)
    return found.language if found is not None else None


def choose_language(session: Session, *, chat_id: int, language: str) -> None:
    """Remember the chat and its language, and that it can be written to."""
    insert = sqlite.insert if session.connection.dialect.name == "sqlite" else postgresql.insert
    values = {"id": chat_id, "language": language, "reachable": True, "shared": False}
    session.execute(
        insert(chat)
        .values(values)
        .on_conflict_do_update(
            index_elements=["id"], set_={"language": language, "reachable": True}
        )
    )


def close_chat(session: Session, *, chat_id: int, closed: bool) -> bool:
    """Its owner said no to messages through it, or yes again; returns whether that is new."""
    switched = session.change(
        update(chat)
        .where(chat.c.id == chat_id, chat.c.closed.is_(not closed))
        .values(closed=closed)
    )
    return switched == 1


def mark_reachable(session: Session, *, chat_id: int, reachable: bool) -> None:
    """The person blocked the bot, or let it back in."""
    session.change(update(chat).where(chat.c.id == chat_id).values(reachable=reachable))
