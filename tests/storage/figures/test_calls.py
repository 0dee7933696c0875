"""Figures of calls beside a count by hand, what few people are told of, and an empty town."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from storage.communities import seed
from storage.database import Database, Session
from storage.figures import (
    CALL_STANDS,
    CallsShown,
    check_figures,
    count_calls,
    show_calls,
)
from storage.pairs import count_coverage
from storage.people import Person, get_person
from storage.roles import grant
from storage.rules.ladder import LADDERS, RUNGS, freeze
from storage.rules.periods import Period, Stretch
from storage.rules.tiers import LONGEST_GAP, Tier
from storage.tables import (
    check_in,
    check_in_plan,
    household,
    household_member,
    journal,
    pair,
    pause,
)
from tests.storage.residents import register

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
ENDINGS = ("spoke_fine", "seen", "own_button", "needs_help", "handed_over", "false_alarm", "away")
POSITIVE = frozenset(ENDINGS[:4])
CAUSES = ("no_answer", "no_report", "could_not_tell", "check_in_missed")


@dataclass
class Town:
    """Residents of three communities, some in one household, called and paired at random."""

    session: Session
    now: datetime
    office: Person
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    calls: list[dict[str, Any]] = field(default_factory=list)
    home_of: dict[int, tuple[int, int]] = field(default_factory=dict)
    paired: set[int] = field(default_factory=set)
    plans: list[tuple[int, str, datetime]] = field(default_factory=list)
    away: set[int] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)

    def settle(self, people: int) -> None:
        for number in range(people):
            place = 1 + number % 3
            who = register(
                self.session,
                now=self.now,
                name=f"居民{number}",
                roles=("resident",),
                community_id=place,
            ).id
            self.names[who] = f"居民{number}"
            home = -who
            if number % 4 == 0:
                home = self.session.add(
                    insert(household).values(created_at=self.now, community_id=place)
                )
            elif number % 4 == 3:
                # Lives with the one before who has a household, in that one's community.
                home, place = self.home_of[who - 3]
            if home > 0:
                member = {"person_id": who, "household_id": home, "since": self.now}
                self.session.execute(insert(household_member).values(**member))
            self.home_of[who] = (home, place)
            self.plan(who, place_of_person=1 + number % 3)

    def plan(self, who: int, *, place_of_person: int) -> None:
        tier = self.dice.choice("abc")
        made = self.now - self.dice.choice((3, 20, 60, 200)) * DAY
        plan = self.session.add(
            insert(check_in_plan).values(
                uid=f"{who:032}",
                resident_id=who,
                caller_id=self.office.id,
                tier=tier,
                weekdays=127,
                local_time="10:00",
                next_due_at=self.now + DAY,
                created_by=self.office.id,
                created_at=made,
            )
        )
        self.plans.append((who, tier, made))
        for _ in range(self.dice.randrange(6)):
            self.call(plan, who, place_of_person)
        if self.dice.random() < 0.3:
            self.pair(who)
        if self.dice.random() < 0.2:
            self.pause(who)

    def call(self, plan: int, who: int, place: int) -> None:
        dice = self.dice
        due = self.now - timedelta(minutes=dice.randrange(60 * 24 * 40))
        ending = dice.choice((*ENDINGS, None))
        tier, rung = dice.choice("abc"), dice.choice((0, 0, 0, 1, 3, 7))
        closed = due + dice.choice((HOUR, 2 * HOUR, 3 * HOUR, DAY, 2 * DAY)) if ending else None
        values: dict[str, Any] = {
            "plan_id": plan,
            "resident_id": who,
            "caller_id": self.office.id,
            "due_at": due,
            "tier": tier,
            "ladder": freeze(LADDERS[Tier(tier)]),
            "rung": rung,
            "state": "closed" if ending else "open",
            "next_step_at": None if ending else self.now,
            "ending": ending,
            "closed_at": closed,
            "found": "out" if ending == "false_alarm" else None,
            "handed_to": "110" if ending == "handed_over" else None,
        }
        made = self.session.add(insert(check_in).values(**values))
        cause = dice.choice(CAUSES) if rung and dice.random() < 0.8 else None
        for one in (cause, "no_answer"):
            if cause is not None and one is not None:
                self.journal(who, made, one)
        self.calls.append(values | {"place": place, "cause": cause})

    def journal(self, who: int, case: int, cause: str) -> None:
        missed = cause == "check_in_missed"
        self.session.execute(
            insert(journal).values(
                at=self.now,
                subject_id=who,
                what=cause if missed else "check_in_climbed",
                thing="check_in",
                thing_id=case,
                detail="" if missed else cause,
            )
        )

    def pair(self, who: int) -> None:
        home = self.home_of[who][0]
        if home < 0 or home in self.paired:
            return
        self.paired.add(home)
        said: dict[str, Any] = {
            "resident_yes_at": self.now,
            "helper_yes_at": self.now,
            "agreed_at": self.now,
        }
        said |= {"resident_ground": "self", "helper_ground": "self", "resident_yes_by": who}
        self.session.execute(
            insert(pair).values(
                **said,
                uid=f"{who:032}",
                kind="neighbour",
                household_id=home,
                resident_id=who,
                helper_id=self.office.id,
                helper_yes_by=self.office.id,
                state="active",
                due_at=self.now,
                keeper_id=self.office.id,
                made_by=self.office.id,
                created_at=self.now,
            )
        )

    def pause(self, who: int) -> None:
        self.away.add(who)
        self.session.execute(
            insert(pause).values(
                person_id=who,
                reason="away",
                starts_at=self.now - DAY,
                due_at=self.now + DAY,
                made_by=self.office.id,
            )
        )


def count_by_hand(town: Town, period: Period, zone: Any) -> Counter[tuple[str, ...]]:
    """The same figures, one call after another."""
    cells: Counter[tuple[str, ...]] = Counter()
    span = period.span(zone)
    limits = {"a": 2 * HOUR, "b": DAY, "c": DAY}
    for one in town.calls:
        if not span.start <= one["due_at"] < span.end or one["ending"] == "away":
            continue
        if one["ending"] is None:
            stand = "open"
        elif one["ending"] not in POSITIVE:
            stand = "otherwise"
        else:
            in_time = one["closed_at"] - one["due_at"] <= limits[one["tier"]]
            stand = "on_time" if in_time else "late"
        tier, place = one["tier"], str(one["place"])
        both = ("both", place, tier)
        for key in (("tier", tier), ("community", place)):
            cells[key] += 1
            cells[(*key, stand)] += 1
        cells[both] += 1
        cells[(*both, "on_time" if stand == "on_time" else "rest")] += 1
        cells[("stand", stand)] += 1
        cells[("all",)] += 1
        if stand in ("on_time", "late"):
            # From the fourth rung on others than the caller are asked.
            cells[("reached",)] += 1
            cells[("reached", "others" if one["rung"] >= 3 else "caller")] += 1
        if one["rung"]:
            rung, cause = RUNGS[one["rung"]].value, one["cause"] or "unknown"
            cells[("rung", rung)] += 1
            cells[("rung", rung, cause)] += 1
            cells[("cause", cause)] += 1
            cells[("climbed",)] += 1
    for home, community in set(town.home_of.values()):
        state = "paired" if home in town.paired else "unpaired"
        cells[("place", str(community))] += 1
        cells[("place", str(community), state)] += 1
        cells[("homes",)] += 1
        cells[("homes", state)] += 1
    return cells


def late_by_hand(town: Town, zone: Any) -> dict[str, int]:
    """Whoever waits for too long, with the days over."""
    found = {}
    for who, tier, made in town.plans:
        reached = [
            one["closed_at"]
            for one in town.calls
            if one["resident_id"] == who and one["ending"] in POSITIVE
        ]
        last = max(reached, default=made).astimezone(zone).date()
        over = (town.now.astimezone(zone).date() - last).days - LONGEST_GAP[Tier(tier)]
        if over > 0 and who not in town.away:
            found[town.names[who]] = over
    return found


@pytest.fixture
def office(database: Database, now: datetime) -> Person:
    with database.transaction() as session:
        seed(session, now=now)
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


def figures(database: Database, actor: Person, now: datetime, period: Period) -> CallsShown:
    reader = database.do(check_figures, actor=actor, stretch=Stretch.MONTH)
    span = period.span(database.house.zone)
    counts = database.read(count_calls, actor=reader, span=span, now=now)
    covered = database.read(count_coverage, actor=reader)
    homes = [(one.community_id, one.households, one.paired) for one in covered]
    return show_calls(counts, homes, sees_people=actor.scope is not None)


def test_the_figures_are_those_counted_by_hand(
    database: Database, now: datetime, office: Person
) -> None:
    with database.transaction() as session:
        town = Town(session, now, office)
        town.settle(60)
    shown = figures(database, office, now, NOVEMBER)
    by_hand = count_by_hand(town, NOVEMBER, database.house.zone)
    assert {k: n for k, n in shown.cells.items() if k[0] != "behind"} == dict(by_hand)
    assert shown.cells[("stand", "on_time")] > 5
    assert shown.cells[("reached", "caller")] > shown.cells[("reached", "others")] > 5
    late = late_by_hand(town, database.house.zone)
    assert {name for one in shown.unreached for name in one.names} == set(late)
    assert [one.days_over for one in shown.unreached] == sorted(
        (max(late[name] for name in one.names) for one in shown.unreached), reverse=True
    )
    assert shown.cells[("behind",)] == len(shown.unreached)
    assert shown.people == len(town.plans) - len(town.away)
    assert shown.dropped == sum(
        one["ending"] == "away" and one["due_at"] >= NOVEMBER.span(database.house.zone).start
        for one in town.calls
    )


def test_who_sees_no_people_is_told_no_name_and_no_small_number(
    database: Database, now: datetime, office: Person
) -> None:
    with database.transaction() as session:
        town = Town(session, now, office)
        town.settle(24)
    leader = database.do(register, now=now, name="李组长", chat=2)
    database.do(grant, now=now, person_id=leader.id, kind="leading_group", actor_id=None)
    leader = database.do(get_person, person_id=leader.id)
    shown = figures(database, leader, now, NOVEMBER)
    assert shown.unreached == ()
    seen = {key: shown.cell(*key) for key in shown.cells}
    assert [key for key, number in seen.items() if number is not None and 0 < number < 5] == []
    # None of a line's parts can be had by taking the others from the total.
    for kind in ("tier", "community"):
        names = {key[1] for key in shown.cells if key[0] == kind}
        for name in names:
            parts = [shown.cell(kind, name, stand) for stand in CALL_STANDS]
            assert shown.cell(kind, name) is None or parts.count(None) != 1
    assert shown.cells[("all",)] == figures(database, office, now, NOVEMBER).cells[("all",)]


def test_a_stretch_without_calls_has_no_figures_and_breaks_nothing(
    database: Database, now: datetime, office: Person
) -> None:
    shown = figures(database, office, now, Period(date(2020, 1, 1), date(2020, 1, 31)))
    assert dict(shown.cells) == {}
    assert shown.share(("stand", "on_time"), ("all",)) is None
    assert (shown.people, shown.dropped, tuple(shown.unreached)) == (0, 0, ())
