"""The accounts of a chaos run: what was pushed, handled, sent, lost and doubled."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, select

from bench.register import REGISTER, open_register
from bench.server import Shown, written
from bot.letters import parameters_of
from messages.render import Wording
from storage.database import Session
from storage.outbox.leasing import Parcel, ShownButton
from storage.tables import claim, inbox, journal, need, outbox

Said = tuple[int, str, str]
# What may happen to one need in one of its rounds only once; nothing of the village re-opens any.
ONCE = ("need_stated", "need_claimed", "claim_done", "need_closed")
ON_THE_WAY = ("pending", "sending")


@dataclass(slots=True)
class Delivered:
    """What the server was really given, counted by chat, words and buttons."""

    mark: str
    copies: Counter[Said] = field(default_factory=Counter)
    marked: Counter[Said] = field(default_factory=Counter)
    sent: int = 0

    def note(self, shown: Shown) -> None:
        """Count one message; what rewrites a card says the same in the same place."""
        is_marked = shown.text.startswith(self.mark)
        text = shown.text.removeprefix(self.mark).removeprefix("\n")
        self.sent += not shown.edited
        if not shown.edited:
            said = (shown.chat, text, shown.markup)
            self.copies[said] += 1
            self.marked[said] += is_marked


@dataclass(frozen=True, slots=True)
class Account:
    """Every count; ``is_clean`` is what the run must show."""

    pushed: int
    handled: int
    set_aside: int
    updates_lost: int
    outcomes_lost: int
    double_effects: int
    messages_sent: int
    messages_lost: int
    never_said: int
    repeated_unmarked: int
    repeated_marked: int
    parked: int
    max_copies: int

    @property
    def is_clean(self) -> bool:
        """Nothing lost silently, nothing doubled without a mark, nothing made up."""
        return not any(
            (
                self.set_aside,
                self.updates_lost,
                self.outcomes_lost,
                self.double_effects,
                self.messages_lost,
                self.never_said,
                self.repeated_unmarked,
            )
        )


def count_left(folder: Path) -> tuple[int, int]:
    """Count the updates not yet handled, and the messages not yet said, without any lock."""
    address = f"file:{folder / REGISTER}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=30)) as connection:
        new = connection.execute("SELECT count(*) FROM inbox WHERE state = 'new'")
        unsent = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')"
        return int(new.fetchone()[0]), int(connection.execute(unsent).fetchone()[0])


def draw_up(
    folder: Path, *, pushed: int, delivered: Delivered, pressed: set[tuple[int, str]]
) -> Account:
    """Compare what the register says with what the server saw."""
    database = open_register(folder)
    wording = Wording(zone=database.house.zone.key)
    try:
        with database.transaction() as session:
            return _draw_up(session, wording, pushed, delivered, pressed)
    finally:
        database.close()


def _draw_up(
    session: Session,
    wording: Wording,
    pushed: int,
    delivered: Delivered,
    pressed: set[tuple[int, str]],
) -> Account:
    states: Counter[str] = Counter(row.state for row in session.all(select(inbox.c.state)))
    rows = session.all(select(outbox).where(outbox.c.kind == "send"))
    said = {row.id: _said(session, row, wording) for row in rows if row.facts is not None}
    certain = Counter(said[row.id] for row in rows if row.state == "sent")
    tried = Counter(said[row.id] for row in rows if row.attempts)
    extra = {one: max(0, n - tried[one]) for one, n in delivered.copies.items()}
    again = {one: n for one, n in extra.items() if n and tried[one]}
    marked = sum(min(n, delivered.marked[one]) for one, n in again.items())
    waiting = sum(row.state in ON_THE_WAY for row in rows)
    return Account(
        pushed=pushed,
        handled=states["done"],
        set_aside=states["failed"],
        updates_lost=pushed - states["done"] - states["failed"],
        outcomes_lost=_outcomes_lost(session, pressed),
        double_effects=_double_effects(session),
        messages_sent=delivered.sent,
        messages_lost=waiting
        + sum(max(0, n - delivered.copies[one]) for one, n in certain.items()),
        never_said=sum(n for one, n in extra.items() if not tried[one]),
        repeated_unmarked=sum(again.values()) - marked,
        repeated_marked=marked,
        parked=sum(row.state == "unknown" for row in rows),
        max_copies=max((n for one, n in delivered.copies.items() if tried[one] == 1), default=0),
    )


def _said(session: Session, row: Row[Any], wording: Wording) -> Said:
    """Render a message as it must have gone out, without the mark of a repeat."""
    place = f"outbox:{row.key}"
    lines = json.loads(session.vault.unseal(row.buttons, place=place)) if row.buttons else []
    parcel = Parcel(
        id=row.id,
        key=row.key,
        chat_id=row.chat_id,
        kind=row.kind,
        template=row.template,
        facts=json.loads(session.vault.unseal(row.facts, place=place)),
        buttons=[[ShownButton(*shown) for shown in line] for line in lines],
        keyboard=row.keyboard,
        language=session.house.language,
        message_class=row.message_class,
        repeated=False,
        edits=None,
        file_id=None,
    )
    parameters = parameters_of(parcel, wording)
    return row.chat_id, parameters["text"], written(parameters.get("reply_markup") or {})


def _double_effects(session: Session) -> int:
    """Count what stands in the journal twice for one need, and needs with two finished claims."""
    doubled = select(func.count().label("times")).where(journal.c.what.in_(ONCE))
    doubled = doubled.group_by(journal.c.what, journal.c.thing, journal.c.thing_id)
    notes = sum(row.times - 1 for row in session.all(doubled))
    live = select(func.count().label("times")).where(claim.c.state != "released")
    claims = sum(row.times - 1 for row in session.all(live.group_by(claim.c.need_id)))
    return int(notes + claims)


def _outcomes_lost(session: Session, pressed: set[tuple[int, str]]) -> int:
    """Count presses that were handled and left nothing behind: claims, and "it was done"."""
    claimed = {row.need_id for row in session.all(select(claim.c.need_id))}
    closed = {row.id for row in session.all(select(need.c.id).where(need.c.state == "closed"))}
    lost = 0
    for _, data in pressed:
        topic, act, number, *_ = data.split(":")
        lost += (topic, act) == ("offer", "go") and int(number) not in claimed
        lost += (topic, act) == ("need", "yes") and int(number) not in closed
    return lost
