"""Outcomes: what became of each send, written by its owner alone, by batch."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from storage.database import Session
from storage.incidents import UNDELIVERED, note_incident
from storage.journal import note
from storage.outbox.saying import say, say_before
from storage.rules.sending import MessageClass
from storage.scope import list_staff_of
from storage.tables import chat, file, outbox, person

# An unclear end may have been delivered: one marked repeat for what must arrive, then a human.
REPEATED = frozenset({MessageClass.ALARM, MessageClass.ANSWER, MessageClass.MUST})
TOLD_TO_DUTY = frozenset({MessageClass.ALARM, MessageClass.MUST})
UNCLEAR_LIMIT = 2
# An edit says the same again in the same place, and fetching again fetches the same: harmless, but
# not for ever.
HARMLESS = frozenset({"edit", "fetch"})
HARMLESS_LIMIT = 5
# Why a file could not be fetched; anything else is an unreachable server.
LOST_REASONS = frozenset({"too_big", "gone"})
BODY_KEPT = timedelta(hours=24)
ERROR_LIMIT = 200


class End(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    LATER = "later"  # certainly not delivered: 429, no connection
    SPLIT = "split"  # a caption too long for its file: the words go before, as a message
    ANEW = "anew"  # the message to be rewritten is gone: to be said as a new one
    UNCLEAR = "unclear"  # may have been delivered: timeout after writing, 5xx, killed
    GONE = "gone"  # the chat cannot be written to: blocked, deactivated, not found
    REFUSED = "refused"  # the message itself was refused, also as plain text


@dataclass(frozen=True, slots=True)
class SendResult:
    """One attempt's end; ``wait`` in real seconds before the next try."""

    parcel_id: int
    end: End
    wait: float = 0.0
    message_id: int | None = None
    error: str | None = None


_MINE = (
    update(outbox)
    .where(outbox.c.id == bindparam("parcel"), outbox.c.state == "sending")
    .where(outbox.c.owner == bindparam("by"))
)
_SENT = _MINE.values(
    state="sent", owner=None, message_id=bindparam("number"), sent_at=bindparam("at")
)
_LATER = _MINE.values(state="pending", owner=None, retry_at=bindparam("again"))
_SPLIT = _MINE.values(state="pending", owner=None, template="")
_ANEW = _MINE.values(state="pending", owner=None, kind="send", edits=None, unclear=0)


def record(
    session: Session, *, owner: str, results: Sequence[SendResult], now: datetime, real: float
) -> None:
    """Write the ends of a batch; a row whose lease was lost to another owner is left alone."""
    sent: list[dict[str, object]] = []
    later: list[dict[str, object]] = []
    anew: list[dict[str, object]] = []
    unhappy: list[SendResult] = []
    for result in results:
        mine = {"parcel": result.parcel_id, "by": owner}
        if result.end is End.SENT:
            sent.append(mine | {"number": result.message_id, "at": now})
        elif result.end is End.LATER:
            later.append(mine | {"again": real + result.wait})
        elif result.end is End.ANEW:
            anew.append(mine)
        else:
            unhappy.append(result)
    for statement, rows in ((_SENT, sent), (_LATER, later), (_ANEW, anew)):
        if rows:
            session.execute(statement, rows)
    # Last: a chat that turns out to be closed takes along what waits for it.
    for result in unhappy:
        _record_unhappy(session, result, owner=owner, now=now, real=real)


def _record_unhappy(
    session: Session, result: SendResult, *, owner: str, now: datetime, real: float
) -> None:
    mine = select(outbox).where(outbox.c.id == result.parcel_id, outbox.c.state == "sending")
    row = session.find(mine.where(outbox.c.owner == owner))
    if row is None:
        return
    if result.end is End.SPLIT:
        session.execute(_SPLIT, {"parcel": row.id, "by": owner})
        say_before(session, row=row)
    else:
        _unhappy(session, row, result=result, now=now, real=real)


def recover(session: Session, *, owner: str, now: datetime, real: float) -> int:
    """Take back what a killed process, or an expired lease, left in flight; returns how many."""
    rows = session.all(
        select(outbox).where(
            outbox.c.state == "sending",
            (outbox.c.owner != owner) | (outbox.c.lease_until < real),
        )
    )
    for row in rows:
        lost = SendResult(parcel_id=row.id, end=End.UNCLEAR, error="killed in flight")
        _unhappy(session, row, result=lost, now=now, real=real)
    return len(rows)


def release(session: Session, *, owner: str, keep: Collection[int]) -> None:
    """Give back what this owner holds beside ``keep``: a lease whose commit went unanswered."""
    session.change(
        update(outbox)
        .where(outbox.c.state == "sending", outbox.c.owner == owner, outbox.c.id.not_in(keep))
        .values(state="pending", owner=None)
    )


