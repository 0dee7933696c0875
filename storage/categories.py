"""Categories of need: the shipped rules, and over them what the office changed."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.rules.areas import (
    CATEGORIES,
    Category,
    CategoryRule,
    Mode,
    Urgency,
    Verify,
    VolunteerMay,
)
from storage.tables import category as table
from storage.tables import need, organisation_kind, referral

LONGEST_TO_VERIFY = 720


class Changing(StrEnum):
    """What the office may change of a category; the values are the columns."""

    ACTIVE = "active"
    URGENCY = "urgency"
    VOLUNTEER_MAY = "volunteer_may"
    MODE = "mode"
    VERIFY_HOURS = "verify_hours"
    PROVIDERS = "providers"


class CategoryFixed(Refusal):
    """Nobody may switch this one off or make it less urgent: somebody's life or right is in it."""

    key = "category_fixed"


class CategoryOff(Refusal):
    """The office does not take needs of this kind on at present; ``category`` says which."""

    key = "category_off"


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """A category as it stands, with the version of the office's changes (0: none yet)."""

    rule: CategoryRule
    version: int = 0
    undo_field: str | None = None
    undo_value: str | None = None


# Written once: run with every need.
_ONE = select(table).where(table.c.key == bindparam("category_key"))
_EACH = select(table)


def rule_of(session: Session, category: Category) -> CategoryRule:
    """Return how this kind of need is dealt with now: one look by its key."""
    row = session.execute(_ONE, {"category_key": category.value}).first()
    return CATEGORIES[category] if row is None else _overlaid(CATEGORIES[category], row)


def list_rules(session: Session) -> list[CategoryRule]:
    """List the rules of all categories, in the order of the shipped table."""
    changed = {row.key: row for row in session.all(_EACH)}
    return [
        _overlaid(rule, changed[key.value]) if key.value in changed else rule
        for key, rule in CATEGORIES.items()
    ]


def list_switched_off(session: Session) -> frozenset[Category]:
    """Which kinds of need are not taken on at present."""
    return frozenset(rule.category for rule in list_rules(session) if not rule.active)


def get_changed(session: Session, *, actor: Person, category: Category) -> ChangedRule:
    """Return a category as the office's card shows it."""
    if not actor.is_office:
        raise NotAllowed
    row = session.execute(_ONE, {"category_key": category.value}).first()
    if row is None:
        return ChangedRule(CATEGORIES[category])
    rule = _overlaid(CATEGORIES[category], row)
    return ChangedRule(rule, row.version, row.undo_field, row.undo_value)


def change_rule(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    category: Category,
    field: Changing,
    value: str,
    version: int,
) -> ChangedRule:
    """Deal with a kind of need differently from now on; open needs of it go on."""
    before = get_changed(session, actor=actor, category=category)
    kinds = {row.key for row in session.all(select(organisation_kind.c.key))}
    kept = _checked(before.rule, field, value, kinds)
    if before.version != version:
        raise TooLate
    was = _written(before.rule, field)
    change = {field.value: kept, "undo_field": field.value, "undo_value": was}
    _write(session, now=now, actor=actor, category=category, before=before, change=change)
    if field is Changing.ACTIVE and not kept:
        _wake_referred(session, now=now, category=category)
    detail = f"{category.value} {field.value}: {was} -> {value}"
    note(session, now=now, what="category_changed", actor_id=actor.id, detail=detail)
    return get_changed(session, actor=actor, category=category)


def _wake_referred(session: Session, *, now: datetime, category: Category) -> None:
    """What no organisation has accepted yet goes back to the desk with its next step, at once."""
    waiting = select(referral.c.need_id).where(
        referral.c.ended_at.is_(None), referral.c.state.in_(("offered", "asked_back"))
    )
    session.change(
        update(need)
        .where(need.c.category == category.value, need.c.state == "referred")
        .where(need.c.id.in_(waiting))
        .values(next_step_at=now)
    )


def undo_change(
    session: Session, *, now: datetime, actor: Person, category: Category, version: int
) -> ChangedRule:
    """Put back what the last change replaced; undoing that once more changes it again."""
    before = get_changed(session, actor=actor, category=category)
    if before.version != version or before.undo_field is None or before.undo_value is None:
        raise TooLate
    return change_rule(
        session,
        now=now,
        actor=actor,
        category=category,
        field=Changing(before.undo_field),
        value=before.undo_value,
        version=version,
    )


def _write(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    category: Category,
    before: ChangedRule,
    change: dict[str, Any],
) -> None:
    """Write the change over the version it was decided on; whoever was first has it."""
    values = change | {"changed_by": actor.id, "changed_at": now, "version": before.version + 1}
    if before.version:
        same = (table.c.key == category.value, table.c.version == before.version)
        if session.change(update(table).where(*same).values(**values)) != 1:
            raise TooLate
        return
    try:
        with session.savepoint():
            session.execute(insert(table), values | {"key": category.value})
    except IntegrityError as error:
        raise TooLate from error


def _checked(rule: CategoryRule, field: Changing, value: str, kinds: Collection[str]) -> Any:
    """Return the value as the column keeps it; raises for what cannot be meant."""
    if rule.fixed and field in (Changing.ACTIVE, Changing.URGENCY):
        raise CategoryFixed
    allowed: dict[Changing, Collection[str]] = {
        Changing.ACTIVE: ("yes", "no"),
        Changing.URGENCY: [one.value for one in Urgency if one is not Urgency.U0],
        Changing.VOLUNTEER_MAY: list(VolunteerMay),
        Changing.MODE: list(Mode),
    }
    if field in allowed:
        if value not in allowed[field]:
            raise TooLate
        return value == "yes" if field is Changing.ACTIVE else value
    if field is Changing.PROVIDERS:
        named = [one for one in value.split(",") if one]
        if len(set(named)) != len(named) or not set(named) <= set(kinds):
            raise TooLate
        return value
    if not value.isdecimal() or not value.isascii() or int(value[:6]) > LONGEST_TO_VERIFY:
        raise TooLate
    return int(value)


def _written(rule: CategoryRule, field: Changing) -> str:
    """How a field stands now, in the words that change_rule takes."""
    if field is Changing.ACTIVE:
        return "yes" if rule.active else "no"
    if field is Changing.PROVIDERS:
        return ",".join(rule.providers)
    return str(getattr(rule, field.value))


def _overlaid(rule: CategoryRule, row: Row[Any]) -> CategoryRule:
    changed: dict[str, Any] = {}
    if row.active is not None:
        changed["active"] = row.active
    if row.urgency is not None:
        changed["urgency"] = Urgency(row.urgency)
    if row.volunteer_may is not None:
        changed["volunteer_may"] = VolunteerMay(row.volunteer_may)
    if row.mode is not None:
        changed["mode"] = Mode(row.mode)
    if row.verify_hours is not None:
        hours = row.verify_hours
        changed |= {"verify_hours": hours, "verify": Verify.COORDINATOR if hours else Verify.NONE}
    if row.providers is not None:
        changed["providers"] = tuple(one for one in row.providers.split(",") if one)
    return replace(rule, **changed)
