"""What whoever comes has to know of a home: kept with a yes for the next time, and the 组 known."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, union

from storage.database import Session
from storage.journal import note
from storage.needs.standing import is_allowed
from storage.refusals import NotAllowed
from storage.rules.access import Act
from storage.rules.details import Access, sort_access
from storage.tables import home_access, household, need, need_detail, person

# As many as are read through before typing is quicker.
GROUPS_AT_MOST = 12


def open_access(session: Session, *, person_id: int) -> tuple[tuple[Access, ...], int | None]:
    """Open what was kept of somebody's home: the facts, and the floor. Who asks was checked."""
    row = session.find(
        select(home_access.c.uid, home_access.c.facts).where(home_access.c.person_id == person_id)
    )
    if row is None:
        return (), None
    kept = json.loads(session.vault.unseal(row.facts, place=f"home_access.facts:{row.uid}"))
    return sort_access(kept.get("access") or ()), kept.get("floor")


def keep_access(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    person_id: int,
    access: Sequence[Access],
    floor: int | None,
) -> None:
    """Keep this for the next time in the place of what was kept; with no facts it is forgotten.

    The rest of the card for the door (storage/door_cards) stays as it is.
    """
    if not is_allowed(session, Act.STATE_NEED, actor_id=actor_id, resident_id=person_id):
        raise NotAllowed
    rest = _open_rest(session, person_id=person_id)
    session.change(delete(home_access).where(home_access.c.person_id == person_id))
    if access or rest:
        uid = secrets.token_hex(16)
        facts = rest | ({"access": [one.value for one in access], "floor": floor} if access else {})
        sealed = session.vault.seal(
            json.dumps(facts, ensure_ascii=False), place=f"home_access.facts:{uid}"
        )
        session.execute(
            insert(home_access).values(
                person_id=person_id, uid=uid, facts=sealed, told_by=actor_id, told_at=now
            )
        )
    note(
        session,
        now=now,
        what="home_access_kept" if access else "home_access_forgotten",
        actor_id=actor_id,
        subject_id=person_id,
    )


def _open_rest(session: Session, *, person_id: int) -> dict[str, object]:
    row = session.find(
        select(home_access.c.uid, home_access.c.facts)
        .where(home_access.c.person_id == person_id)
        .with_for_update()
    )
    if row is None:
        return {}
    kept = json.loads(session.vault.unseal(row.facts, place=f"home_access.facts:{row.uid}"))
    return {key: value for key, value in kept.items() if key not in ("access", "floor")}


def list_groups(session: Session, *, person_id: int) -> list[str]:
    """List the 组 and 楼栋 that are known where somebody lives: of households, of needs before."""
    home = select(person.c.community_id).where(person.c.id == person_id).scalar_subquery()
    lived = select(household.c.group_code.label("code")).where(household.c.community_id == home)
    asked = (
        select(need_detail.c.group_code.label("code"))
        .join(need, need.c.id == need_detail.c.need_id)
        .where(need.c.community_id == home)
    )
    both = union(lived, asked).subquery()
    rows = session.all(select(both.c.code).where(both.c.code != ""))
    codes = sorted((row.code for row in rows), key=lambda code: (len(code), code))
    return codes[:GROUPS_AT_MOST]
