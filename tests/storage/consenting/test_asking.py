"""A yes that ends: asked about once in time, then over; nobody is nagged, staff see the rest."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from storage.consenting import (
    SpokenTo,
    enter_statement,
    move_consents,
    next_consent_at,
)
from storage.office.ending import Ending, list_ending
from storage.refusals import NotAllowed
from storage.rules.purposes import Channel, Purpose
from storage.tables import chat, consent
from tests.storage.consenting.home import Home
from tests.storage.residents import heard


def _pass(home: Home, **span: int) -> None:
    home.now += timedelta(**span)
    while move_consents(home.database, now=home.now):
        pass


def _ending(home: Home, by: int) -> list[Ending]:
    found: list[Ending] = home.do(list_ending, by=by, kind="consents", limit=9)
    return found


def _heard(home: Home, chat_id: int) -> list[str]:
    with home.database.transaction() as session:
        return heard(session, chat_id)


def test_it_is_asked_about_a_month_before_and_once(home: Home) -> None:
    home.say(Purpose.PUBLISH_NAME, True, by=home.adult)
    with home.database.transaction() as session:
        assert next_consent_at(session) == home.now + timedelta(days=335)
    _pass(home, days=334)
    assert _heard(home, 3) == []
    _pass(home, days=1)
    _pass(home, days=10)
    assert _heard(home, 3) == ["consent_ask_again"]
    assert home.stands(home.adult, Purpose.PUBLISH_NAME)


def test_without_an_answer_it_ends_and_whoever_made_it_known_is_told(home: Home) -> None:
    home.say(Purpose.PUBLISH_NAME, True, by=home.adult)
    _pass(home, days=336)
    _pass(home, days=29)
    assert not home.stands(home.adult, Purpose.PUBLISH_NAME)
    assert len(home.noted("consent_expired")) == 1
    assert _heard(home, 1) == ["consent_unpublish"]


def test_a_yes_said_again_lasts_another_year(home: Home) -> None:
    home.say(Purpose.PUBLISH_NAME, True, by=home.adult)
    _pass(home, days=340)
    home.say(Purpose.PUBLISH_NAME, True, by=home.adult)
    _pass(home, days=30)
    assert home.stands(home.adult, Purpose.PUBLISH_NAME)
    assert _heard(home, 3) == ["consent_ask_again"]


def test_a_no_is_not_asked_about_again(home: Home) -> None:
    home.say(Purpose.PUBLISH_NAME, True, by=home.adult)
    home.say(Purpose.PUBLISH_NAME, False, by=home.adult)
    _pass(home, days=400)
    assert _heard(home, 3) == []


def test_showing_contact_ends_in_silence_since_each_need_asks_for_itself(home: Home) -> None:
    home.say(Purpose.SHARE_CONTACT, True, by=home.adult)
    _pass(home, days=364)
    assert home.stands(home.adult, Purpose.SHARE_CONTACT)
    _pass(home, days=1)
    assert not home.stands(home.adult, Purpose.SHARE_CONTACT)
    assert _heard(home, 3) == []


def test_of_a_child_the_guardian_is_asked(home: Home) -> None:
    home.say(Purpose.PUBLISH_PICTURE, True, by=home.mother, about=home.child)
    _pass(home, days=336)
    assert _heard(home, 6) == []
    assert _heard(home, 5) == ["consent_ask_again"]


def test_the_bundled_yes_of_before_is_asked_about_once_and_stands(home: Home) -> None:
    with home.database.transaction() as session:
        session.execute(
            insert(consent).values(
                person_id=home.adult,
                purpose="abroad",
                version="0",
                given_by=home.adult,
                ground="self",
                given_at=home.now,
                due_at=home.now,
            )
        )
    _pass(home, days=0)
    _pass(home, days=300)
    assert _heard(home, 3) == ["consent_ask_again"]
    assert home.stands(home.adult, Purpose.ABROAD)
    home.say(Purpose.ABROAD, True, by=home.adult)
    with home.database.transaction() as session:
        rows = session.all(
            select(consent.c.version, consent.c.ended)
            .where(consent.c.purpose == "abroad")
            .order_by(consent.c.id)
        )
    assert [tuple(row) for row in rows] == [("0", "replaced"), ("1", None)]


def test_staff_see_those_whom_no_chat_reaches_and_nobody_else_does(home: Home) -> None:
    spoken = SpokenTo("原文", "没有", "家里", home.now, Channel.PAPER)
    home.do(
        enter_statement,
        by=home.staff,
        person_id=home.chatless,
        purposes=[Purpose.PUBLISH_NAME],
        yes=True,
        spoken=spoken,
    )
    home.say(Purpose.PUBLISH_NAME, True, by=home.adult)
    assert _ending(home, home.staff) == []
    _pass(home, days=336)
    assert [one.name for one in _ending(home, home.staff)] == ["何伯"]
    with home.database.transaction() as session:
        session.change(chat.update().where(chat.c.id == 3).values(reachable=False))
    names = [one.name for one in _ending(home, home.staff)]
    assert sorted(names) == ["何伯", "陈素芬"]
    with pytest.raises(NotAllowed):
        _ending(home, home.adult)
