"""Public numbers: shipped, confirmed and changed by the office, on its list when nobody looked."""

from datetime import datetime, timedelta

import pytest

from storage.database import Database
from storage.hotlines import (
    NumberFixed,
    change_hotline,
    confirm_hotline,
    count_stale_hotlines,
    find_numbers,
    get_hotline,
    list_hotlines,
    numbers_for,
    text_line,
)
from storage.office import list_waiting
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.contacts import CONTACTS, ContactKey
from storage.rules.dangers import DangerKind
from tests.storage.town import Town, a_town

LATER = timedelta(days=200)


@pytest.fixture
def town(database: Database, now: datetime) -> Town:
    return a_town(database, now)


def change(town: Town, number: str, *, who: str = "王珊", key: str = "street", at: int = 0) -> None:
    town.database.do(
        change_hotline, now=town.now, actor=town[who], key=key, version=at, number=number
    )


def confirm(town: Town, key: str, *, at: int = 0, tested: bool = False) -> None:
    town.database.do(
        confirm_hotline, now=town.now, actor=town["王珊"], key=key, version=at, tested=tested
    )


def waiting(town: Town, who: str) -> dict[str, int]:
    found = town.database.do(list_waiting, now=town.now, actor=town[who])
    return {one.key: one.count for one in found}


def test_without_a_word_from_the_office_the_shipped_numbers_stand(town: Town) -> None:
    assert [one for one, _ in town.database.do(list_hotlines)] == list(CONTACTS.values())
    numbers = town.database.do(numbers_for, DangerKind.FIRE_GAS)
    assert [one.number for one in numbers] == ["119", "120", "110"]
    assert town.database.do(text_line).number == "12110023"


def test_a_number_that_the_office_fills_in_is_shown_from_then_on(town: Town) -> None:
    keys = [ContactKey.STREET, ContactKey.GOVERNMENT]
    assert [one.number for one in town.database.do(find_numbers, keys=keys)] == ["12345"]
    change(town, "02374500000")
    shown = town.database.do(find_numbers, keys=keys)
    assert [one.number for one in shown] == ["02374500000", "12345"]
    assert not shown[0].tested
    confirm(town, "street", at=1, tested=True)
    assert town.database.do(get_hotline, key="street")[0].tested


def test_the_countrys_own_numbers_are_never_changed(town: Town) -> None:
    with pytest.raises(NumberFixed):
        change(town, "12345", key="medical")
    confirm(town, "medical")
    assert town.database.do(get_hotline, key="medical")[0].number == "120"


def test_only_the_office_decides_and_an_old_button_changes_nothing(town: Town) -> None:
    with pytest.raises(NotAllowed):
        change(town, "12345", who="孙丽")
    with pytest.raises(NotAllowed):
        change(town, "12345", key="nobody")
    change(town, "02374500000")
    for late in (0, 7):
        with pytest.raises(TooLate):
            change(town, "12345", at=late)
    with pytest.raises(TooLate):
        confirm(town, "street", at=0)


def test_an_empty_place_cannot_be_confirmed(town: Town) -> None:
    with pytest.raises(TooLate):
        confirm(town, "street")


def test_what_nobody_checked_for_half_a_year_waits_on_the_offices_list(town: Town) -> None:
    assert "numbers" not in waiting(town, "王珊")
    town.now += LATER
    filled = sum(1 for one in CONTACTS.values() if one.number)
    assert waiting(town, "王珊")["numbers"] == filled
    assert "numbers" not in waiting(town, "孙丽")
    confirm(town, "police")
    assert waiting(town, "王珊")["numbers"] == filled - 1
    town.now += LATER
    assert waiting(town, "王珊")["numbers"] == filled
    change(town, "", key="disability")
    assert waiting(town, "王珊")["numbers"] == filled - 1


def test_the_count_is_one_statement_for_whoever_looks(town: Town) -> None:
    people: list[Person] = [town["王珊"], town["孙丽"]]
    for actor in people:
        with town.database.transaction() as session:
            (row,) = session.all(count_stale_hotlines(actor, town.now))
            assert row[0] == 0
