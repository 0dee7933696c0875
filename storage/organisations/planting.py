"""Planting: the shipped tree into an empty register, and an association for each community."""

import tomllib
from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import exists, insert, select, update

from storage.database import Session
from storage.tables import action, community, organisation, organisation_kind

VILLAGE = "village_association"
OFFICE = "dpf_office"
# 青山村 → 青山村残协: until somebody gives the association a name of its own.
ASSOCIATION_OF = "{community}残协"


def plant(session: Session, *, now: datetime) -> None:
    """Make the shipped tree where there is none, and an association for each community."""
    if session.find(select(organisation.c.id).limit(1)) is None:
        _plant_shipped(session, now=now)
    bare = select(community.c.id, community.c.name).where(
        ~exists().where(organisation.c.community_id == community.c.id)
    )
    for row in session.all(bare.order_by(community.c.position, community.c.id)):
        _plant_community(session, now=now, community_id=row.id, name=row.name)


def _plant_community(session: Session, *, now: datetime, community_id: int, name: str) -> int:
    """Hang the association of a new community below the office; returns its id."""
    office = session.value(
        select(organisation.c.id)
        .where(organisation.c.kind == OFFICE)
        .order_by(organisation.c.id)
        .limit(1)
    )
    return add_node(
        session,
        now=now,
        kind=VILLAGE,
        name=ASSOCIATION_OF.format(community=name),
        parent_id=office,
        community_id=community_id,
    )


def add_node(
    session: Session,
    *,
    now: datetime,
    kind: str,
    name: str,
    parent_id: int | None,
    community_id: int | None = None,
) -> int:
    """Insert an organisation with its path; raises IntegrityError when the name is taken there."""
    above = session.value(select(organisation.c.path).where(organisation.c.id == parent_id))
    row = {
        "kind": kind,
        "name": name,
        "parent_id": parent_id,
        "path": "",
        "community_id": community_id,
        "active": True,
        "created_at": now,
        "version": 1,
    }
    added = session.add(insert(organisation).values(row))
    path = f"{above or '/'}{added}/"
    session.change(update(organisation).where(organisation.c.id == added).values(path=path))
    return added


def _plant_shipped(session: Session, *, now: datetime) -> None:
    shipped = files("storage") / "rules" / "data" / "organisations.toml"
    tree = tomllib.loads(shipped.read_text(encoding="utf-8"))
    kinds = [_kind(one, at) for at, one in enumerate(tree["kinds"])]
    session.execute(insert(organisation_kind), kinds)
    ids: dict[str, int] = {}
    for one in tree["organisations"]:
        parent = ids[one["below"]] if "below" in one else None
        ids[one["name"]] = add_node(
            session, now=now, kind=one["kind"], name=one["name"], parent_id=parent
        )
    owned = [
        {
            "key": one["key"],
            "name": one["name"],
            "owner_id": ids[one["owner"]] if "owner" in one else None,
            "owner_kind": one.get("owner_kind"),
            "position": at,
            "version": 1,
        }
        for at, one in enumerate(tree["actions"])
    ]
    session.execute(insert(action), owned)


def _kind(one: dict[str, Any], position: int) -> dict[str, object]:
    return {
        "key": one["key"],
        "name": one["name"],
        "attaches": one.get("attaches"),
        "fields": ",".join(one.get("fields", [])),
        "position": position,
    }
