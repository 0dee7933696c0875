"""Saying: put a message into the outbox, once for each business fact."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Insert, Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.aloud import keep_to_tell
from storage.choices import Button, open_choices
from storage.database import Session
from storage.pausing import is_away
from storage.refusals import Fact
from storage.rules.sending import MessageClass, goes_in_a_pause, hold_until
from storage.tables import chat, outbox, person, tables_by_name

# Alarms before answers before what must arrive before what is merely good to know.
PRIORITY = {
    MessageClass.ALARM: 0,
    MessageClass.ANSWER: 1,
    MessageClass.MUST: 2,
    MessageClass.INFO: 3,
}

# Telegram gives nobody this number.
NO_CHAT = 0

# Written once: putting such a statement together cost four times what running it does.
_CHAT_OF = (
    select(person.c.telegram_id, chat.c.closed)
    .outerjoin(chat, chat.c.id == person.c.telegram_id)
    .where(person.c.id == bindparam("person"))
)
_WAY_TO = _CHAT_OF.add_columns(is_away(person.c.id, bindparam("moment")).label("away"))
_SHOW = update(outbox).where(outbox.c.key == bindparam("said")).values(buttons=bindparam("shown"))
_SQLITE = sqlite.insert(outbox).on_conflict_do_nothing(index_elements=["key"])
_POSTGRES = postgresql.insert(outbox).on_conflict_do_nothing(index_elements=["key"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """The message is only wanted while this row still has this version."""

    table: str
    id: int
    version: int

    def __post_init__(self) -> None:
        if self.table not in tables_by_name:
            raise ValueError(f"no version to look at: {self.table}")


def say(
    session: Session,
    *,
    now: datetime,
    key: str,
    template: str,
    message_class: MessageClass,
    to: int | None = None,
    chat_id: int | None = None,
    facts: Mapping[str, Fact] | None = None,
    buttons: Sequence[Sequence[Button]] = (),
    keyboard: str | None = None,
    card: str | None = None,
    edits: int | None = None,
    document: int | None = None,
    wanted: Wanted | None = None,
    shelf: timedelta | None = None,
    chosen_time: bool = False,
    aloud: bool | None = None,
) -> bool:
    """Queue one message to a person (``to``) or a chat; returns whether it is new and has a way.

    ``key`` is the business fact, e.g. ``claim:812:v3:resident``: said once, ever. ``card`` names
    the thing whose older choices in that chat this message replaces. ``edits`` is the message to
    be rewritten instead of sending a new one; a negative one is the row that is being sent now.
    ``document`` is a kept file that the message brings; the words become its caption.
    ``shelf`` is how long it is worth sending.
    ``chosen_time``: the receiver chose this hour, so quiet hours do not hold it.
    To somebody who is away nothing goes but alarms and answers: it is dropped (law 13).
    A person who does not use the chat has no way: False comes back, and what must arrive is laid
    on the staff's list, to be told by word of mouth; ``aloud`` says whether, if not by its class.
    """
    if chat_id is None:
        chat_id, is_gone = _way_to(session, to, message_class, now=now)
        if is_gone:
            return False
        if chat_id is None:
            told = message_class is MessageClass.MUST if aloud is None else aloud
            if told and to is not None:
                of = f"{wanted.table}:{wanted.id}:{wanted.version}" if wanted else None
                keep_to_tell(
                    session,
                    now=now,
                    key=key,
                    person_id=to,
                    template=template,
                    facts=facts or {},
                    wanted=of,
                )
            return False
    held = hold_until(
        message_class, session.house.local(now), session.house.quiet, chosen_time=chosen_time
    )
    not_before = held or now
    row = {
        "key": key,
        "chat_id": chat_id,
        "kind": "document" if document is not None else "edit" if edits else "send",
        "template": template,
        "facts": _seal(session, key, facts or {}),
        "keyboard": keyboard,
        "card": card,
        "edits": edits,
        "file_id": document,
        "message_class": message_class.value,
        "priority": PRIORITY[message_class],
        "not_before": not_before,
        "expires_at": not_before + shelf if shelf else None,
        "wanted": f"{wanted.table}:{wanted.id}:{wanted.version}" if wanted else None,
        "created_at": now,
        "state": "pending",
        "attempts": 0,
        "unclear": 0,
        "retry_at": 0.0,
    }
    # The row first: a key said before, or at this moment by another hand, must not disturb the
    # choices of the messages already out.
    if not _queue(session, row):
        return False
    if buttons:
        flat = [button for line in buttons for button in line]
        numbers = iter(open_choices(session, chat_id=chat_id, card=card or key, buttons=flat))
        shown = [[[next(numbers), b.label, b.facts, b.data] for b in line] for line in buttons]
        session.execute(_SHOW, {"said": key, "shown": _seal(session, key, shown)})
    elif card:
        open_choices(session, chat_id=chat_id, card=card, buttons=())
    return True


def fetch(session: Session, *, now: datetime, file_id: int, source: str) -> None:
    """Queue the fetching of an awaited file; ``source`` is the messenger's own name for it.

    It belongs to no chat, so that nobody's messages wait behind a long download.
    """
    key = f"fetch:{file_id}"
    row = {
        "key": key,
        "chat_id": NO_CHAT,
        "kind": "fetch",
        "template": "",
        "facts": _seal(session, key, {"source": source}),
        "file_id": file_id,
        "message_class": MessageClass.ANSWER.value,
        "priority": PRIORITY[MessageClass.ANSWER],
        "not_before": now,
        "created_at": now,
        "state": "pending",
        "attempts": 0,
        "unclear": 0,
        "retry_at": 0.0,
    }
    _queue(session, row)


def say_before(session: Session, *, row: Row[Any]) -> None:
    """Queue the words of a document as a message that goes before it: too long for a caption."""
    facts = session.vault.unseal(row.facts, place=f"outbox:{row.key}")
    key = f"{row.key}:words"
    words = {
        "key": key,
        "chat_id": row.chat_id,
        "kind": "send",
        "template": row.template,
        "facts": session.vault.seal(facts, place=f"outbox:{key}"),
        "message_class": row.message_class,
        # The file was queued first and would be taken first.
        "priority": row.priority - 1,
        "not_before": row.not_before,
        "expires_at": row.expires_at,
        "wanted": row.wanted,
        "created_at": row.created_at,
        "state": "pending",
        "attempts": 0,
        "unclear": 0,
        "retry_at": 0.0,
    }
    _queue(session, words)


def _way_to(
    session: Session, to: int | None, message_class: MessageClass, *, now: datetime
) -> tuple[int | None, bool]:
    """The person's chat, if they use it, and whether they are away for messages of this class.

    In a closed chat only answers and alarms are said.
    """
    if goes_in_a_pause(message_class):
        row = session.execute(_CHAT_OF, {"person": to}).first()
        return (row.telegram_id, False) if row is not None else (None, False)
    row = session.execute(_WAY_TO, {"person": to, "moment": now}).first()
    if row is None:
        return None, False
    return (None if row.closed else row.telegram_id), bool(row.away)


def leave_chat(session: Session, *, now: datetime, chat_id: int, key: str) -> None:
    """Queue one polite line to a group, and then going."""
    line = {"key": key, "template": "group_farewell", "kind": "send"}
    going = {"key": f"{key}:go", "template": "", "kind": "leave"}
    for part in (line, going):
        row = part | {
            "chat_id": chat_id,
            "facts": _seal(session, part["key"], {}),
            "message_class": MessageClass.ANSWER.value,
            "priority": PRIORITY[MessageClass.ANSWER],
            "not_before": now,
            "expires_at": now + timedelta(hours=1),
            "created_at": now,
            "state": "pending",
            "attempts": 0,
            "unclear": 0,
            "retry_at": 0.0,
        }
        _queue(session, row)


def _queue(session: Session, row: Mapping[str, object]) -> bool:
    is_new = session.execute(_insert_once(session), row).rowcount == 1
    session.queued = session.queued or is_new
    return is_new


def _seal(session: Session, key: str, value: object) -> bytes:
    return session.vault.seal(json.dumps(value, ensure_ascii=False), place=f"outbox:{key}")


def _insert_once(session: Session) -> Insert:
    return _SQLITE if session.connection.dialect.name == "sqlite" else _POSTGRES
