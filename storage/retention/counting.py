"""Counting: how much each period would concern now, before anything is carried out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.database import Session
from storage.retention.classes import KINDS
from storage.rules.retention import PERIODS
from storage.tables import retention


@dataclass(frozen=True, slots=True)
class Due:
    """One class: how many rows are over their time, and whether the office allowed this period."""

    key: str
    days: int
    act: str
    count: int
    allowed: bool


def count_due(session: Session, *, now: datetime) -> list[Due]:
    """Count every class that waits for the office's yes or has it; changes nothing."""
    decided = {row.key: row for row in session.all(select(retention))}
    found = []
    for key, kind in KINDS.items():
        period = PERIODS[key]
        over = select(func.count()).select_from(kind.table)
        row = decided.get(key)
        found.append(
            Due(
                key=key,
                days=period.days,
                act=period.act.value,
                count=int(session.value(over.where(kind.is_over(period.before(now)))) or 0),
                allowed=period.standing
                or (row is not None and row.state == "allowed" and row.days == period.days),
            )
        )
    return found
