"""Invitations: one-use codes, and what happens to those who guess."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage.database import Database, Session
from storage.invitations import CLOSED_FOR, GOOD_FOR, Code, check_code, make_invitation, use_code
from storage.roles import end_role
from storage.tables import invitation, wrong_code
from tests.storage.residents import heard, register

CHAT, COORDINATOR = 70, 1


def _check(session: Session, now: datetime, code: str) -> Code:
    return check_code(session, now=now, chat_id=CHAT, code=code)


def _use(session: Session, now: datetime, code: str, chat: int = CHAT) -> str | None:
    person = register(session, now=now, name="新人")
    invited = use_code(session, now=now, chat_id=chat, person_id=person.id, code=code)
    return invited.role if invited else None


def test_a_code_opens_once(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        code = make_invitation(session, now=now, role="coordinator")
        assert _check(session, now, code) is Code.GOOD
        assert _use(session, now, code) == "coordinator"
        assert _use(session, now, code) is None
        assert _check(session, now, code) is Code.WRONG


def test_the_code_itself_is_not_kept(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        code = make_invitation(session, now=now)
        kept = session.value(select(invitation.c.code_key))
    assert code.encode() not in kept


def test_a_code_ends_after_three_days(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        code = make_invitation(session, now=now)
        late = now + GOOD_FOR
        assert _check(session, late - timedelta(seconds=1), code) is Code.GOOD
        assert _check(session, late, code) is Code.WRONG


@pytest.mark.parametrize("code", ["a+b", "a/b=", "x" * 65, "邀请码", "", "１２３", "a\n"])
def test_what_cannot_be_a_code_is_not_even_looked_up(
    database: Database, now: datetime, code: str
) -> None:
    with database.transaction() as session:
        assert _check(session, now, code) is Code.WRONG
        assert _use(session, now, code) is None
        assert session.find(select(wrong_code)) is None


def test_six_wrong_codes_close_the_door_for_an_hour_and_coordinators_hear_it_once(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        register(session, now=now, name="王珊", roles=("coordinator",), chat=COORDINATOR)
        good = make_invitation(session, now=now)
        for _ in range(6):
            assert _check(session, now, "wrong") is Code.WRONG
        assert _check(session, now, good) is Code.CLOSED
        assert _use(session, now, good) is None
        assert heard(session, COORDINATOR) == ["join_codes_closed"]
        assert check_code(session, now=now, chat_id=CHAT + 1, code=good) is Code.GOOD
        later = now + CLOSED_FOR
        assert _check(session, later, good) is Code.GOOD
        assert _check(session, later, "wrong") is Code.WRONG
        assert _check(session, later, good) is Code.GOOD


def test_wrong_codes_far_apart_do_not_add_up(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        for step in range(12):
            at = now + step * timedelta(minutes=11)
            assert _check(session, at, "wrong") is Code.WRONG


def test_using_a_wrong_code_counts_as_a_try(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        for _ in range(6):
            assert _use(session, now, "wrong") is None
        assert _check(session, now, "wrong") is Code.CLOSED


def test_of_twenty_who_use_one_code_at_once_exactly_one_gets_in(
    database: Database, now: datetime
) -> None:
    code = database.do(make_invitation, now=now)
    with ThreadPoolExecutor(8) as crowd:
        ends = list(crowd.map(lambda chat: database.do(_use, now, code, chat), range(100, 120)))
    assert sorted(ends, key=str) == [None] * 19 + ["coordinator"]


def test_the_codes_of_who_has_left_open_nothing(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        maker = register(session, now=now, name="王珊", roles=("coordinator",))
        code = make_invitation(session, now=now, made_by=maker.id)
        assert _check(session, now, code) is Code.GOOD
        end_role(session, now=now, person_id=maker.id, kind="coordinator", actor_id=maker.id)
        assert _check(session, now, code) is Code.WRONG
        assert _use(session, now, code) is None
