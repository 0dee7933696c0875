"""What is done in a tie: the shipped items, those the office added, and those it switched off."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rules.areas import Category
from storage.rules.pairs import Kind
from storage.rules.ties import ITEMS
from storage.tables import tie_item

# More than fit on a phone are read by nobody.
ADDED_AT_MOST = 12
# An added item is worded by its own key: no label is looked up for what begins so.
NAMED = "="
# With the sign before it, it has to fit on a button in bytes.
NAME_LIMIT = 10


@dataclass(frozen=True, slots=True)
class TieItem:
    """One thing that is done; what the office added has its name in its key."""

    key: str
    category: Category | None = None
    calls: bool = False
    active: bool = True
    version: int = 0


def list_items(session: Session, *, kind: Kind, hidden: bool = False) -> list[TieItem]:
    """List what can be done in a tie of this kind, the shipped ones first."""
    kept = {row.key: row for row in session.all(select(tie_item).order_by(tie_item.c.key))}
    found = []
    for one in ITEMS:
        if kind in one.ties:
            row = kept.get(one.key)
            active, version = (row.active, row.version) if row is not None else (True, 0)
            found.append(TieItem(one.key, one.category, one.calls, active, version))
    for row in kept.values():
        if row.kind == kind.value:
            found.append(TieItem(row.key, active=row.active, version=row.version))
    return [one for one in found if one.active or hidden]


def add_item(session: Session, *, now: datetime, actor: Person, kind: Kind, name: str) -> None:
    """Add something that can be done, by the office; raises AlreadyDone when it is there."""
    _check(actor)
    if not name or len(name) > NAME_LIMIT or set(name) & set(",:="):
        raise TooLate
    there = list_items(session, kind=kind, hidden=True)
    if sum(one.key.startswith(NAMED) for one in there) >= ADDED_AT_MOST:
        raise TooLate
    key = f"{NAMED}{name}"
    row = {"key": key, "kind": kind.value, "active": True}
    try:
        with session.savepoint():
            session.execute(
                insert(tie_item), row | {"changed_by": actor.id, "changed_at": now, "version": 1}
            )
    except IntegrityError as error:
        raise AlreadyDone from error
    _note(session, now, actor, "tie_item_added", key)


def switch_item(
    session: Session, *, now: datetime, actor: Person, key: str, version: int, active: bool
) -> None:
    """Take an item off the list, or put it back; ties that have it go on with it."""
    _check(actor)
    row = session.find(select(tie_item).where(tie_item.c.key == key))
    values = {"active": active, "changed_by": actor.id, "changed_at": now}
    if row is not None:
        changed = session.change(
            update(tie_item)
            .where(tie_item.c.key == key, tie_item.c.version == version)
            .values(**values, version=version + 1)
        )
        if changed == 0:
            raise TooLate
    elif version == 0 and any(one.key == key for one in ITEMS):
        try:
            with session.savepoint():
                session.execute(insert(tie_item), {"key": key, "version": 1, **values})
        except IntegrityError as error:
            raise TooLate from error
    else:
        raise NotAllowed
    _note(session, now, actor, "tie_item_on" if active else "tie_item_off", key)


def _check(actor: Person) -> None:
    if not actor.is_office:
        raise NotAllowed


def _note(session: Session, now: datetime, actor: Person, what: str, key: str) -> None:
    note(session, now=now, what=what, actor_id=actor.id, thing="tie_item", detail=key)
