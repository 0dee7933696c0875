"""What is late: told to those who answer for it now, in one message each, and listed for them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, update

from storage.choices import Button
from storage.database import Session
from storage.needs.buttons import button, desk_buttons
from storage.needs.cards import read_need
from storage.outbox import MessageClass, say
from storage.owners import late_for, owner_of
from storage.people import Person, get_person
from storage.refusals import Fact
from storage.scope import sees
from storage.tables import climb, community, need, organisation, person

# A list longer than a screen is read by nobody; the latest first, the rest is counted.
LISTED_AT_MOST = 8
# Later than this after its time, the programme itself was not running, and says so.
SLEPT = timedelta(hours=2)
LIST = "desk:overdue:0:0"


@dataclass(frozen=True, slots=True)
class Late:
    """One need that is late: whose it is now, and since when."""

    need_id: int
    resident: str
    community: str | None
    category: str
    urgency: str
    state: str
    level: str
    owner: str | None
    since: datetime
    is_seen: bool


def tell_owners(session: Session, *, now: datetime) -> bool:
    """Tell whoever a need has climbed to, each person once for all of theirs.

    Returns whether anything was told. What was settled meanwhile, or has climbed on, is not.
    """
    rows = session.all(
        select(climb, need.c.urgency)
        .join(need, need.c.id == climb.c.need_id)
        .where(climb.c.told_at.is_(None))
        .order_by(climb.c.id)
        .with_for_update(of=climb)
    )
    if not rows:
        return False
    newest = {row.need_id: row for row in rows}
    for person_id, theirs in _by_person(session, list(newest.values())).items():
        _tell(session, now=now, person_id=person_id, rows=theirs)
    session.change(
        update(climb)
        .where(climb.c.told_at.is_(None), climb.c.id <= rows[-1].id)
        .values(told_at=now)
    )
    return True


def _by_person(session: Session, rows: Sequence[Row[Any]]) -> dict[int, list[Row[Any]]]:
    theirs: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        owner = owner_of(session, need_id=row.need_id)
        if owner is not None and owner.level.value == row.level:
            for person_id, _ in owner.people:
                theirs[person_id].append(row)
    return theirs


def _tell(session: Session, *, now: datetime, person_id: int, rows: Sequence[Row[Any]]) -> None:
    actor = get_person(session, person_id=person_id)
    oldest = min(row.due_at for row in rows)
    facts: dict[str, Fact] = {"slept": now - oldest > SLEPT, "since": oldest.isoformat()}
    facts |= {"n": len(rows), "level": rows[0].level}
    facts["again"] = all(row.missed_by == row.level for row in rows)
    lines = [[Button("desk.overdue_list", LIST)]]
    template = "desk_overdue_many"
    if len(rows) == 1:
        template = "desk_overdue"
        more, lines = _one(session, actor, rows[0])
        facts |= more
    say(
        session,
        now=now,
        to=person_id,
        key=f"overdue:{rows[-1].id}:{person_id}",
        template=template,
        message_class=MessageClass.MUST,
        facts=facts,
        buttons=lines,
        card="overdue",
        # Danger does not wait for the morning.
        chosen_time=any(row.urgency == "U0" for row in rows),
    )


def _one(
    session: Session, actor: Person, row: Row[Any]
) -> tuple[dict[str, Fact], list[list[Button]]]:
    """One need, with what can be done; a department that does not see the person learns what."""
    card = read_need(session, need_id=row.need_id)
    at: dict[str, Fact] = {"state": row.state, "missed_by": row.missed_by}
    if not sees(session, actor=actor, person_id=card.resident_id):
        return {**card.public_facts, **at, "resident": None}, []
    phone = button("desk.phone", "desk", "phone", card.id, card.version)
    return {**card.facts, **at}, [*desk_buttons(card), [phone]]


def list_late(session: Session, *, actor: Person) -> tuple[Sequence[Late], int]:
    """Return what is late and the actor's to see, the latest first, and how many are left out."""
    rows = session.all(
        select(
            need,
            person.c.name.label("resident"),
            community.c.name.label("community"),
            organisation.c.name.label("owner"),
        )
        .where(late_for(actor))
        .join(person, person.c.id == need.c.resident_id)
        .outerjoin(community, community.c.id == need.c.community_id)
        .outerjoin(organisation, organisation.c.id == need.c.owner_id)
        .order_by(need.c.overdue_at, need.c.id)
        .limit(LISTED_AT_MOST)
    )
    count = session.value(select(func.count()).select_from(need).where(late_for(actor)))
    return [_line(session, actor, row) for row in rows], int(count or 0) - len(rows)


def _line(session: Session, actor: Person, row: Row[Any]) -> Late:
    return Late(
        need_id=row.id,
        resident=row.resident,
        community=row.community,
        category=row.category,
        urgency=row.urgency,
        state=row.state,
        level=row.level,
        owner=row.owner,
        since=row.overdue_at,
        is_seen=sees(session, actor=actor, person_id=row.resident_id),
    )
