"""A statement before named staff: what was read out, where, who was there; sealed and kept."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.consenting import ChildNeedsGuardian, SpokenTo, enter_statement, list_statable
from storage.consents import list_consents, own_no_stands
from storage.refusals import NotAllowed
from storage.rules.purposes import Channel, Purpose
from storage.tables import consent, statement
from tests.storage.consenting.home import Home

BOTH = [Purpose.KEEP_DATA, Purpose.SHARE_CONTACT]


def _enter(home: Home, *, by: int | None = None, about: int | None = None, **changed: Any) -> int:
    spoken = SpokenTo("原文", "女儿李梅", "青山村家里", home.now, Channel.PAPER)
    facts = {"purposes": BOTH, "yes": True, "spoken": spoken} | changed
    entered: int = home.do(
        enter_statement, by=by or home.staff, person_id=about or home.chatless, **facts
    )
    return entered


def _spoken(home: Home, **changed: Any) -> SpokenTo:
    return replace(SpokenTo("原文", "没有", "家里", home.now, Channel.PAPER), **changed)


def test_one_statement_stands_behind_each_yes_and_only_sealed(home: Home) -> None:
    entered = _enter(home)
    with home.database.transaction() as session:
        rows = session.all(select(consent).where(consent.c.person_id == home.chatless))
        kept = session.all(select(statement))[0]
        words = session.vault.unseal(kept.words, place=f"statement.words:{kept.uid}")
    assert {(row.purpose, row.ground, row.channel, row.statement_id) for row in rows} == {
        ("keep_data", "witnessed", "paper", entered),
        ("share_contact", "witnessed", "paper", entered),
    }
    assert (kept.witness_id, kept.said_at) == (home.staff, home.now)
    assert json.loads(words)["present"] == "女儿李梅"
    assert "李梅".encode() not in kept.words
    assert len(home.noted("statement_entered")) == 1


def test_who_gave_it_is_shown_by_name(home: Home) -> None:
    _enter(home)
    with home.database.transaction() as session:
        known = {one.purpose: one for one in list_consents(session, person_id=home.chatless)}
    assert known["share_contact"].given_by == "王珊"
    assert not known["share_contact"].own


def test_a_no_spoken_to_staff_is_the_persons_own(home: Home) -> None:
    _enter(home)
    _enter(home, yes=False, purposes=[Purpose.SHARE_CONTACT])
    assert not home.stands(home.chatless, Purpose.SHARE_CONTACT)
    assert home.stands(home.chatless, Purpose.KEEP_DATA)
    with home.database.transaction() as session:
        assert own_no_stands(session, person_id=home.chatless, purpose="share_contact")
    assert home.noted("consent_withdrawn")[0].actor_id == home.staff


@pytest.mark.parametrize("who", ["adult", "daughter", "mother"])
def test_only_staff_enter_one(home: Home, who: str) -> None:
    with pytest.raises(NotAllowed):
        _enter(home, by=getattr(home, who))


def test_nobody_witnesses_for_themselves_nor_what_is_still_to_come(home: Home) -> None:
    with pytest.raises(NotAllowed):
        _enter(home, about=home.staff)
    with pytest.raises(NotAllowed):
        _enter(home, spoken=_spoken(home, said_at=home.now + timedelta(minutes=1)))
    with pytest.raises(NotAllowed):
        _enter(home, purposes=[])


def test_servers_abroad_are_agreed_to_only_by_who_uses_them(home: Home) -> None:
    with pytest.raises(NotAllowed):
        _enter(home, purposes=[Purpose.ABROAD])
    statable = home.database.do(list_statable, now=home.now, person_id=home.chatless)
    assert Purpose.ABROAD not in statable
    assert Purpose.VOLUNTEER_MINOR not in statable


def test_about_a_child_it_must_be_the_guardian_who_spoke(home: Home) -> None:
    with pytest.raises(ChildNeedsGuardian):
        _enter(home, about=home.child)
    _enter(home, about=home.child, spoken=_spoken(home, by_guardian=True))
    assert home.stands(home.child, Purpose.SHARE_CONTACT)
