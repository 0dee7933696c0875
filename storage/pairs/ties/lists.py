"""Ties as staff see them: by kind, those that are overdue, and those that somebody let through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from storage.database import Session
from storage.journal import note
from storage.pairs.rows import Pair, as_pair, select_pairs
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.pairs import Kind
from storage.tables import pair, person, tie
from storage.ties import overdue_ties, seen_ties

PAGE = 8


@dataclass(frozen=True, slots=True)
class Override:
    """What somebody let through, and why."""

    pair: Pair
    bars: tuple[str, ...]
    reason: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Overdue:
    """A tie whose institution should have come by now."""

    pair: Pair
    next_on: date


def list_ties(session: Session, *, actor: Person, kind: Kind, after: int = 0) -> Sequence[Pair]:
    """List the ties of a kind that are not over; one more than a page when there is another."""
    _check(actor)
    rows = session.all(
        select_pairs()
        .where(pair.c.kind == kind.value, pair.c.state != "ended", pair.c.id > after)
        .where(seen_ties(actor))
        .order_by(pair.c.id)
        .limit(PAGE + 1)
    )
    return [as_pair(session, row) for row in rows]


def count_ties(session: Session, *, actor: Person) -> dict[Kind, int]:
    """Count the ties that stand, by kind."""
    _check(actor)
    rows = session.all(
        select(pair.c.kind, func.count().label("number"))
        .where(pair.c.kind != Kind.NEIGHBOUR.value, pair.c.state.in_(("active", "dormant")))
        .where(seen_ties(actor))
        .group_by(pair.c.kind)
    )
    return {Kind(row.kind): int(row.number) for row in rows}


def list_overrides(
    session: Session, *, now: datetime, actor: Person, before: datetime | None = None
) -> Sequence[Override]:
    """List what was let through, the newest first, with the reasons; each look is journalled."""
    _check(actor)
    by = person.alias("overrider")
    rows = session.all(
        select_pairs()
        .add_columns(
            tie.c.bars,
            tie.c.override,
            tie.c.uid.label("tie_uid"),
            tie.c.overridden_at,
            by.c.name.label("overridden_by"),
        )
        .join(tie, tie.c.pair_id == pair.c.id)
        .join(by, by.c.id == tie.c.overridden_by)
        .where(tie.c.overridden_at.is_not(None), seen_ties(actor))
        .where(tie.c.overridden_at < before if before is not None else tie.c.overridden_at <= now)
        .order_by(tie.c.overridden_at.desc(), pair.c.id.desc())
        .limit(PAGE + 1)
    )
    for row in rows:
        note(
            session,
            now=now,
            what="override_seen",
            actor_id=actor.id,
            subject_id=row.resident_id,
            thing="pair",
            thing_id=row.id,
        )
    return [
        Override(
            pair=as_pair(session, row),
            bars=tuple(row.bars.split(",")),
            reason=session.vault.unseal(row.override, place=f"tie.override:{row.tie_uid}") or None
            if row.override
            else None,
            by=row.overridden_by,
            at=row.overridden_at,
        )
        for row in rows
    ]


def list_overdue(session: Session, *, actor: Person, today: date) -> Sequence[Overdue]:
    """List the ties whose institution is late, the longest first."""
    _check(actor)
    rows = session.all(
        select_pairs()
        .add_columns(tie.c.next_on)
        .join(tie, tie.c.pair_id == pair.c.id)
        .where(*overdue_ties(actor, today))
        .order_by(tie.c.next_on, pair.c.id)
        .limit(PAGE)
    )
    return [Overdue(as_pair(session, row), row.next_on) for row in rows]


def _check(actor: Person) -> None:
    if not actor.is_approved("coordinator") or actor.scope is None:
        raise NotAllowed
