"""Whoever is in danger is told whom to call first."""

import pytest

from storage.rules.contacts import (
    CONTACTS,
    ContactKey,
    Way,
    for_those_who_cannot_speak,
    numbers_for,
)
from storage.rules.dangers import DangerKind
from storage.rules.phones import PhoneProblem, parse_phone


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        (DangerKind.MEDICAL, "120"),
        (DangerKind.FIRE_GAS, "119"),
        (DangerKind.MISSING, "110"),
        (DangerKind.SELF_HARM, "120"),
        (DangerKind.VIOLENCE, "110"),
        (DangerKind.LIFE_SUPPORT, "120"),
        (DangerKind.UNKNOWN, "120"),
    ],
)
def test_each_danger_has_its_first_number(kind: DangerKind, first: str) -> None:
    assert numbers_for(kind)[0].number == first


def test_a_bare_cry_for_help_gets_doctors_and_police() -> None:
    assert {c.number for c in numbers_for(DangerKind.UNKNOWN)} == {"120", "110"}


def test_a_danger_to_oneself_also_gets_the_line_for_the_mind() -> None:
    assert "12356" in {c.number for c in numbers_for(DangerKind.SELF_HARM)}


def test_who_cannot_speak_gets_the_text_message_number_marked_as_not_yet_tried() -> None:
    contact = for_those_who_cannot_speak()
    assert (contact.number, contact.way, contact.tested) == ("12110023", Way.SMS, False)


@pytest.mark.parametrize("key", ContactKey)
def test_no_public_number_is_taken_for_somebodys_own(key: ContactKey) -> None:
    assert parse_phone(CONTACTS[key].number) is PhoneProblem.EMERGENCY_NUMBER