def _unhappy(
    session: Session, row: Row[Any], *, result: SendResult, now: datetime, real: float
) -> None:
    if result.end is End.UNCLEAR and _may_repeat(row):
        session.change(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(
                state="pending",
                owner=None,
                unclear=outbox.c.unclear + 1,
                retry_at=real + result.wait,
                error=_cut(result.error),
            )
        )
        return
    state = "unknown" if result.end is End.UNCLEAR else "dead"
    session.change(
        update(outbox)
        .where(outbox.c.id == row.id)
        .values(state=state, owner=None, error=_cut(result.error), sent_at=now)
    )
    if row.kind == "fetch":
        _lose_file(session, row, reason=result.error)
    lost = [row, *_close_chat(session, row, now=now)] if result.end is End.GONE else [row]
    matters = [one for one in lost if must_be_told(one)]
    if matters:
        # Once for a chat, however much was waiting for it.
        tell_duty(session, row=matters[0], state=state, now=now)


def _lose_file(session: Session, row: Row[Any], *, reason: str | None) -> None:
    """An awaited file will not come; whoever waits for it looks at its state."""
    why = reason if reason in LOST_REASONS else "unreachable"
    session.change(
        update(file)
        .where(file.c.id == row.file_id, file.c.state == "awaited")
        .values(state="lost", reason=why)
    )


def _cut(error: str | None) -> str | None:
    """As much of the server's words as the column holds: PostgreSQL refuses more."""
    return error[:ERROR_LIMIT] if error else error


def _may_repeat(row: Row[Any]) -> bool:
    if row.kind in HARMLESS:
        return bool(row.unclear + 1 < HARMLESS_LIMIT)
    return row.message_class in REPEATED and row.unclear + 1 < UNCLEAR_LIMIT


def _close_chat(session: Session, row: Row[Any], *, now: datetime) -> Sequence[Row[Any]]:
    """Note that the chat cannot be written to; returns what was waiting for it and is dead too."""
    session.change(update(chat).where(chat.c.id == row.chat_id).values(reachable=False))
    who = session.value(select(person.c.id).where(person.c.telegram_id == row.chat_id))
    note(session, now=now, what="chat_unreachable", actor_id=None, subject_id=who)
    waiting = (outbox.c.chat_id == row.chat_id, outbox.c.state == "pending")
    # Leaving a group stays possible when saying goodbye is not.
    lost = session.all(
        select(outbox).where(*waiting, outbox.c.kind != "leave").order_by(outbox.c.priority)
    )
    session.change(
        update(outbox)
        .where(*waiting, outbox.c.id.in_([one.id for one in lost]))
        .values(state="dead", error="the chat is closed", sent_at=now)
    )
    return lost


def must_be_told(row: Row[Any]) -> bool:
    """Whether somebody on duty has to hear that this message did not arrive."""
    return row.message_class in TOLD_TO_DUTY and row.template != "undelivered"


def tell_duty(session: Session, *, row: Row[Any], state: str, now: datetime) -> None:
    """Tell its receiver's coordinators that a message did not arrive, or may not have."""
    note_incident(session, now=now, kind=UNDELIVERED, chat_id=row.chat_id, thing_id=row.id)
    who = session.find(
        select(person.c.id, person.c.name).where(person.c.telegram_id == row.chat_id)
    )
    about = who.id if who is not None else None
    for coordinator_id, _ in list_staff_of(session, person_id=about, without=about):
        say(
            session,
            now=now,
            to=coordinator_id,
            key=f"undelivered:{row.id}:{coordinator_id}",
            template="undelivered",
            message_class=MessageClass.MUST,
            facts={"name": who.name if who else None, "occasion": row.template, "state": state},
            chosen_time=True,
        )


def sent_at(session: Session, *, key: str) -> datetime | None:
    """Return when the message with this key was really sent; None while, or if, it was not."""
    moment: datetime | None = session.value(
        select(outbox.c.sent_at).where(outbox.c.key == key, outbox.c.state == "sent")
    )
    return moment


def cannot_arrive(session: Session, *, key: str) -> bool:
    """Return whether the message with this key was given up, or was never queued at all."""
    state = session.value(select(outbox.c.state).where(outbox.c.key == key))
    return state in (None, "dead", "unknown", "expired", "unwanted")


def wipe_sent(session: Session, *, now: datetime) -> None:
    """Wipe the contents of messages a day after their end; key and times stay."""
    session.change(
        update(outbox)
        .where(outbox.c.facts.is_not(None), outbox.c.sent_at < now - BODY_KEPT)
        .values(facts=None, buttons=None)
    )
