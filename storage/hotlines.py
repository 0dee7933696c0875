"""Hotlines: the public numbers that people are given, confirmed and changed by the office."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, case, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.rules.contacts import (
    CONTACTS,
    FOR_DANGER,
    FOR_DUTY,
    STALE_AFTER,
    Contact,
    ContactKey,
)
from storage.rules.dangers import DangerKind
from storage.tables import hotline

# Written once: it is run with every alarm.
_ALL = select(hotline)


class NumberFixed(Refusal):
    """110, 119, 120 and 122 are the country's own: confirmed, never changed."""

    key = "number_fixed"


def list_hotlines(session: Session) -> list[tuple[Contact, int]]:
    """Return every number as it stands now, each with its version (0: as shipped)."""
    rows = {row.key: row for row in session.all(_ALL)}
    found = []
    for key, shipped in CONTACTS.items():
        row = rows.get(key.value)
        if row is None:
            found.append((shipped, 0))
        else:
            number = shipped.number if shipped.fixed else row.number
            now = replace(shipped, number=number, tested=row.tested, checked=row.checked_on)
            found.append((now, row.version))
    return found


def get_hotline(session: Session, *, key: str) -> tuple[Contact, int]:
    """Return one number with its version; raises NotAllowed when there is none of this key."""
    for one, version in list_hotlines(session):
        if one.key.value == key:
            return one, version
    raise NotAllowed


def find_numbers(session: Session, *, keys: Sequence[ContactKey]) -> list[Contact]:
    """Return these numbers in this order, without those that nobody has filled in."""
    known = {one.key: one for one, _ in list_hotlines(session)}
    return [known[key] for key in keys if known[key].number]


def numbers_for(session: Session, kind: DangerKind) -> list[Contact]:
    """The numbers to call in this danger, the first one first."""
    return find_numbers(session, keys=FOR_DANGER[kind])


def numbers_to_report(session: Session) -> list[Contact]:
    """Whom to tell of violence, and of harm to who cannot speak for themselves."""
    return find_numbers(session, keys=FOR_DUTY)


def text_line(session: Session) -> Contact:
    """The police by text message: place, time, what happens; ask somebody near to call, too."""
    return get_hotline(session, key=ContactKey.POLICE_SMS)[0]


def confirm_hotline(
    session: Session, *, now: datetime, actor: Person, key: str, version: int, tested: bool
) -> None:
    """The office has looked at the number today; ``tested``: somebody tried it, and it answered."""
    one = _for_office(session, actor=actor, key=key, version=version)
    if not one.number:
        raise TooLate
    kept = one.tested or tested
    _keep(session, now, actor, one, version=version, number=one.number, tested=kept)
    _note(session, now, actor, "number_tested" if tested else "number_confirmed", one)


def change_hotline(
    session: Session, *, now: datetime, actor: Person, key: str, version: int, number: str
) -> None:
    """Give another number, or take it away with an empty one; nobody has tried it yet."""
    one = _for_office(session, actor=actor, key=key, version=version)
    if one.fixed:
        raise NumberFixed
    _keep(session, now, actor, one, version=version, number=number, tested=False)
    _note(session, now, actor, "number_changed", one)


def count_stale_hotlines(actor: Person, now: datetime) -> Select[int, Any]:
    """For the office's list: how many numbers nobody has checked for too long, and since when."""
    if not actor.is_office:
        return select(func.count(), func.min(hotline.c.checked_on)).where(hotline.c.key == "")
    limit = now.date() - STALE_AFTER
    shipped = [one for one in CONTACTS.values() if one.is_stale(now.date())]
    keys = [one.key.value for one in shipped]
    old = (hotline.c.checked_on < limit) & (hotline.c.number != "")
    count: ColumnElement[int] = func.count(case((old, 1)))
    if keys:
        count += len(keys) - func.count(case((hotline.c.key.in_(keys), 1)))
    since = func.coalesce(
        func.min(case((old, hotline.c.checked_on))),
        literal(min((one.checked for one in shipped), default=None), Date),
    )
    return select(count, since).where(hotline.c.key.in_([key.value for key in ContactKey]))


def _for_office(session: Session, *, actor: Person, key: str, version: int) -> Contact:
    if not actor.is_office:
        raise NotAllowed
    one, current = get_hotline(session, key=key)
    if current != version:
        raise TooLate
    return one


def _keep(
    session: Session,
    now: datetime,
    actor: Person,
    one: Contact,
    *,
    version: int,
    number: str,
    tested: bool,
) -> None:
    today: date = session.house.local(now).date()
    values = {"number": number, "tested": tested, "checked_on": today, "checked_by": actor.id}
    changed = session.change(
        update(hotline)
        .where(hotline.c.key == one.key.value, hotline.c.version == version)
        .values(**values, version=version + 1)
    )
    if changed:
        return
    if version:
        raise TooLate
    try:
        with session.savepoint():
            row = {"key": one.key.value, "version": 1}
            session.execute(insert(hotline), row | values)
    except IntegrityError as error:
        raise TooLate from error


def _note(session: Session, now: datetime, actor: Person, what: str, one: Contact) -> None:
    note(session, now=now, what=what, actor_id=actor.id, thing="hotline", detail=one.key.value)
