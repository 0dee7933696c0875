"""Likely the same need as one that is open: shown before a second one is made, never forbidden."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from storage.database import Session
from storage.needs.cards import NeedCard, read_need
from storage.needs.opening import Statement
from storage.needs.standing import is_allowed
from storage.needs.statements.stating import CHANGEABLE
from storage.rules.access import Act
from storage.rules.sameness import RECENT, is_like
from storage.tables import household_member, need, person

SHOWN_AT_MOST = 3
LOOKED_AT = 20


def find_like(
    session: Session, *, now: datetime, actor_id: int, resident_id: int, said: Statement
) -> Sequence[NeedCard]:
    """Return the open needs of a resident or their household that this one is likely the same as.

    Only such as the actor may write to anyway. Who states for the resident at this moment is
    waited for: of two who say the same at once, the second is asked.
    """
    session.find(select(person.c.id).where(person.c.id == resident_id).with_for_update())
    found = []
    for row in session.all(_open_needs(resident_id, since=now - RECENT)):
        card = read_need(session, need_id=row.id)
        age = now - card.created_at
        if is_like(said.category, said.words, card.category, card.words, age) and is_allowed(
            session, Act.CHANGE_NEED, actor_id=actor_id, resident_id=card.resident_id, card=card
        ):
            found.append(card)
    return found[:SHOWN_AT_MOST]


def _open_needs(resident_id: int, *, since: datetime) -> Select[Any]:
    home = household_member.alias("home")
    together = (
        select(household_member.c.person_id)
        .join(home, home.c.household_id == household_member.c.household_id)
        .where(home.c.person_id == resident_id)
    )
    return (
        select(need.c.id)
        .where((need.c.resident_id == resident_id) | need.c.resident_id.in_(together))
        .where(need.c.parent_id.is_(None), need.c.state.in_(CHANGEABLE), need.c.created_at > since)
        .order_by((need.c.resident_id == resident_id).desc(), need.c.id.desc())
        .limit(LOOKED_AT)
    )
