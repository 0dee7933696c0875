"""Whoever is in danger is told whom to call first."""

from datetime import date

import pytest

from storage.rules.contacts import CONTACTS, FOR_DANGER, FOR_DUTY, ContactKey, Way, read_number
from storage.rules.dangers import DangerKind
from storage.rules.phones import PhoneProblem, parse_phone

DANGER_KEYS = sorted({key for keys in FOR_DANGER.values() for key in keys})


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        (DangerKind.MEDICAL, "120"),
        (DangerKind.FIRE_GAS, "119"),
        (DangerKind.MISSING, "110"),
        (DangerKind.SELF_HARM, "12356"),
        (DangerKind.VIOLENCE, "110"),
        (DangerKind.LIFE_SUPPORT, "120"),
        (DangerKind.UNKNOWN, "120"),
    ],
)
def test_each_danger_has_its_first_number(kind: DangerKind, first: str) -> None:
    assert CONTACTS[FOR_DANGER[kind][0]].number == first


def test_a_bare_cry_for_help_gets_doctors_and_police() -> None:
    assert _numbers(DangerKind.UNKNOWN) == {"120", "110"}


def test_a_danger_to_oneself_also_gets_the_line_for_the_mind() -> None:
    assert _numbers(DangerKind.SELF_HARM) == {"12356", "120", "110"}


def test_who_cannot_speak_gets_the_text_message_number_marked_as_not_yet_tried() -> None:
    contact = CONTACTS[ContactKey.POLICE_SMS]
    assert (contact.number, contact.way, contact.tested) == ("12110023", Way.SMS, False)


def test_violence_and_harm_to_children_name_the_police_first() -> None:
    assert [CONTACTS[key].number for key in FOR_DUTY] == ["110", "12338", "12355", "12345"]


@pytest.mark.parametrize("key", DANGER_KEYS)
def test_no_number_of_danger_is_taken_for_somebodys_own(key: ContactKey) -> None:
    assert parse_phone(CONTACTS[key].number) is PhoneProblem.EMERGENCY_NUMBER


def test_every_place_has_its_line_and_only_the_countrys_own_are_fixed() -> None:
    assert set(CONTACTS) == set(ContactKey)
    assert {one.number for one in CONTACTS.values() if one.fixed} == {"110", "119", "120", "122"}


def test_a_number_grows_stale_after_half_a_year_and_an_empty_one_never() -> None:
    later = date(2027, 6, 1)
    assert CONTACTS[ContactKey.POLICE].is_stale(later)
    assert not CONTACTS[ContactKey.POLICE].is_stale(date(2027, 5, 1))
    assert not CONTACTS[ContactKey.STREET].is_stale(later)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12345", "12345"),
        ("１２３４５", "12345"),
        ("023-7450 0000", "02374500000"),
        ("(023)74500000", "02374500000"),
        ("12", None),
        ("1234567890123", None),
        ("打12345", None),
        ("", None),
    ],
)
def test_a_public_number_is_read_as_people_write_it(text: str, number: str | None) -> None:
    assert read_number(text) == number


def _numbers(kind: DangerKind) -> set[str]:
    return {CONTACTS[key].number for key in FOR_DANGER[kind]}
