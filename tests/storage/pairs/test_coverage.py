"""Coverage: households counted as a person with a list would count them, and why one has none."""

import random

import pytest

from storage.database import Session
from storage.pairs import count_coverage, end_pair, list_unpaired, say_no, total_of
from storage.pairs.coverage import Why
from storage.refusals import NotAllowed
from storage.registers import find_household
from storage.rules.pairs import Kind, PairState
from storage.scope import sees
from storage.tables import household, household_member, pair, person, role
from tests.storage.pairs.lane import Lane
from tests.storage.residents import register
from tests.storage.statements import count_statements

SEEDS = (1, 2, 3)


def _why(lane: Lane) -> dict[str, Why]:
    return {one.name: one.why for one in lane.do(list_unpaired, actor=lane["sun"])}


def test_each_household_without_a_neighbour_says_why(lane: Lane) -> None:
    assert _why(lane) == {"chen": Why.NEVER_ASKED, "luo": Why.NEVER_ASKED}
    one = lane.propose()
    assert _why(lane)["chen"] is Why.WAITS
    lane.do(say_no, now=lane.now, actor=lane["chen"], pair_id=one.id)
    assert _why(lane)["chen"] is Why.HOUSEHOLD_NO
    two = lane.agree(lane.propose(helper="liu"), "chen")
    lane.do(say_no, now=lane.now, actor=lane["liu"], pair_id=two.id)
    assert _why(lane)["chen"] is Why.NEIGHBOUR_NO
    three = lane.pair(helper="zhao")
    assert "chen" not in _why(lane)
    lane.do(end_pair, now=lane.now, actor=lane["chen"], pair_id=three.id, version=three.version)
    assert _why(lane)["chen"] is Why.ENDED


def test_a_pair_that_sleeps_or_gets_no_answer_does_not_cover(lane: Lane) -> None:
    lane.pair()
    lane.propose(resident="luo", helper="liu")
    lane.pass_time(weeks=13)
    assert _why(lane) == {"chen": Why.ASLEEP, "luo": Why.NO_ANSWER}
    assert total_of(lane.do(count_coverage, actor=lane["sun"])).paired == 0


def test_figures_and_lists_are_for_staff_of_the_place(lane: Lane) -> None:
    with pytest.raises(NotAllowed):
        lane.do(list_unpaired, actor=lane["zhang"])
    assert lane.do(count_coverage, actor=lane["zhang"]) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_count_is_what_somebody_with_a_list_would_find(lane: Lane, seed: int) -> None:
    dice = random.Random(seed)
    with lane.database.transaction() as session:
        for at in range(30):
            _somebody(session, lane, dice, at)
    for name in ("sun", "wang"):
        actor = lane[name]
        found = lane.do(count_coverage, actor=actor)
        expected = lane.do(_by_hand, actor)
        assert {one.community_id: (one.households, one.paired) for one in found} == expected
        unpaired = lane.do(list_unpaired, actor=actor, limit=1000)
        total = total_of(found)
        assert len(unpaired) == total.households - total.paired


def _somebody(session: Session, lane: Lane, dice: random.Random, at: int) -> None:
    """A resident or not, in one of a few households or none, with pairs of any state."""
    place = dice.choice((lane.home, lane.away, None))
    who = register(session, now=lane.now, name=f"p{at}", community_id=place)
    if dice.random() < 0.8:
        state = dice.choice(("approved", "approved", "approved", "ended", "waiting"))
        session.execute(
            role.insert().values(
                person_id=who.id, kind="resident", state=state, created_at=lane.now, version=1
            )
        )
    if dice.random() < 0.7:
        wanted = dice.randint(100, 106)
        if session.find(household.select().where(household.c.id == wanted)) is None:
            session.execute(
                household.insert().values(
                    id=wanted,
                    community_id=place,
                    group_code="",
                    created_at=lane.now,
                    version=1,
                )
            )
        session.execute(
            household_member.insert().values(
                person_id=who.id, household_id=wanted, relation="other", since=lane.now
            )
        )
    home = find_household(session, person_id=who.id)
    if home is None or _taken(session, home.id) or dice.random() < 0.5:
        return
    state = dice.choice(("proposed", "active", "dormant", "ended"))
    yes = state in ("active", "dormant")
    session.execute(
        pair.insert().values(
            uid=f"{at:032d}",
            kind=dice.choice((Kind.NEIGHBOUR.value, Kind.STUDY.value)),
            household_id=home.id,
            resident_id=who.id,
            helper_id=lane.people["zhang"] if dice.random() < 0.5 else lane.people["liu"],
            state=state,
            acts="greet",
            frequency="weekly",
            asked=0,
            keeper_id=lane.people["sun"],
            made_by=lane.people["sun"],
            created_at=lane.now,
            version=1,
            due_at=None if state == "ended" else lane.now,
            ended_at=lane.now if state == "ended" else None,
            ended_reason="helper_moved" if state == "ended" else None,
            agreed_at=lane.now if yes else None,
            **{
                f"{side}_{part}": value if yes else None
                for side in ("resident", "helper")
                for part, value in (("yes_at", lane.now), ("yes_by", who.id), ("ground", "self"))
            },
        )
    )


def _taken(session: Session, household_id: int) -> bool:
    """One pair for each household is enough here, so that no index is met."""
    return session.find(pair.select().where(pair.c.household_id == household_id)) is not None


def _by_hand(session: Session, actor: object) -> dict[int | None, tuple[int, int]]:
    """Walk through everybody, as with a printed register."""
    homes: dict[object, tuple[int | None, bool]] = {}
    for one in session.all(person.select().order_by(person.c.id)):
        held = session.all(role.select().where(role.c.person_id == one.id))
        is_resident = any(each.kind == "resident" and each.state == "approved" for each in held)
        if not is_resident or not sees(session, actor=actor, person_id=one.id):  # type: ignore[arg-type]
            continue
        home = find_household(session, person_id=one.id)
        pairs = [
            each
            for each in session.all(pair.select())
            if each.kind == Kind.NEIGHBOUR.value
            and each.state == PairState.ACTIVE.value
            and home is not None
            and each.household_id == home.id
        ]
        key: object = home.id if home is not None else f"alone {one.id}"
        place = home.community_id if home is not None else one.community_id
        if home is not None and place is None:
            known = homes.get(key)
            place = known[0] if known and known[0] is not None else one.community_id
            if known and known[0] is not None and one.community_id is not None:
                place = min(known[0], one.community_id)
        homes[key] = (place, bool(pairs))
    counted: dict[int | None, tuple[int, int]] = {}
    for place, paired in homes.values():
        households, with_one = counted.get(place, (0, 0))
        counted[place] = (households + 1, with_one + paired)
    return counted


def test_the_list_takes_as_many_statements_however_many_have_none(lane: Lane) -> None:
    def look() -> None:
        lengths.append(len(_why(lane)))

    lengths: list[int] = []
    few = count_statements(lane.database, look)
    for name in ("ma", "hu", "gao"):
        lane.join(name, "resident", None, None)
    assert count_statements(lane.database, look) == few
    assert lengths == [2, 5]
