"""Leasing: delivery takes a batch of rows, each chat in order, fenced by its owner."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnClause,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.database import Session
from storage.outbox.outcomes import must_be_told, tell_duty
from storage.refusals import Fact
from storage.tables import chat, outbox, tables_by_name
from storage.vault import VaultError

# Longer than the longest send, an upload of fifty megabytes on a slow line, and a margin.
LEASE_SECONDS = 300.0

# Spelled out, not bound: SQLite uses an index of waiting rows only for a condition it can read,
# and with a bound state each lease read every message ever sent.
PENDING: ColumnClause[str] = literal_column("'pending'")
SENDING: ColumnClause[str] = literal_column("'sending'")
DOCUMENT: ColumnClause[str] = literal_column("'document'")


@dataclass(frozen=True, slots=True)
class ShownButton:
    """A button with the number it has in its chat."""

    number: int
    label: str
    facts: dict[str, Fact]
    data: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A leased message with what is needed to render and send it."""

    id: int
    key: str
    chat_id: int
    kind: str
    template: str
    facts: dict[str, Fact]
    buttons: list[list[ShownButton]]
    keyboard: str | None
    language: str
    message_class: str
    repeated: bool
    edits: int | None
    file_id: int | None


def _due_rows() -> Select[Any]:
    """Rows that may go now: their chat is not being written to, nothing earlier waits there."""
    other = outbox.alias("other")
    now = bindparam("now", type_=outbox.c.not_before.type)
    real = bindparam("real", type_=outbox.c.retry_at.type)
    is_before = and_(other.c.id < outbox.c.id, other.c.retry_at > real)
    # An alarm does not wait for a long upload to end.
    is_sent_now = and_(
        other.c.state == SENDING, or_(outbox.c.priority > 0, other.c.kind != DOCUMENT)
    )
    in_the_way = exists().where(
        other.c.chat_id == outbox.c.chat_id,
        # Word for word the condition of the index by chat.
        other.c.state.in_((PENDING, SENDING)),
        or_(is_sent_now, is_before),
    )
    return (
        select(outbox, chat.c.language)
        .outerjoin(chat, chat.c.id == outbox.c.chat_id)
        .where(outbox.c.state == PENDING, outbox.c.not_before <= now, outbox.c.retry_at <= real)
        .where(~in_the_way)
        .order_by(outbox.c.priority, outbox.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=outbox)
    )


def _pending() -> Update:
    some = outbox.c.id.in_(bindparam("ids", expanding=True))
    return update(outbox).where(some, outbox.c.state == PENDING)


# Written once: putting such a statement together cost several times what running it does.
_DUE = _due_rows()
_SET_ASIDE = _pending().values(state=bindparam("to"), sent_at=bindparam("at"))
_TAKE = _pending().values(
    state="sending",
    owner=bindparam("by"),
    lease_until=bindparam("until"),
    attempts=outbox.c.attempts + 1,
)
_VERSIONS = {
    name: select(table.c.version).where(table.c.id == bindparam("row"))
    for name, table in tables_by_name.items()
    if "version" in table.c
}


def lease(session: Session, *, owner: str, limit: int, now: datetime, real: float) -> list[Parcel]:
    """Take up to ``limit`` rows that are due; those no longer wanted or too late are set aside."""
    if limit < 1:
        return []
    parcels: list[Parcel] = []
    # Again while all that was found was set aside: after an outage that may be very many.
    while not parcels:
        rows = session.execute(_DUE, {"now": now, "real": real, "most": limit}).all()
        if not rows:
            return []
        parcels = _sort_out(session, rows, now=now)
    ids = [parcel.id for parcel in parcels]
    session.execute(_TAKE, {"ids": ids, "by": owner, "until": real + LEASE_SECONDS})
    return parcels


def _sort_out(session: Session, rows: Sequence[Row[Any]], *, now: datetime) -> list[Parcel]:
    """Return what is to be sent; set the rest aside."""
    parcels: list[Parcel] = []
    aside: dict[str, list[int]] = {"expired": [], "unwanted": [], "dead": []}
    for row in rows:
        if row.expires_at is not None and row.expires_at < now:
            aside["expired"].append(row.id)
        elif row.wanted is not None and not _still_wanted(session, row.wanted):
            aside["unwanted"].append(row.id)
        elif row.edits is not None and _message_of(session, row) is None:
            # What was under way when this was queued did not go out: nothing to rewrite.
            aside["unwanted"].append(row.id)
        else:
            try:
                parcels.append(_parcel(session, row))
            except (VaultError, ValueError):
                # One row that no key opens must not keep every other message from going out.
                aside["dead"].append(row.id)
    for state, ids in aside.items():
        if ids:
            session.execute(_SET_ASIDE, {"ids": ids, "to": state, "at": now})
    for row in rows:
        if must_be_told(row) and row.id in (*aside["expired"], *aside["dead"]):
            tell_duty(session, row=row, state="dead", now=now)
    return parcels


def _still_wanted(session: Session, wanted: str) -> bool:
    name, row_id, version = wanted.split(":")
    now_at = session.execute(_VERSIONS[name], {"row": int(row_id)}).scalar()
    return bool(now_at == int(version))


def _message_of(session: Session, row: Row[Any]) -> int | None:
    """The message to be rewritten; the row that had to be sent before has ended by now."""
    number: int | None = row.edits
    if number is not None and number < 0:
        number = session.value(select(outbox.c.message_id).where(outbox.c.id == -number))
    return number


def _parcel(session: Session, row: Row[Any]) -> Parcel:
    place = f"outbox:{row.key}"
    facts = json.loads(session.vault.unseal(row.facts, place=place))
    lines = json.loads(session.vault.unseal(row.buttons, place=place)) if row.buttons else []
    return Parcel(
        id=row.id,
        key=row.key,
        chat_id=row.chat_id,
        kind=row.kind,
        template=row.template,
        facts=facts,
        buttons=[[ShownButton(*shown) for shown in line] for line in lines],
        keyboard=row.keyboard,
        language=row.language or session.house.language,
        message_class=row.message_class,
        repeated=row.unclear > 0 and row.kind in ("send", "document"),
        edits=_message_of(session, row),
        file_id=row.file_id,
    )


def next_send_at(session: Session) -> datetime | None:
    """Return when the next held message may go, or None."""
    moment: datetime | None = session.value(
        select(outbox.c.not_before)
        .where(outbox.c.state == PENDING)
        .order_by(outbox.c.not_before)
        .limit(1)
    )
    return moment


def count_unsent(session: Session, *, now: datetime) -> int:
    """Count the messages that are due and not yet sent, those under way included."""
    return int(
        session.value(
            select(func.count())
            .select_from(outbox)
            .where(outbox.c.state.in_((PENDING, SENDING)), outbox.c.not_before <= now)
        )
        or 0
    )
