"""What waits for the office of alarms and calls: not held, not answered, heard on the phone."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, not_, or_, select

from storage.people import Person
from storage.rules.ladder import ORDER, Rung
from storage.scope import seen_through
from storage.tables import alarm, call_concern, check_in


def count_alarms(actor: Person, now: datetime) -> Select[int, Any]:
    """Alarms that rang and are not over."""
    return select(func.count(), func.min(alarm.c.created_at)).where(
        alarm.c.next_step_at.is_not(None),
        alarm.c.rings > 0,
        # A stranger's alarm is everybody's.
        or_(alarm.c.person_id.is_(None), seen_through(actor, alarm.c.person_id)),
    )


def count_check_ins(actor: Person, now: datetime) -> Select[int, Any]:
    """Calls that did not go through; one whose caller was only just asked waits for nobody."""
    return select(func.count(), func.min(check_in.c.due_at)).where(
        check_in.c.next_step_at.is_not(None),
        or_(check_in.c.rung > 0, check_in.c.last_outcome.is_not(None)),
        not_(_in_nobodys_hand()),
        seen_through(actor, check_in.c.resident_id),
    )


def count_no_support(actor: Person, now: datetime) -> Select[int, Any]:
    """Calls whose whole ladder was climbed, and that no named person holds."""
    return select(func.count(), func.min(check_in.c.due_at)).where(
        check_in.c.next_step_at.is_not(None),
        _in_nobodys_hand(),
        seen_through(actor, check_in.c.resident_id),
    )


def _in_nobodys_hand() -> ColumnElement[bool]:
    """The whole ladder was climbed; a call that nobody was asked to make has not even begun."""
    return and_(
        check_in.c.rung == ORDER[Rung.NO_SUPPORT],
        check_in.c.holder_id.is_(None),
        check_in.c.last_outcome.is_distinct_from("missed"),
    )


def count_call_concerns(actor: Person, now: datetime) -> Select[int, Any]:
    """What callers heard that a coordinator should look at."""
    return select(func.count(), func.min(call_concern.c.since)).where(
        # Word for word the condition of the index.
        call_concern.c.state == literal_column("'open'"),
        seen_through(actor, call_concern.c.resident_id),
    )
