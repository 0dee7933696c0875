"""Two at once, and fifty at once: one effect, and a kind answer for everybody else."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, func, select

from storage.needs import (
    arrive,
    cancel_need,
    claim_need,
    confirm_done,
    deny_done,
    release_claim,
    say_arrival,
    set_out,
)
from storage.needs.matching.offering import add_offer
from storage.needs.refusals import NeedMoved
from storage.needs.standing import amend
from storage.refusals import Refusal
from storage.rules.lifecycle import NeedState
from storage.tables import claim
from tests.storage.needs.village import Village

ROUNDS = 25


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


def _live(village: Village, need_id: int) -> int:
    with village.database.transaction() as session:
        live = claim.c.state.in_(("active", "done"))
        counting = select(func.count()).where(claim.c.need_id == need_id, live)
        return int(session.value(counting))


def test_fifty_press_together_and_exactly_one_has_it(village: Village) -> None:
    while len(village.volunteers) < 50:
        village.add_volunteer(f"志愿者{len(village.volunteers) + 1}")
    for _ in range(ROUNDS):
        need_id = village.state()
        card = village.need(need_id)
        asked = {who for _, who, _ in village.offers(need_id)}
        with village.database.transaction() as session:
            for helper in set(village.volunteers) - asked:
                add_offer(session, now=village.now, card=card, volunteer_id=helper, wave=1)
        press = {"need_id": need_id, "version": card.version}
        answers = _at_once(
            [
                partial(village.do, claim_need, volunteer_id=helper, **press)
                for helper in village.volunteers
            ]
        )
        assert sorted(answers) == ["need_taken"] * 49 + ["ok"]
        assert _live(village, need_id) == 1
        now = village.need(need_id)
        village.do(cancel_need, actor_id=village.resident, need_id=need_id, version=now.version)


def test_one_person_with_two_phones_does_not_pass_their_limit(village: Village) -> None:
    helper = village.volunteers[0]
    village.set_volunteer(helper, open_limit=1)
    for _ in range(ROUNDS):
        needs = [village.state(), village.state()]
        answers = _at_once(
            [
                partial(
                    village.do,
                    claim_need,
                    volunteer_id=helper,
                    need_id=one,
                    version=village.need(one).version,
                )
                for one in needs
            ]
        )
        assert sorted(answers) == ["at_limit", "ok"]
        for one in needs:
            version = village.need(one).version
            village.do(cancel_need, actor_id=village.resident, need_id=one, version=version)


def test_withdrawn_and_taken_at_once_is_one_of_the_two(village: Village) -> None:
    for _ in range(ROUNDS):
        need_id = village.state()
        press = {"need_id": need_id, "version": village.need(need_id).version}
        answers = _at_once(
            [
                partial(village.do, claim_need, volunteer_id=village.volunteers[0], **press),
                partial(village.do, cancel_need, actor_id=village.resident, **press),
            ]
        )
        assert answers.count("ok") == 1
        card = village.need(need_id)
        assert (card.state, _live(village, need_id)) in (
            (NeedState.CLAIMED, 1),
            (NeedState.CANCELLED, 0),
        )
        if card.state is NeedState.CLAIMED:
            held = {"need_id": need_id, "version": card.version}
            village.do(cancel_need, actor_id=village.resident, **held)


def test_resident_and_daughter_answer_differently_at_once_and_one_answer_counts(
    village: Village,
) -> None:
    for _ in range(ROUNDS):
        need_id = village.carried(by=village.daughter)
        village.finish(need_id)
        press = {"need_id": need_id, "version": village.need(need_id).version}
        answers = _at_once(
            [
                partial(village.do, confirm_done, actor_id=village.resident, **press),
                partial(village.do, deny_done, actor_id=village.daughter, **press),
            ]
        )
        assert answers.count("ok") == 1
        card = village.need(need_id)
        assert card.state in (NeedState.CLOSED, NeedState.OPEN)
        if card.state is NeedState.OPEN:
            held = {"need_id": need_id, "version": card.version}
            village.do(cancel_need, actor_id=village.resident, **held)


def test_a_doubled_press_of_a_task_has_one_effect(village: Village) -> None:
    for step, facts in ((say_arrival, {"arrives_at": village.now}), (release_claim, {})):
        need_id = village.carried()
        held = village.need(need_id).claim
        assert held is not None
        press = {"volunteer_id": held.volunteer_id, "claim_id": held.id, "version": held.version}
        answers = _at_once([partial(village.do, step, **press, **facts)] * 2)
        assert sorted(answers) == ["need_moved", "ok"]


def test_nothing_is_written_beside_a_state_that_the_need_has_left(village: Village) -> None:
    need_id = village.state()
    before = village.need(need_id)
    village.claim(need_id, village.volunteers[0])
    with village.database.transaction() as session, pytest.raises(NeedMoved):
        amend(session, before, small=False)
    assert village.need(need_id).small


def test_who_reports_locks_the_need_before_the_claim_like_everybody_else(village: Village) -> None:
    need_id = village.carried()
    changed: list[str] = []

    @event.listens_for(village.database.engine, "before_cursor_execute")
    def _remember(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(("UPDATE need ", "UPDATE claim ")):
            changed.append(statement.split()[1])

    for step in (village.come, partial(village.act, set_out), partial(village.act, arrive)):
        step(need_id)
    village.finish(need_id)
    first_two = [changed[at : at + 2] for at in range(0, len(changed), 2)]
    assert first_two == [["need", "claim"]] * 4
