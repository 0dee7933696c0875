"""What two can do to one need at one moment, on either database: one has it, one is answered."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from storage.categories import Changing, change_rule
from storage.communities import seed
from storage.database import Database
from storage.needs import (
    Work,
    assign_need,
    cancel_need,
    claim_need,
    close_need_by_staff,
    confirm_done,
    finish_claim,
    move_needs,
    set_out,
)
from storage.needs.reopening import reopen_need
from storage.people import get_person
from storage.refusals import Refusal
from storage.roles import end_role
from storage.rules.lifecycle import NeedState
from storage.rules.visits import OutcomeReason
from storage.tables import claim, need
from tests.storage.needs.village import ERRAND, Village

ROUNDS = 5


@pytest.fixture
def village(database: Database, now: datetime) -> Village:
    with database.transaction() as session:
        seed(session, now=now)
    made = Village(database, now)
    made.settle()
    return made


def _at_once(*steps: Callable[[], Any]) -> list[str]:
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


def _live(village: Village, need_id: int) -> Sequence[int]:
    """Who has the need; never two."""
    with village.database.transaction() as session:
        rows = session.all(
            select(claim.c.volunteer_id).where(
                claim.c.need_id == need_id, claim.c.state.in_(("active", "done"))
            )
        )
    return [row.volunteer_id for row in rows]


def _cancel(village: Village, need_id: int) -> None:
    version = village.need(need_id).version
    village.do(cancel_need, actor_id=village.resident, need_id=need_id, version=version)


def test_taken_and_withdrawn_at_once_is_one_of_the_two(village: Village) -> None:
    for _ in range(ROUNDS):
        need_id = village.state()
        press = {"need_id": need_id, "version": village.need(need_id).version}
        helper = village.volunteers[0]
        answers = _at_once(
            partial(village.do, claim_need, volunteer_id=helper, **press),
            partial(village.do, cancel_need, actor_id=village.resident, **press),
        )
        assert answers.count("ok") == 1
        taken = answers[0] == "ok"
        assert village.need(need_id).state is (NeedState.CLAIMED if taken else NeedState.CANCELLED)
        assert _live(village, need_id) == ([helper] if taken else [])
        if taken:
            _cancel(village, need_id)


def test_opened_again_and_closed_at_once_by_yes_leaves_one_story(village: Village) -> None:
    """Done: the resident says yes twice over; a closed one is opened again beside the last yes."""
    for _ in range(ROUNDS):
        need_id = village.carried()
        village.finish(need_id)
        yes = partial(
            village.do,
            confirm_done,
            actor_id=village.daughter,
            need_id=need_id,
            version=village.need(need_id).version,
        )
        again = partial(
            village.do,
            reopen_need,
            actor_id=village.resident,
            need_id=need_id,
            version=village.need(need_id).version + 1,
            reason=OutcomeReason.BROKE_AGAIN,
        )
        answers = _at_once(yes, again)
        # The yes was first or the opening came too early; then the yes is the last word.
        assert answers[0] == "ok"
        card = village.need(need_id)
        assert card.state is (NeedState.OPEN if answers[1] == "ok" else NeedState.CLOSED)
        assert _live(village, need_id) == []
        with village.database.transaction() as session:
            states = session.all(select(claim.c.state).where(claim.c.need_id == need_id))
        assert [row.state for row in states] == ["confirmed"]
        if card.state is NeedState.OPEN:
            _cancel(village, need_id)


def test_opened_again_twice_at_once_is_opened_once(village: Village) -> None:
    need_id = village.carried()
    village.finish(need_id)
    version = village.need(need_id).version
    village.do(confirm_done, actor_id=village.resident, need_id=need_id, version=version)
    facts = {"need_id": need_id, "version": village.need(need_id).version}
    reason = OutcomeReason.BROKE_AGAIN
    answers = _at_once(
        partial(village.do, reopen_need, actor_id=village.resident, reason=reason, **facts),
        partial(village.do, reopen_need, actor_id=village.daughter, reason=reason, **facts),
    )
    assert answers.count("ok") == 1
    assert village.need(need_id).state is NeedState.OPEN


def test_two_coordinators_ask_two_helpers_and_one_of_them_goes(village: Village) -> None:
    with village.database.transaction() as session:
        second = village._join(session, "刘主任", "coordinator", village.home)
    for _ in range(ROUNDS):
        need_id = village.state()
        press = {"need_id": need_id, "version": village.need(need_id).version}
        pairs = zip((village.coordinator, second), village.volunteers, strict=True)
        asked = [
            partial(village.do, assign_need, coordinator_id=by, volunteer_id=helper, **press)
            for by, helper in pairs
        ]
        answers = _at_once(*asked)
        assert answers.count("ok") >= 1
        press["version"] = village.need(need_id).version
        claims = [
            partial(village.do, claim_need, volunteer_id=helper, **press)
            for helper in village.volunteers
        ]
        answers = _at_once(*claims)
        assert answers.count("ok") == 1
        assert _live(village, need_id) == [village.volunteers[answers.index("ok")]]
        _cancel(village, need_id)


def test_a_helper_removed_while_setting_out_has_nothing_any_more(village: Village) -> None:
    need_id = village.carried()
    held = village.need(need_id).held
    helper = held.volunteer_id
    mine = {"volunteer_id": helper, "claim_id": held.id, "version": held.version}
    actor = village.coordinator
    answers = _at_once(
        partial(village.do, set_out, **mine),
        partial(village.do, end_role, person_id=helper, kind="volunteer", actor_id=actor),
    )
    assert answers[1] == "ok"
    while move_needs(village.database, now=village.now):
        pass
    assert _live(village, need_id) == []
    assert village.need(need_id).state in (NeedState.OPEN, NeedState.UNCLAIMED)
    with pytest.raises(Refusal):
        village.do(finish_claim, **mine, work=Work(30))


def test_a_kind_switched_off_while_a_need_of_it_is_taken_loses_neither(village: Village) -> None:
    need_id = village.state()
    version = village.need(need_id).version
    with village.database.transaction() as session:
        office = get_person(session, person_id=village.coordinator)
    off = {"category": ERRAND.category, "field": Changing.ACTIVE, "value": "no", "version": 0}
    answers = _at_once(
        partial(village.do, change_rule, actor=office, **off),
        partial(
            village.do,
            claim_need,
            volunteer_id=village.volunteers[0],
            need_id=need_id,
            version=version,
        ),
    )
    assert answers == ["ok", "ok"]
    village.come(need_id)
    assert village.finish(need_id).state is NeedState.DONE


def test_a_yes_and_a_word_of_the_desk_at_once_count_the_visit_once(village: Village) -> None:
    for _ in range(ROUNDS):
        need_id = village.carried()
        village.finish(need_id)
        press = {"need_id": need_id, "version": village.need(need_id).version}
        desk = village.coordinator
        answers = _at_once(
            partial(village.do, confirm_done, actor_id=village.resident, **press),
            partial(village.do, close_need_by_staff, coordinator_id=desk, words="好的", **press),
        )
        assert answers.count("ok") == 1
        assert village.need(need_id).state is NeedState.CLOSED
    with village.database.transaction() as session:
        counted = session.value(select(func.count()).where(claim.c.state == "confirmed"))
        assert counted == session.value(select(func.count()).select_from(need)) == ROUNDS
