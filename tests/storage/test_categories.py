"""Categories: shipped rules that the office changes, one change at a time, each undone again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from storage import organisations
from storage.categories import (
    CategoryFixed,
    Changing,
    change_rule,
    get_changed,
    list_rules,
    list_switched_off,
    rule_of,
    undo_change,
)
from storage.database import Database
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.areas import CATEGORIES, Category, Mode, Urgency, Verify, VolunteerMay
from tests.storage.residents import journalled, register

HAIRCUT = Category.HAIRCUT


@pytest.fixture
def office(database: Database, now: datetime) -> Person:
    with database.transaction() as session:
        organisations.plant(session, now=now)
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


def _change(
    database: Database,
    now: datetime,
    actor: Person,
    field: Changing,
    value: str,
    *,
    version: int = 0,
    category: Category = HAIRCUT,
) -> int:
    with database.transaction() as session:
        changed = change_rule(
            session,
            now=now,
            actor=actor,
            category=category,
            field=field,
            value=value,
            version=version,
        )
        return changed.version


def test_until_the_office_says_otherwise_the_shipped_rules_hold(database: Database) -> None:
    with database.transaction() as session:
        assert rule_of(session, HAIRCUT) == CATEGORIES[HAIRCUT]
        assert list_rules(session) == list(CATEGORIES.values())
        assert list_switched_off(session) == frozenset()


def test_each_field_is_changed_and_the_rest_stays_as_shipped(
    database: Database, now: datetime, office: Person
) -> None:
    version = 0
    for field, value in (
        (Changing.ACTIVE, "no"),
        (Changing.URGENCY, "U3"),
        (Changing.VOLUNTEER_MAY, "no"),
        (Changing.MODE, "chosen"),
        (Changing.VERIFY_HOURS, "24"),
        (Changing.PROVIDERS, "school,dpf_office"),
    ):
        version = _change(database, now, office, field, value, version=version)
    with database.transaction() as session:
        rule = rule_of(session, HAIRCUT)
        assert not rule.active
        assert rule.urgency is Urgency.U3
        assert rule.volunteer_may is VolunteerMay.NO
        assert rule.mode is Mode.CHOSEN
        assert (rule.verify, rule.verify_hours) == (Verify.COORDINATOR, 24)
        assert rule.providers == ("school", "dpf_office")
        assert rule.small
        assert list_switched_off(session) == {HAIRCUT}
        assert [one for one in list_rules(session) if one.category is HAIRCUT] == [rule]
        assert journalled(session, "category_changed") == 6


def test_the_last_change_is_undone_and_done_again(
    database: Database, now: datetime, office: Person
) -> None:
    version = _change(database, now, office, Changing.ACTIVE, "no")
    with database.transaction() as session:
        known = {"now": now, "actor": office, "category": HAIRCUT}
        back = undo_change(session, **known, version=version)  # type: ignore[arg-type]
        assert back.rule.active
        again = undo_change(session, **known, version=back.version)  # type: ignore[arg-type]
        assert not again.rule.active


def test_nothing_is_undone_where_nothing_was_changed(
    database: Database, now: datetime, office: Person
) -> None:
    with database.transaction() as session, pytest.raises(TooLate):
        undo_change(session, now=now, actor=office, category=HAIRCUT, version=0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Changing.ACTIVE, "maybe"),
        (Changing.URGENCY, "U0"),
        (Changing.MODE, ""),
        (Changing.VERIFY_HOURS, "721"),
        (Changing.VERIFY_HOURS, "²"),
        (Changing.VERIFY_HOURS, "-1"),
        (Changing.PROVIDERS, "school,school"),
        (Changing.PROVIDERS, "the moon"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    database: Database, now: datetime, office: Person, field: Changing, value: str
) -> None:
    with pytest.raises(TooLate):
        _change(database, now, office, field, value)


def test_danger_to_life_and_the_right_to_complain_are_never_switched_off(
    database: Database, now: datetime, office: Person
) -> None:
    for category in (Category.EMERGENCY_MEDICAL, Category.COMPLAINT, Category.PRIVACY_REQUEST):
        with pytest.raises(CategoryFixed):
            _change(database, now, office, Changing.ACTIVE, "no", category=category)


def test_only_the_office_changes_or_sees_the_rules_of_a_category(
    database: Database, now: datetime, office: Person
) -> None:
    stranger = database.do(register, now=now, name="周凯", roles=("volunteer",), chat=2)
    with pytest.raises(NotAllowed):
        _change(database, now, stranger, Changing.ACTIVE, "no")
    with database.transaction() as session, pytest.raises(NotAllowed):
        get_changed(session, actor=stranger, category=HAIRCUT)


def test_of_two_who_change_the_same_card_at_once_one_is_first(
    database: Database, now: datetime, office: Person
) -> None:
    version = 0
    for _ in range(3):

        def one(value: str, version: int = version) -> int | None:
            try:
                return _change(database, now, office, Changing.URGENCY, value, version=version)
            except TooLate:
                return None

        with ThreadPoolExecutor(4) as pool:
            won = [got for got in pool.map(one, ("U1", "U2", "U3", "U1")) if got is not None]
        assert len(won) == 1
        version = won[0]
