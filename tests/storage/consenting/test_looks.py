"""A child's data: staff say why, somebody else agrees, and each look is written down."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.alarms import raise_alarm
from storage.looks import GOOD_FOR, LookNeedsApproval, ask_look, check_look, decide_look
from storage.refusals import AlreadyDecided, AlreadyDone, NotAllowed
from storage.rules.dangers import DangerKind
from storage.tables import look
from tests.storage.consenting.home import Home
from tests.storage.residents import heard


def _look(home: Home, *, by: int | None = None, about: int | None = None) -> None:
    home.do(check_look, by=by or home.staff, person_id=about or home.child)


def _ask(home: Home, *, by: int | None = None) -> int:
    told: int = home.do(ask_look, by=by or home.staff, child_id=home.child, reason="办助学补贴")
    return told


def _decide(home: Home, *, by: int, yes: bool = True) -> None:
    with home.database.transaction() as session:
        row = session.all(select(look).order_by(look.c.id.desc()))[0]
    home.do(decide_look, by=by, look_id=row.id, version=1, yes=yes)


def test_an_adult_is_looked_at_without_more_ado(home: Home) -> None:
    _look(home, about=home.adult)
    assert home.noted("child_looked_at") == []


def test_a_child_is_not_and_the_refusal_shows_the_way(home: Home) -> None:
    with pytest.raises(LookNeedsApproval) as refused:
        _look(home)
    assert refused.value.offer == ("look.ask", f"look:ask:{home.child}:0")


def test_the_guardian_needs_nobodys_leave(home: Home) -> None:
    _look(home, by=home.mother)
    home.end_tie(home.mother)
    with pytest.raises(LookNeedsApproval):
        _look(home, by=home.mother)


@pytest.mark.parametrize("who", ["colleague", "mother"])
def test_a_colleague_or_the_guardian_opens_it_for_a_day(home: Home, who: str) -> None:
    assert _ask(home) == 2
    _decide(home, by=getattr(home, who))
    _look(home)
    _look(home)
    looked = home.noted("child_looked_at")
    assert [(row.actor_id, row.ground) for row in looked] == [(home.staff, "approved")] * 2
    with pytest.raises(LookNeedsApproval):
        _look(home, by=home.colleague)
    home.now += GOOD_FOR
    with pytest.raises(LookNeedsApproval):
        _look(home)


def test_nobody_approves_what_they_asked_for_and_no_outsider_does(home: Home) -> None:
    _ask(home)
    for by in (home.staff, home.adult, home.daughter):
        with pytest.raises(NotAllowed):
            _decide(home, by=by)


def test_a_no_opens_nothing_and_the_asker_hears_it(home: Home) -> None:
    _ask(home)
    _decide(home, by=home.colleague, yes=False)
    with pytest.raises(LookNeedsApproval):
        _look(home)
    with home.database.transaction() as session:
        assert heard(session, 1) == ["look_answered"]


def test_asked_twice_is_asked_once_and_family_cannot_ask(home: Home) -> None:
    _ask(home)
    with pytest.raises(AlreadyDone):
        _ask(home)
    with pytest.raises(NotAllowed):
        _ask(home, by=home.daughter)


def test_who_may_decide_only_later_is_asked_when_it_is_asked_again(home: Home) -> None:
    home.end_tie(home.mother)
    assert _ask(home) == 1
    with home.database.transaction() as session:
        home.tie(session, home.child, home.mother, kind="guardian")
    assert _ask(home) == 1
    with home.database.transaction() as session:
        assert len(session.all(select(look))) == 1
    _decide(home, by=home.mother)
    _look(home)


def test_the_reason_is_sealed(home: Home) -> None:
    _ask(home)
    with home.database.transaction() as session:
        row = session.all(select(look))[0]
    assert "助学".encode() not in row.reason


def test_in_an_emergency_nothing_is_waited_for_and_the_ground_is_written(home: Home) -> None:
    with home.database.transaction() as session:
        raise_alarm(
            session,
            now=home.now,
            chat_id=6,
            person_id=home.child,
            words="救命",
            kind=DangerKind.UNKNOWN,
        )
    _look(home)
    assert [row.ground for row in home.noted("child_looked_at")] == ["emergency"]


def test_two_decide_at_once_and_one_of_them_does(home: Home) -> None:
    _ask(home)
    start = threading.Barrier(2)
    ends: list[Any] = []

    def decide(by: int, yes: bool) -> None:
        start.wait()
        try:
            _decide(home, by=by, yes=yes)
            ends.append(yes)
        except AlreadyDecided as refusal:
            ends.append(refusal.facts["by"])

    pairs = ((home.colleague, True), (home.mother, False))
    threads = [threading.Thread(target=decide, args=pair) for pair in pairs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(isinstance(one, bool) for one in ends) == 1
    assert sum(one in ("孙丽", "周敏") for one in ends) == 1
    home.now += timedelta(minutes=1)
