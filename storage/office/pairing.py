"""What of the pairs waits for staff: news to bring, problems, who seeks, who gives no sign."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal_column, or_, select, text

from storage.people import Person
from storage.rules.pairs import PROPOSAL_ASKED, Kind
from storage.scope import seen_through
from storage.tables import pair, pair_log, pair_telling
from storage.ties import kept_ties, seen_ties


def _pairs(since: Any, *waits: Any) -> Select[int, Any]:
    """Pairs that wait for staff, each by the condition of its index."""
    return select(func.count(), func.min(since)).where(*waits)


def count_pairs_seeking(actor: Person, now: datetime) -> Select[int, Any]:
    """Households whose neighbour is gone, with suggestions ready."""
    return _seeking(actor, pair.c.kind == Kind.NEIGHBOUR.value)


def count_ties_seeking(actor: Person, now: datetime) -> Select[int, Any]:
    """Whose school, institution, organisation or helper is gone, and nobody came after."""
    return _seeking(actor, pair.c.kind != Kind.NEIGHBOUR.value)


def _seeking(actor: Person, kind: ColumnElement[bool]) -> Select[int, Any]:
    waits = pair.c.seeking_since.is_not(None)
    return _pairs(pair.c.seeking_since, waits, kind, kept_ties(actor))


def count_pairs_asleep(actor: Person, now: datetime) -> Select[int, Any]:
    """Pairs of which neither side gave a sign for weeks."""
    return _pairs(pair.c.sign_at, pair.c.state == literal_column("'dormant'"), seen_ties(actor))


def count_pairs_asked(actor: Person, now: datetime) -> Select[int, Any]:
    """Proposals whose answer a person has to fetch."""
    return _pairs(
        pair.c.created_at,
        # Word for word the condition of the index.
        pair.c.state == literal_column("'proposed'"),
        pair.c.due_at.is_not(None),
        pair.c.asked >= PROPOSAL_ASKED,
        seen_ties(actor),
    )


def count_pair_problems(actor: Person, now: datetime) -> Select[int, Any]:
    """What either side of a pair said is wrong."""
    return select(func.count(), func.min(pair_log.c.at)).where(
        # Word for word the condition of the index.
        text("pair_log.waits"),
        exists().where(pair.c.id == pair_log.c.pair_id, kept_ties(actor)),
    )


def count_pair_tellings(actor: Person, now: datetime) -> Select[int, Any]:
    """Who has to hear from a person that their pair is over."""
    return select(func.count(), func.min(pair_telling.c.created_at)).where(
        # Word for word the condition of the index.
        pair_telling.c.state == literal_column("'open'"),
        or_(pair_telling.c.staff_id == actor.id, seen_through(actor, pair_telling.c.person_id)),
    )
