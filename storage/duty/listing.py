"""Who is on duty: the rota's people where one is kept, else all staff there, and never nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from storage.apart import apart_from, held_back
from storage.database import Session
from storage.duty.slots import list_on, office_id
from storage.outbox import Button, MessageClass, Wanted, say
from storage.pausing import list_away
from storage.refusals import Fact
from storage.scope import staff_levels


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody on duty now; ``apart`` from the person, and named for want of anybody else."""

    id: int
    name: str
    apart: bool = False


def list_duty(
    session: Session,
    *,
    now: datetime,
    about: int | None,
    without: int | None = None,
    everyone: bool = False,
    even_apart: bool = False,
    near: bool = False,
) -> list[OnDuty]:
    """Return who is on duty for a person (``about``) at this moment and can be written to.

    Of each organisation where the person belongs, or above: whoever its rota names, and with no
    rota, an empty slot, or somebody who is away or cannot be reached, all who work there. With
    nobody there the office, with nobody in the office everybody. Who is away is passed over, unless
    there is nobody else; whoever is kept apart from the person likewise. ``without``: somebody who
    need not be told. ``everyone``: all who work there whatever the rota says, also who is away: for
    what nobody answered the first time. ``even_apart``: nobody of the others has answered for long.
    ``near``: it is of use only to those to whom the person belongs: nobody farther off is somebody.
    """
    levels: Sequence[list[Row[Any]]] = staff_levels(
        session, person_id=about, reachable=True, without=without
    )
    away = list_away(session, person_ids=[row.id for row in levels[-1]], now=now)
    barred = _kept_apart(session, about)
    if barred and not even_apart:
        levels = _without_apart(levels, barred, away, near=near)
    chosen = _present(levels, away)
    if everyone:
        rung = [*next((level for level in levels if level), ()), *chosen]
    else:
        rung = _by_rota(session, chosen, now=now)
    named = sorted({row.id: row.name for row in rung}.items())
    return sorted((OnDuty(one, name, one in barred) for one, name in named), key=_is_apart)


def _is_apart(one: OnDuty) -> bool:
    return one.apart


def _kept_apart(session: Session, about: int | None) -> frozenset[int]:
    """Who is not brought to the person, nor told of them while anybody else can be."""
    return apart_from(session, about) | held_back(session) if about is not None else frozenset()


def _without_apart(
    levels: Sequence[list[Row[Any]]], barred: frozenset[int], away: set[int], *, near: bool
) -> Sequence[list[Row[Any]]]:
    """All but those, as long as anybody else is there: a life goes before what keeps two apart."""
    others = [[row for row in level if row.id not in barred] for level in levels]
    somebody = any(
        row.id not in away for level in (others[:2] if near else others) for row in level
    )
    return others if somebody else levels


def _present(levels: Sequence[list[Row[Any]]], away: set[int]) -> list[Row[Any]]:
    """The nearest who are there; when all are away, the nearest of those."""
    there = ([row for row in level if row.id not in away] for level in levels)
    return next((level for level in (*there, *levels) if level), [])


def _by_rota(session: Session, staff: list[Row[Any]], *, now: datetime) -> list[Row[Any]]:
    on = list_on(session, now=now)
    if not on:
        return staff
    office = office_id(session)

    def works_at(row: Row[Any]) -> int | None:
        return row.organisation_id or office

    # Only who is still there counts: otherwise the slot is as good as empty.
    filled = {works_at(row) for row in staff if on.get(works_at(row)) == row.id}
    return [row for row in staff if works_at(row) not in filled or on[works_at(row)] == row.id]


def tell_duty(
    session: Session,
    *,
    now: datetime,
    key: str,
    template: str,
    message_class: MessageClass,
    facts: Mapping[str, Fact],
    about: int | None,
    buttons: Sequence[Sequence[Button]] = (),
    card: str | None = None,
    wanted: Wanted | None = None,
    shelf: timedelta | None = None,
    without: int | None = None,
    everyone: bool = False,
) -> list[OnDuty]:
    """Say the same to everyone on duty for a person, each under a key of their own."""
    told = list_duty(session, now=now, about=about, without=without, everyone=everyone, near=True)
    for one in told:
        say(
            session,
            now=now,
            to=one.id,
            key=f"{key}:{one.id}",
            template=template,
            message_class=message_class,
            facts=facts,
            buttons=buttons,
            card=card,
            wanted=wanted,
            shelf=shelf,
        )
    return told
