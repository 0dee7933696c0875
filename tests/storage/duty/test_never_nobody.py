"""Whoever is on the rota, away, gone or unreachable: somebody is always on duty who can be told."""

from datetime import datetime, timedelta
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from storage.apart import Ground, keep_apart
from storage.database import Database, Session
from storage.duty import list_duty
from storage.duty.slots import office_id
from storage.rules.duty import Part, on_at, week_of
from storage.tables import chat, pause, person, role, rota, shift
from tests.storage.residents import register
from tests.storage.town import Town, a_town

NAMES = ("王珊", "孙丽", "钱进", "何敏", "冯远")
STATES = st.sampled_from(("there", "away", "blocked", "no_chat", "ended"))


class Undone(Exception):
    """Takes an example back."""


@pytest.fixture
def town(database: Database, now: datetime) -> Town:
    town = a_town(database, now)
    with database.transaction() as session:
        for at, (name, like) in enumerate((("何敏", "孙丽"), ("冯远", "王珊"))):
            one = register(session, now=now, name=name, roles=("coordinator",), chat=60 + at)
            town.people[name] = one.id
            where = works_at(session, town, like)
            session.change(
                update(role).where(role.c.person_id == one.id).values(organisation_id=where)
            )
    return town


def works_at(session: Session, town: Town, name: str) -> int | None:
    found: int | None = session.value(
        select(role.c.organisation_id).where(role.c.person_id == town.people[name])
    )
    return found


def put(session: Session, town: Town, name: str, state: str) -> None:
    who = town.people[name]
    if state == "ended":
        session.change(update(role).where(role.c.person_id == who).values(state="ended"))
    if state == "no_chat":
        session.change(update(person).where(person.c.id == who).values(telegram_id=None))
    if state == "blocked":
        number = session.value(select(person.c.telegram_id).where(person.c.id == who))
        session.change(update(chat).where(chat.c.id == number).values(reachable=False))
    if state == "away":
        session.execute(
            insert(pause).values(
                person_id=who,
                reason="away",
                starts_at=town.now - timedelta(days=1),
                due_at=town.now + timedelta(days=3),
                state="live",
                made_by=who,
                version=1,
            )
        )


def part(session: Session, town: Town, one: str, other: str) -> None:
    keep_apart(
        session,
        now=town.now,
        one=town.people[one],
        other=town.people[other],
        ground=Ground.RESIDENT,
        by=None,
    )


def rota_of(session: Session, town: Town, name: str, on: str, *, day_only: bool) -> None:
    """Put ``on`` into the rota of where ``name`` works."""
    where = works_at(session, town, name) or office_id(session)
    today, _ = on_at(session.house.local(town.now))
    span = week_of(today)
    session.execute(
        insert(rota).values(
            organisation_id=where,
            state="kept",
            next_look_at=town.now,
            next_week_at=town.now,
            version=1,
        )
    )
    session.execute(
        insert(shift).values(
            organisation_id=where,
            first_day=today if day_only else span.first,
            last_day=today if day_only else span.last,
            part=Part.ALL.value,
            person_id=town.people[on],
            made_by=town.people[on],
            made_at=town.now,
            version=1,
        )
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    states=st.fixed_dictionaries(dict.fromkeys(NAMES, STATES)),
    rotas=st.dictionaries(
        st.sampled_from(("王珊", "孙丽", "钱进")),
        st.tuples(st.sampled_from(NAMES), st.booleans()),
        max_size=3,
    ),
    about=st.sampled_from(("陈素芬", "周小兰", None)),
    without=st.sampled_from((*NAMES, None)),
    everyone=st.booleans(),
    parted=st.sets(st.sampled_from(NAMES)),
)
def test_somebody_is_on_duty_while_anybody_can_be_reached(
    town: Town,
    states: dict[str, str],
    rotas: dict[str, tuple[str, bool]],
    about: str | None,
    without: str | None,
    everyone: bool,
    parted: set[str],
) -> None:
    apart = parted if about else set()

    def play() -> NoReturn:
        with town.database.transaction() as session:
            for name, (on, day_only) in rotas.items():
                rota_of(session, town, name, on, day_only=day_only)
            for name, state in states.items():
                put(session, town, name, state)
            for name in sorted(apart):
                part(session, town, str(about), name)
            duty = list_duty(
                session,
                now=town.now,
                about=town.people[about] if about else None,
                without=town.people[without] if without else None,
                everyone=everyone,
            )
            raise Undone({one.name for one in duty})

    with pytest.raises(Undone) as undone:
        play()
    found: set[str] = undone.value.args[0]
    can = {name for name, state in states.items() if state in ("there", "away")} - {without}
    there = {name for name in can if states[name] == "there"}
    assert found <= can
    assert bool(found) == bool(can)
    # Whoever is kept apart from the person only when nobody else is there.
    assert not found & apart or not there - apart
    # Whoever is away is on duty only when nobody else is there, or everyone is rung.
    assert found & there or not there
    assert everyone or found <= there or not there


def test_an_empty_slot_and_a_stopped_rota_ring_all_who_work_there(town: Town) -> None:
    def duty(session: Session) -> set[str]:
        about = town.people["陈素芬"]
        return {one.name for one in list_duty(session, now=town.now, about=about)}

    with town.database.transaction() as session:
        assert duty(session) == {"王珊", "冯远", "孙丽", "何敏"}
        rota_of(session, town, "孙丽", "何敏", day_only=False)
        assert duty(session) == {"王珊", "冯远", "何敏"}
        session.change(update(shift).values(person_id=None))
        assert duty(session) == {"王珊", "冯远", "孙丽", "何敏"}
        session.change(update(shift).values(person_id=town.people["何敏"]))
        put(session, town, "何敏", "away")
        assert duty(session) == {"王珊", "冯远", "孙丽"}
        session.change(update(rota).values(state="stopped", next_look_at=None, next_week_at=None))
        assert duty(session) == {"王珊", "冯远", "孙丽"}
