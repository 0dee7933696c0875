"""Households with a registered resident, by community and whether a neighbour is paired with them.

"每个残疾人家庭寻找至少1户邻居结对" (2020-116, part 3 (二)). A resident who is written down in no
household is one of their own.
"""

from collections import Counter
from typing import Any

from sqlalchemy import func, select, union

from storage.database import Session
from storage.figures.counting import NOWHERE
from storage.people import Person
from storage.scope import seen_communities
from storage.tables import household, household_member, pair, person, role

PAIRED = ("paired", "unpaired")


def count_homes(session: Session, *, actor: Person) -> Counter[tuple[str, str]]:
    """Count what is the actor's to see, as it is now; ``actor`` as ``readers_view`` gives them."""
    homes = _homes(actor).subquery()
    paired = _paired().subquery()
    is_paired = paired.c.home.is_not(None)
    rows = session.all(
        select(homes.c.place, is_paired.label("paired"), func.count().label("n"))
        .outerjoin(paired, paired.c.home == homes.c.home)
        .group_by(homes.c.place, is_paired)
    )
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        found[(str(row.place or NOWHERE), PAIRED[0] if row.paired else PAIRED[1])] += row.n
    return found


def _homes(actor: Person) -> Any:
    home = func.coalesce(household_member.c.household_id, -person.c.id).label("home")
    place = func.coalesce(func.min(household.c.community_id), func.min(person.c.community_id))
    return (
        select(home, place.label("place"))
        .join(role, role.c.person_id == person.c.id)
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(household, household.c.id == household_member.c.household_id)
        .where(role.c.kind == "resident", role.c.state == "approved")
        .where(person.c.merged_into.is_(None), seen_communities(actor, person.c.community_id))
        .group_by(home)
    )


def _paired() -> Any:
    """The homes of active pairs: the household, and its resident should they have left it."""
    live = (pair.c.kind == "neighbour", pair.c.state == "active")
    return union(
        select(pair.c.household_id.label("home")).where(*live),
        select((-pair.c.resident_id).label("home")).where(*live),
    )
