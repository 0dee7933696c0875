"""The shipped entries of the catalogue, in a register that has none: to be confirmed."""

import tomllib
from datetime import datetime
from importlib.resources import files

from sqlalchemy import insert, select

from storage.database import Session
from storage.tables import organisation, service


def plant_services(session: Session, *, now: datetime) -> int:
    """Fill an empty catalogue with what the programme's named owners provide; returns how many."""
    if session.find(select(service.c.id).limit(1)) is not None:
        return 0
    shipped = files("storage") / "rules" / "data" / "services.toml"
    entries = tomllib.loads(shipped.read_text(encoding="utf-8"))["services"]
    ids = {row.name: row.id for row in session.all(select(organisation.c.id, organisation.c.name))}
    rows = [
        {
            "organisation_id": ids[one["owner"]],
            "category": category,
            "provider": one["provider"],
            "hours": "",
            "contact": "",
            "text": "",
            "state": "unconfirmed",
            "created_at": now,
            "version": 1,
        }
        for one in entries
        if one["owner"] in ids
        for category in one["categories"]
    ]
    if rows:
        session.execute(insert(service), rows)
    return len(rows)
