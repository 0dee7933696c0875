"""Swaps: one asks, the first yes counts, both are told; of two at once one has it."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from storage.duty import (
    accept_swap,
    ask_swap,
    decline_swap,
    fill_slot,
    look_over_rotas,
    withdraw_swap,
)
from storage.duty.refusals import RotaMoved, SwapOver
from storage.refusals import AlreadyDone, NotAllowed
from storage.roles import grant
from storage.rules.duty import Reason, week_of
from storage.tables import role, rota, shift
from tests.storage.duty.conftest import HE, here
from tests.storage.residents import heard, register
from tests.storage.town import SUN, Town

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
NEXT = week_of(date(2026, 11, 30))
LATER = week_of(date(2026, 12, 7))


@pytest.fixture
def town(duty_town: Town) -> Town:
    """何敏 is on next week, 孙丽 the week after; 蒋平 works there too."""
    duty_town.now = NOW
    with duty_town.database.transaction() as session:
        one = register(session, now=NOW, name="蒋平", chat=61)
        duty_town.people["蒋平"] = one.id
    where = here(duty_town)
    with duty_town.database.transaction() as session:
        grant(
            session,
            now=NOW,
            person_id=one.id,
            kind="coordinator",
            actor_id=None,
            organisation_id=where,
        )
    for name, span in (("何敏", NEXT), ("孙丽", LATER)):
        duty_town.database.do(
            fill_slot,
            now=NOW,
            actor=duty_town[name],
            organisation_id=where,
            span=span,
            person_id=duty_town.people[name],
            version=0,
        )
    return duty_town


def on(town: Town) -> list[int]:
    rows = town.database.do(
        lambda session: session.all(select(shift.c.person_id).order_by(shift.c.first_day))
    )
    return [row.person_id for row in rows]


def ask(town: Town, *, other: int | None = None) -> int:
    return town.database.do(
        ask_swap, now=town.now, actor=town["何敏"], shift_id=1, version=1, other_id=other
    )


def said(town: Town, chat: int) -> list[str]:
    return town.database.do(lambda session: heard(session, chat))


def test_everybody_there_is_asked_and_the_first_yes_has_it(town: Town) -> None:
    assert ask(town) == 2
    with pytest.raises(AlreadyDone):
        ask(town)
    for stranger in ("何敏", "钱进", "王珊", "陈素芬"):
        with pytest.raises(NotAllowed):
            town.database.do(accept_swap, now=NOW, actor=town[stranger], swap_id=1)
    # To what everybody was asked nobody says no for all.
    with pytest.raises(NotAllowed):
        town.database.do(decline_swap, now=NOW, actor=town["孙丽"], swap_id=1)
    town.database.do(accept_swap, now=NOW, actor=town["孙丽"], swap_id=1)
    assert on(town) == [town.people["孙丽"], town.people["孙丽"]]
    assert said(town, HE)[-1] == "swap_accepted"
    with pytest.raises(SwapOver) as late:
        town.database.do(accept_swap, now=NOW, actor=town["蒋平"], swap_id=1)
    assert late.value.facts == {"state": "accepted", "by": "孙丽"}


def test_two_who_say_yes_at_once_are_one(town: Town) -> None:
    ask(town)
    names = ("孙丽", "蒋平")
    ends: list[str] = []
    late: list[object] = []
    people = {name: town[name] for name in names}
    gate = threading.Barrier(2)

    def press(name: str) -> None:
        gate.wait()
        try:
            town.database.do(accept_swap, now=NOW, actor=people[name], swap_id=1)
            ends.append(name)
        except SwapOver as over:
            late.append(over.facts["by"])

    threads = [threading.Thread(target=press, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert late == ends
    assert len(ends) == 1
    assert on(town)[0] == town.people[ends[0]]
    assert said(town, HE).count("swap_accepted") == 1


def test_a_week_for_a_week_is_asked_of_one_who_may_say_no(town: Town) -> None:
    assert ask(town, other=2) == 1
    assert said(town, SUN)[-1] == "swap_asked"
    with pytest.raises(NotAllowed):
        town.database.do(accept_swap, now=NOW, actor=town["蒋平"], swap_id=1)
    town.database.do(decline_swap, now=NOW, actor=town["孙丽"], swap_id=1)
    assert said(town, HE)[-1] == "swap_declined"
    ask(town, other=2)
    town.database.do(accept_swap, now=NOW, actor=town["孙丽"], swap_id=2)
    assert on(town) == [town.people["孙丽"], town.people["何敏"]]


def test_what_was_taken_back_or_settled_by_another_hand_is_over(town: Town) -> None:
    ask(town)
    with pytest.raises(NotAllowed):
        town.database.do(withdraw_swap, now=NOW, actor=town["孙丽"], swap_id=1)
    town.database.do(withdraw_swap, now=NOW, actor=town["何敏"], swap_id=1)
    with pytest.raises(SwapOver):
        town.database.do(accept_swap, now=NOW, actor=town["孙丽"], swap_id=1)
    ask(town)
    town.database.do(
        fill_slot,
        now=NOW,
        actor=town["王珊"],
        organisation_id=here(town),
        span=NEXT,
        person_id=town.people["蒋平"],
        version=1,
        reason=Reason.AGREED,
    )
    with pytest.raises(SwapOver):
        town.database.do(accept_swap, now=NOW, actor=town["孙丽"], swap_id=2)
    with pytest.raises(NotAllowed):
        ask(town)
    assert on(town)[0] == town.people["蒋平"]


def test_a_slot_that_moved_meanwhile_is_not_handed_over(town: Town) -> None:
    ask(town, other=2)
    moved = update(shift).where(shift.c.id == 2).values(version=5)
    town.database.do(lambda session: session.change(moved))
    with pytest.raises(RotaMoved):
        town.database.do(accept_swap, now=NOW, actor=town["孙丽"], swap_id=1)
    assert on(town) == [town.people["何敏"], town.people["孙丽"]]


def test_no_slot_is_given_to_somebody_who_works_there_no_more(town: Town) -> None:
    ask(town, other=2)
    left = update(role).where(role.c.person_id == town.people["何敏"]).values(state="ended")
    town.database.do(lambda session: session.change(left))
    with pytest.raises(RotaMoved):
        town.database.do(accept_swap, now=NOW, actor=town["孙丽"], swap_id=1)
    assert on(town)[1] == town.people["孙丽"]


def test_nobody_said_yes_the_day_before_so_whoever_asked_knows_that_they_are_on(
    town: Town,
) -> None:
    ask(town)
    town.now = datetime(2026, 11, 29, 3, tzinfo=UTC)
    town.database.do(
        lambda session: session.change(update(rota).values(next_look_at=NOW + timedelta(days=3)))
    )
    look_over_rotas(town.database, now=town.now)
    assert said(town, HE)[-2:].count("swap_lapsed") == 1
    with pytest.raises(SwapOver):
        town.database.do(accept_swap, now=town.now, actor=town["孙丽"], swap_id=1)
