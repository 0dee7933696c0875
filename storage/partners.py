"""Partners: who looks in on somebody's household now and can be asked, the nearest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update

from storage.apart import apart_from, held_back
from storage.database import Session
from storage.neighbours import list_near
from storage.pausing import list_away
from storage.rules.nearness import Nearness, Spot, nearness, read_spot
from storage.rules.pairs import Kind
from storage.tables import chat, household, household_member, need, need_detail, pair, person

NEIGHBOURS = frozenset({Kind.NEIGHBOUR})


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody paired with a household; ``by_chat``: the bot may write to them."""

    pair_id: int
    kind: Kind
    person_id: int
    name: str
    by_chat: bool
    nearness: Nearness


def list_partners(
    session: Session,
    *,
    now: datetime,
    resident_id: int,
    kinds: Collection[Kind] = NEIGHBOURS,
) -> tuple[Partner, ...]:
    """Return the people of a household's active pairs who can be asked, the nearest first.

    Without those who are away, kept apart from the resident, or sent nowhere just now.
    """
    rows = session.all(
        select(
            pair.c.id,
            pair.c.kind,
            pair.c.helper_id,
            person.c.name,
            person.c.telegram_id,
            chat.c.reachable,
            chat.c.closed,
        )
        .join(person, person.c.id == pair.c.helper_id)
        .outerjoin(chat, chat.c.id == person.c.telegram_id)
        .where(
            or_(pair.c.resident_id == resident_id, pair.c.household_id == _home(resident_id)),
            pair.c.state == "active",
            pair.c.kind.in_([one.value for one in kinds]),
        )
        .order_by(pair.c.id)
    )
    helpers = [row.helper_id for row in rows]
    if not helpers:
        return ()
    away = list_away(session, person_ids=helpers, now=now)
    barred = away | apart_from(session, resident_id) | held_back(session) | {resident_id}
    spots = list_spots(session, person_ids=[resident_id, *helpers])
    here = spots[resident_id]
    beside = list_near(session, community_id=here.community_id).neighbours
    found = {
        row.helper_id: Partner(
            pair_id=row.id,
            kind=Kind(row.kind),
            person_id=row.helper_id,
            name=row.name,
            by_chat=row.telegram_id is not None and row.reachable is not False and not row.closed,
            nearness=nearness(here, spots[row.helper_id], beside=beside),
        )
        for row in reversed(rows)
        if row.helper_id not in barred
    }
    return tuple(sorted(found.values(), key=lambda one: (one.nearness, one.pair_id)))


def list_spots(session: Session, *, person_ids: Collection[int]) -> dict[int, Spot]:
    """Return where people live: by their household, or where a need of theirs last was."""
    rows = session.all(
        select(
            person.c.id,
            person.c.community_id,
            household.c.group_code,
            household.c.community_id.label("home"),
        )
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(household, household.c.id == household_member.c.household_id)
        .where(person.c.id.in_(person_ids))
    )
    spots = {}
    for row in rows:
        code = row.group_code or "" if row.home in (None, row.community_id) else ""
        spots[row.id] = read_spot(code or _last_told(session, row.id), row.community_id)
    return spots


def look_at_pairs(session: Session, *, now: datetime, person_id: int) -> None:
    """Something changed around somebody: their pairs are looked at again at once."""
    session.change(
        update(pair)
        .where(or_(pair.c.resident_id == person_id, pair.c.helper_id == person_id))
        .where(pair.c.state != "ended", pair.c.due_at > now)
        .values(due_at=now)
    )


def _home(resident_id: int) -> object:
    return (
        select(household_member.c.household_id)
        .where(household_member.c.person_id == resident_id)
        .scalar_subquery()
    )


def _last_told(session: Session, person_id: int) -> str:
    """The 组 or building said with a need, when the register has none."""
    told: str | None = session.value(
        select(need_detail.c.group_code)
        .join(need, need.c.id == need_detail.c.need_id)
        .where(need.c.resident_id == person_id, need_detail.c.group_code != "")
        .order_by(need_detail.c.need_id.desc())
        .limit(1)
    )
    return told or ""
