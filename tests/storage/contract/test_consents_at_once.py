"""A yes said from several places at once, and taken back at the same moment."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from storage.caregivers import make_guardian
from storage.consenting import SpokenTo, enter_statement
from storage.consents import give_consent, withdraw
from storage.database import Database
from storage.needs import show_contact
from storage.needs.hiding import hide_contacts_of
from storage.refusals import NotAllowed, Refusal
from storage.rules.purposes import Channel, Purpose
from storage.tables import caregiver, consent, statement
from tests.storage.consenting.home import Home
from tests.storage.needs.village import Village
from tests.storage.residents import register


def test_two_places_at_once_write_one_yes(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="陈素芬")
    start = threading.Barrier(4)

    def say() -> None:
        start.wait()
        database.do(
            give_consent, now=now, person_id=person.id, purpose="share_contact", given_by=person.id
        )

    def take_back() -> None:
        start.wait()
        database.do(
            withdraw, now=now, person_id=person.id, purpose="share_contact", actor_id=person.id
        )

    threads = [threading.Thread(target=one) for one in (say, say, say, take_back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction() as session:
        live = session.value(select(func.count()).where(consent.c.withdrawn_at.is_(None)))
        ended = session.value(select(func.count()).where(consent.c.ended == "withdrawn"))
    assert live <= 1
    assert live + ended >= 1


@pytest.fixture
def home(database: Database, now: datetime) -> Home:
    made = Home(database, now)
    made.settle()
    return made


def _together(*steps: Callable[[], object]) -> list[object]:
    """Run the steps at one moment; a refusal is what that step comes to."""
    start = threading.Barrier(len(steps))
    ends: list[object] = [None] * len(steps)

    def run(at: int) -> None:
        start.wait()
        try:
            ends[at] = steps[at]()
        except Refusal as refusal:
            ends[at] = refusal

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_a_guardian_who_is_ended_while_pressing_has_spoken_or_has_not(home: Home) -> None:
    with home.database.transaction() as session:
        tie = session.value(select(caregiver.c.id).where(caregiver.c.caregiver_id == home.mother))
    said, _ = _together(
        lambda: home.say(Purpose.PUBLISH_NAME, True, by=home.mother, about=home.child),
        lambda: home.do(make_guardian, by=home.staff, tie_id=tie, version=1, on=False),
    )
    assert isinstance(said, NotAllowed) is not home.stands(home.child, Purpose.PUBLISH_NAME)


def test_two_of_staff_who_hear_a_statement_at_once_keep_both_and_one_yes_stands(
    home: Home,
) -> None:
    spoken = SpokenTo("原文", "没有", "家里", home.now, Channel.PAPER)

    def enter(by: int) -> object:
        return home.do(
            enter_statement,
            by=by,
            person_id=home.chatless,
            purposes=[Purpose.PUBLISH_NAME],
            yes=True,
            spoken=spoken,
        )

    _together(lambda: enter(home.staff), lambda: enter(home.colleague))
    with home.database.transaction() as session:
        ends = session.all(
            select(consent.c.ended)
            .where(consent.c.person_id == home.chatless)
            .order_by(consent.c.ended.is_not(None))
        )
        papers = session.value(select(func.count()).select_from(statement))
    assert papers == 2
    assert [row.ended for row in ends] == [None, "replaced"]


def test_shown_and_taken_back_at_once_nothing_stays_in_the_helpers_chat(
    database: Database, now: datetime
) -> None:
    village = Village(database, now)
    village.settle()
    need_id = village.carried()
    village.deliver()
    held = village.need(need_id).held

    def show() -> None:
        with database.transaction() as session:
            known: Any = {"volunteer_id": held.volunteer_id, "claim_id": held.id}
            seen, _ = show_contact(session, now=now, **known)
            if seen is not None:
                village.say_contact(session, need_id, held.volunteer_id)

    def take_back() -> None:
        with database.transaction() as session:
            person: Any = {"person_id": village.resident}
            withdraw(session, now=now, **person, purpose="share_contact", actor_id=1)
            hide_contacts_of(session, now=now, **person)

    _together(show, take_back)
    assert "claim_contact" not in village.said_to(village.volunteers[0])
