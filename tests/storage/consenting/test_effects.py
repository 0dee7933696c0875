"""What a no does at once, and what it leaves alone."""

from storage.dialogues import find_chat
from storage.roles import grant
from storage.rules.purposes import Purpose
from tests.storage.consenting.home import MINOR_BORN, Home
from tests.storage.residents import heard


def test_without_the_guardians_yes_a_minor_helps_no_more_and_the_office_is_told(
    home: Home,
) -> None:
    with home.database.transaction() as session:
        home.born(session, home.child, MINOR_BORN)
        grant(session, now=home.now, person_id=home.child, kind="volunteer", actor_id=home.staff)
    home.say(Purpose.VOLUNTEER_MINOR, True, by=home.mother, about=home.child)
    assert home.person(home.child).is_approved("volunteer")
    home.say(Purpose.VOLUNTEER_MINOR, False, by=home.mother, about=home.child)
    assert not home.person(home.child).is_approved("volunteer")
    assert home.person(home.child).is_approved("resident"), "helping ends, being helped does not"
    with home.database.transaction() as session:
        assert "consent_minor_ended" in heard(session, 1)


def test_a_chat_is_closed_once_and_opens_with_the_next_yes(home: Home) -> None:
    home.say(Purpose.ABROAD, True, by=home.adult)
    home.say(Purpose.ABROAD, False, by=home.adult)
    home.say(Purpose.ABROAD, False, by=home.adult)
    assert len(home.noted("chat_closed")) == 1
    home.say(Purpose.ABROAD, True, by=home.adult)
    with home.database.transaction() as session:
        chat = find_chat(session, chat_id=3)
    assert chat is not None
    assert not chat.closed
