"""What was written down of home visits, opened; who may know is the caller's."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from storage.database import Session
from storage.rules.certificate import DisabilityCategory
from storage.tables import home_visit, organisation, person


@dataclass(frozen=True, slots=True)
class Record:
    """What is written down; of which category, and what, is for the institution and the person."""

    visited_on: date
    category: DisabilityCategory
    acts: tuple[str, ...]
    advice: str | None = None
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class HomeVisit:
    """One visit as it was written down."""

    id: int
    person_id: int
    name: str
    organisation: str
    record: Record


def list_own_visits(session: Session, *, person_id: int) -> Sequence[HomeVisit]:
    """Open what institutions wrote down of somebody, for themselves. The caller has checked who."""
    mine = select_visits().where(home_visit.c.person_id == person_id)
    return [open_visit(session, row) for row in session.all(mine)]


def select_visits() -> Any:
    return (
        select(home_visit, person.c.name, organisation.c.name.label("organisation"))
        .join(person, person.c.id == home_visit.c.person_id)
        .join(organisation, organisation.c.id == home_visit.c.organisation_id)
        .order_by(home_visit.c.visited_on.desc(), home_visit.c.id.desc())
    )


def open_visit(session: Session, row: Row[Any]) -> HomeVisit:
    text = session.vault.unseal(row.record, place=f"home_visit.record:{row.uid}")
    kept = json.loads(text) if text else {}
    record = Record(
        visited_on=row.visited_on,
        category=DisabilityCategory(kept.get("category", DisabilityCategory.MULTIPLE)),
        acts=tuple(kept.get("acts", ())),
        advice=kept.get("advice"),
        next_on=row.next_on,
    )
    return HomeVisit(row.id, row.person_id, row.name, row.organisation, record)
