"""Leasing: delivery takes a batch of rows, each chat in order, fenced by its owner."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, exists, func, select, update

from storage.database import Session
from storage.refusals import Fact
from storage.tables import chat, outbox, tables_by_name

# Longer than the longest send: connect 5 + write 5 + read 10 + media 20, and a margin.
LEASE_SECONDS = 60.0


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


def lease(session: Session, *, owner: str, limit: int, now: datetime, real: float) -> list[Parcel]:
    """Take up to ``limit`` rows that are due; those no longer wanted or too late are set aside."""
    if limit < 1:
        return []
    rows = _due(session, limit=limit, now=now, real=real)
    parcels: list[Parcel] = []
    aside: dict[str, list[int]] = {"expired": [], "unwanted": []}
    for row in rows:
        if row.expires_at is not None and row.expires_at < now:
            aside["expired"].append(row.id)
        elif row.wanted is not None and not _still_wanted(session, row.wanted):
            aside["unwanted"].append(row.id)
        else:
            parcels.append(_parcel(session, row))
    for state, ids in aside.items():
        if ids:
            session.change(
                update(outbox)
                .where(outbox.c.id.in_(ids), outbox.c.state == "pending")
                .values(state=state, sent_at=now)
            )
    if parcels:
        session.change(
            update(outbox)
            .where(outbox.c.id.in_([parcel.id for parcel in parcels]))
            .where(outbox.c.state == "pending")
            .values(
                state="sending",
                owner=owner,
                lease_until=real + LEASE_SECONDS,
                attempts=outbox.c.attempts + 1,
            )
        )
    return parcels


def _due(session: Session, *, limit: int, now: datetime, real: float) -> list[Row[Any]]:
    """Rows that may go now: their chat is not being written to, nothing earlier waits there."""
    busy = outbox.alias("busy")
    earlier = outbox.alias("earlier")
    statement = (
        select(outbox, chat.c.language)
        .outerjoin(chat, chat.c.id == outbox.c.chat_id)
        .where(outbox.c.state == "pending", outbox.c.not_before <= now, outbox.c.retry_at <= real)
        .where(~exists().where(and_(busy.c.chat_id == outbox.c.chat_id, busy.c.state == "sending")))
        .where(
            ~exists().where(
                and_(
                    earlier.c.chat_id == outbox.c.chat_id,
                    earlier.c.state == "pending",
                    earlier.c.id < outbox.c.id,
                    earlier.c.retry_at > real,
                )
            )
        )
        .order_by(outbox.c.priority, outbox.c.id)
        .limit(limit)
    )
    return list(session.all(statement))


def _still_wanted(session: Session, wanted: str) -> bool:
    name, row_id, version = wanted.split(":")
    table = tables_by_name[name]
    now_at = session.value(select(table.c.version).where(table.c.id == int(row_id)))
    return bool(now_at == int(version))


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
        repeated=row.unclear > 0 and row.kind == "send",
        edits=row.edits,
    )


def next_send_at(session: Session) -> datetime | None:
    """Return when the next held message may go, or None."""
    moment: datetime | None = session.value(
        select(outbox.c.not_before)
        .where(outbox.c.state == "pending")
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
            .where(outbox.c.state.in_(("pending", "sending")), outbox.c.not_before <= now)
        )
        or 0
    )
