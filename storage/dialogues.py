"""Half-filled conversations: one row for each chat, so that a restart loses no answer (law 7)."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Session
from storage.refusals import Fact
from storage.tables import chat, dialogue

Answers = dict[str, Fact]
FIRST_STEPS = 10**8


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
    row = session.find(select(dialogue).where(dialogue.c.chat_id == chat_id))
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
    values = {"topic": topic, "question": question, "answers": sealed, "updated_at": now}
    statement = (
        update(dialogue)
        .where(dialogue.c.chat_id == chat_id)
        .values(**values, step=dialogue.c.step + 1)
    )
    if session.change(statement) == 0:
        # Begun anywhere: from 1 each time, a button of an older form would answer the new one.
        first = secrets.randbelow(FIRST_STEPS)
        session.execute(dialogue.insert(), values | {"chat_id": chat_id, "step": first})
    return int(session.value(select(dialogue.c.step).where(dialogue.c.chat_id == chat_id)))


def end_dialogue(session: Session, *, chat_id: int) -> bool:
    """Forget the form; returns whether there was one."""
    return session.change(delete(dialogue).where(dialogue.c.chat_id == chat_id)) == 1


def find_language(session: Session, *, chat_id: int) -> str | None:
    """Return the language chosen in a chat, or None for a chat never seen."""
    language: str | None = session.value(select(chat.c.language).where(chat.c.id == chat_id))
    return language


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


def mark_reachable(session: Session, *, chat_id: int, reachable: bool) -> None:
    """The person blocked the bot, or let it back in."""
    session.change(update(chat).where(chat.c.id == chat_id).values(reachable=reachable))
