"""Two who press together on one referral: one effect, and a kind answer for the other."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from storage.database import Database
from storage.needs import cancel_need
from storage.needs.referral import accept_referral, decline_referral, take_back_referral
from storage.refusals import Refusal
from storage.rules.lifecycle import NeedState
from storage.rules.referring import DeclineReason
from tests.storage.needs.hall import AFFAIRS, Hall
from tests.storage.town import a_town

ROUNDS = 6


@pytest.fixture
def hall(database: Database, now: datetime) -> Hall:
    made = Hall(a_town(database, now))
    made.hire("周科长", at=AFFAIRS, chat=21)
    made.hire("吴干事", at=AFFAIRS, chat=22)
    return made


def _at_once(steps: Sequence[Callable[[], Any]]) -> list[str]:
    """Run all at the same moment; returns "ok" or the key of each refusal."""
    line = Barrier(len(steps))

    def run(step: Callable[[], Any]) -> str:
        line.wait()
        try:
            step()
        except Refusal as refusal:
            return refusal.key
        return "ok"

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def _accepting(hall: Hall, need_id: int, name: str) -> Callable[[], Any]:
    had = hall.need(need_id).referred
    return partial(
        hall.do,
        accept_referral,
        actor_id=hall.id(name),
        referral_id=had.id,
        version=had.version,
        expected_at=hall.town.now + timedelta(days=2),
    )


def _declining(hall: Hall, need_id: int) -> Callable[[], Any]:
    had = hall.need(need_id).referred
    return partial(
        hall.do,
        decline_referral,
        actor_id=hall.id("吴干事"),
        referral_id=had.id,
        version=had.version,
        reason=DeclineReason.NO_CAPACITY,
    )


def test_two_colleagues_accept_at_once_and_one_has_it(hall: Hall) -> None:
    for _ in range(ROUNDS):
        need_id = hall.state()
        both = [_accepting(hall, need_id, name) for name in ("周科长", "吴干事")]
        assert sorted(_at_once(both)) == ["ok", "referral_moved"]
        assert hall.referrals(need_id) == [(AFFAIRS, "accepted")]


def test_one_declines_while_the_resident_withdraws_and_nothing_is_left_half(hall: Hall) -> None:
    for _ in range(ROUNDS):
        need_id = hall.state()
        withdrawing = partial(
            hall.do,
            cancel_need,
            actor_id=hall.id("陈素芬"),
            need_id=need_id,
            version=hall.need(need_id).version,
        )
        _at_once([_declining(hall, need_id), withdrawing])
        state = hall.need(need_id).state
        assert state in (NeedState.CANCELLED, NeedState.UNCLAIMED)
        assert hall.referrals(need_id)[0][1] in ("withdrawn", "declined")
        assert hall.need(need_id).referral is None


def test_the_desk_takes_back_while_the_organisation_accepts(hall: Hall) -> None:
    for _ in range(ROUNDS):
        need_id = hall.state()
        had = hall.need(need_id).referred
        taking = partial(
            hall.do,
            take_back_referral,
            coordinator_id=hall.id("孙丽"),
            referral_id=had.id,
            version=had.version,
        )
        _at_once([_accepting(hall, need_id, "周科长"), taking])
        card = hall.need(need_id)
        assert (card.referral is not None) == (card.state is NeedState.REFERRED)
