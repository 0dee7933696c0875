"""Turns: waiting updates become transactions; up to fifty share a commit, each its savepoint."""

import json
import logging
import re
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from telegram import Bot, CallbackQuery, Update

from bot.flood import Flood, Weight
from handlers.router import route, route_urgent
from handlers.turn import Press, Turn
from messages.render import LANGUAGES, Wording
from storage.database import Session
from storage.dialogues import choose_language, find_chat, mark_reachable
from storage.inbox import TRIES, Letter, list_new, mark_done, mark_failed
from storage.incidents import SET_ASIDE, note_incident
from storage.outbox import MessageClass, leave_chat, say
from storage.people import find_person, list_role_holders
from storage.refusals import Refusal
from storage.rules.text import clean

BATCH = 50
TEXT_LIMIT = 4096

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turner:
    """Takes waiting updates and gives each to its conversation."""

    bot: Bot
    bot_id: int
    bot_name: str
    wording: Wording
    flood: Flood = field(default_factory=lambda: Flood(per_minute=0))

    def take(self, session: Session, *, now: datetime) -> tuple[int, list[str]]:
        """Handle a batch of waiting updates; returns how many, and the presses to acknowledge."""
        letters = list_new(session, bot_id=self.bot_id, limit=BATCH)
        presses: list[str] = []
        done: list[int] = []
        for letter in letters:
            try:
                presses += self._attempt(session, letter, now=now)
            except Exception as error:
                # Only the kind of error: its text could hold somebody's words.
                log.error("update %s failed: %s", letter.update_id, _where(error))
                self._set_back(session, letter, error, now=now)
                break  # it stays first in line: its chat keeps its order
            done.append(letter.update_id)
        if done:
            mark_done(session, bot_id=self.bot_id, update_ids=done, now=now)
        return len(letters), presses

    def _attempt(self, session: Session, letter: Letter, *, now: datetime) -> list[str]:
        """Handle one update behind one savepoint; what a refusal took back is begun anew."""
        try:
            with session.savepoint():
                return self._handle(session, letter, now=now)
        except Refusal as refusal:
            with session.savepoint():
                return self._handle(session, letter, now=now, refusal=refusal)

    def _handle(
        self, session: Session, letter: Letter, *, now: datetime, refusal: Refusal | None = None
    ) -> list[str]:
        update = Update.de_json(letter.body, self.bot) if letter.body else None
        if update is None:
            raise ValueError("the update cannot be opened")
        turn = self._turn(session, update, now=now)
        query = update.callback_query
        if turn is None:
            # Nobody to answer, but the button of an inline message must not spin for ever.
            return [query.id] if query else []
        if refusal is None:
            self._route(turn)
        else:
            turn.refuse(refusal)
        return [query.id] if query else []

    def _route(self, turn: Turn) -> None:
        """Who writes too fast is passed over, but for danger and a hand on an alarm."""
        weight = self.flood.weigh(turn.chat_id)
        if weight is Weight.TAKEN:
            route(turn)
        elif not route_urgent(turn) and weight is Weight.TOLD:
            turn.say("too_fast")

    def _turn(self, session: Session, update: Update, *, now: datetime) -> Turn | None:
        """Build the turn of a private chat; None for what is only noted or ignored."""
        chat = update.effective_chat
        user = update.effective_user
        if chat is not None and chat.type != "private":
            # Also when it comes from an anonymous administrator, who counts as a bot.
            self._outside(session, update, chat.id, now=now)
            return None
        if chat is None or user is None or user.is_bot:
            return None
        if update.my_chat_member is not None:
            there = update.my_chat_member.new_chat_member.status == "member"
            mark_reachable(session, chat_id=chat.id, reachable=there)
            return None
        message = update.message or update.edited_message
        if message is None and not _private_press(update.callback_query):
            return None
        if message is not None and message.via_bot is not None:
            return None
        known = find_chat(session, chat_id=chat.id)
        if known is None:
            language = _guess_language(user.language_code, session.house.language)
            choose_language(session, chat_id=chat.id, language=language)
        else:
            language = known.language
        turn = Turn(
            session=session,
            now=now,
            update=update,
            chat_id=chat.id,
            person=find_person(session, telegram_id=user.id),
            language=language,
            closed=known is not None and known.closed,
            wording=self.wording,
            bot_name=self.bot_name,
        )
        if message is not None and message.text is not None:
            turn.text = clean(message.text, limit=TEXT_LIMIT) or ""
        elif message is not None and message.caption:
            turn.text = clean(message.caption, limit=TEXT_LIMIT)
        if update.callback_query is not None:
            turn.press = Press.parse(update.callback_query.data or "")
        return turn

    def _outside(self, session: Session, update: Update, chat_id: int, *, now: datetime) -> None:
        """Groups: one polite line, then leave; channels are ignored."""
        chat = update.effective_chat
        left = update.my_chat_member and update.my_chat_member.new_chat_member.status in (
            "left",
            "kicked",
        )
        if chat is not None and chat.type in ("group", "supergroup") and not left:
            leave_chat(session, now=now, chat_id=chat_id, key=f"leave:{chat_id}:{now:%Y%m%d}")

    def _set_back(
        self, session: Session, letter: Letter, error: Exception, *, now: datetime
    ) -> None:
        aside = mark_failed(
            session,
            bot_id=self.bot_id,
            update_id=letter.update_id,
            error=type(error).__name__,
            now=now,
        )
        if not aside:
            return
        log.error("update %s set aside after %s tries", letter.update_id, TRIES)
        chat_id = _chat_of(letter)
        if chat_id is not None and chat_id > 0:
            say(
                session,
                now=now,
                chat_id=chat_id,
                key=f"sorry:{letter.update_id}",
                template="sorry_failed",
                message_class=MessageClass.ANSWER,
            )
            note_incident(
                session, now=now, kind=SET_ASIDE, chat_id=chat_id, thing_id=letter.update_id
            )
        for coordinator in list_role_holders(session, kind="coordinator"):
            say(
                session,
                now=now,
                to=coordinator,
                key=f"failed:{letter.update_id}:{coordinator}",
                template="update_failed",
                message_class=MessageClass.MUST,
                facts={"update_id": letter.update_id, "error": type(error).__name__},
            )


def _where(error: Exception) -> str:
    """Name the kind and the place of an error, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    last = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {last}"


def _private_press(query: CallbackQuery | None) -> bool:
    return query is not None and query.message is not None and query.message.chat.type == "private"


def _guess_language(code: str | None, default: str) -> str:
    short = (code or "").split("-")[0].casefold()
    return short if short in LANGUAGES else default


_CHAT_ID = re.compile(r'"chat": ?\{[^{}]*?"id": ?(-?\d+)')


def _chat_of(letter: Letter) -> int | None:
    """Find the chat in an update that would not be read."""
    found = _CHAT_ID.search(json.dumps(letter.body or {}))
    return int(found[1]) if found else None


def worth_handling(updates: Sequence[object]) -> list[dict[str, object]]:
    """Keep the updates that have a number; anything else is not an update at all."""
    return [
        one for one in updates if isinstance(one, dict) and isinstance(one.get("update_id"), int)
    ]
