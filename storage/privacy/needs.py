"""The copy's lines about needs: what was said, how it stands, and what came with it."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select

from storage.database import Session
from storage.privacy.lines import Line
from storage.privacy.unsealing import opened
from storage.rules.details import from_facts
from storage.tables import home_access, need, need_detail, need_media, need_series


def list_needs(session: Session, *, person_id: int) -> Iterator[Line]:
    """Every need of a person, as they said it."""
    for row in session.all(select(need).where(need.c.resident_id == person_id).order_by(need.c.id)):
        yield Line("at", row.created_at)
        yield Line("category", row.category, "category")
        yield Line("words", opened(session, need.name, "words", row))
        yield Line("state", row.state, "need_state")
        yield from _details(session, row)


def _details(session: Session, row: Row[Any]) -> Iterator[Line]:
    """When, where, the door and wishes of a need, and the voices and photos that came with it."""
    yield Line("wanted_at", row.wanted_at)
    kept = session.find(select(need_detail).where(need_detail.c.need_id == row.id))
    if kept is not None:
        facts = json.loads(opened(session, need_detail.name, "facts", kept) or "{}")
        told = from_facts(facts, wanted_at=row.wanted_at, group_code=kept.group_code)
        yield Line("place", f"{told.group_code} {told.words}".strip() or None)
        yield Line("door", [one.value for one in told.access], "access")
        yield Line("floor", told.floor)
        yield Line("wishes", [one.value for one in told.wishes], "wish")
    sent = session.all(select(need_media).where(need_media.c.need_id == row.id))
    yield Line("media", len(sent) or None)
    for one in sent:
        yield Line("spoken", opened(session, need_media.name, "transcript", one))


def list_door(session: Session, *, person_id: int) -> Iterator[Line]:
    """What is remembered of their door."""
    row = session.find(select(home_access).where(home_access.c.person_id == person_id))
    if row is not None:
        facts = json.loads(opened(session, home_access.name, "facts", row) or "{}")
        yield Line("door", list(facts.get("access") or ()), "access")
        yield Line("floor", facts.get("floor"))
        yield Line("door_code", facts.get("code"))
        yield Line("pets", facts.get("pets"))
        yield Line("side", facts.get("side"), "door_side")
        yield Line("key_holder", facts.get("key_name"))
        yield Line("key_phone", facts.get("key_phone"))


def list_series(session: Session, *, person_id: int) -> Iterator[Line]:
    """What is to happen again and again."""
    of = need_series
    for row in session.all(select(of).where(of.c.resident_id == person_id).order_by(of.c.id)):
        yield Line("at", row.created_at)
        yield Line("category", row.category, "category")
        yield Line("words", opened(session, of.name, "words", row))


def list_loose_media(session: Session, *, person_id: int) -> Iterator[Line]:
    """Voices and photos that became no need, and what was written down of them."""
    loose = select(need_media).where(
        need_media.c.resident_id == person_id, need_media.c.need_id.is_(None)
    )
    for row in session.all(loose.order_by(need_media.c.id)):
        yield Line("at", row.created_at)
        yield Line("media", 1)
        yield Line("spoken", opened(session, need_media.name, "transcript", row))
