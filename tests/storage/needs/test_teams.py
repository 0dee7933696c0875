"""Organisations are asked beside volunteers, and put one of their own people forward."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from storage.needs import (
    cancel_need,
    decline_for_team,
    decline_offer,
    explain_offers,
    get_team_asked,
    list_team,
    put_forward,
)
from storage.needs.refusals import NeedMoved, NeedOver
from storage.people import add_person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rules.lifecycle import NeedState
from storage.tables import (
    attachment,
    organisation,
    organisation_kind,
    role,
    service,
    team_offer,
)
from tests.storage.needs.test_races import _at_once
from tests.storage.needs.village import Village

DAY = timedelta(days=1)


@pytest.fixture
def team(village: Village) -> dict[str, int]:
    """A team with a coordinator of its own and one member far away; nobody else can be asked."""
    for helper in village.volunteers:
        village.end_role(helper)
    member = village.add_volunteer("队员", home=village.far, times="")
    with village.database.transaction() as session:
        session.execute(
            insert(organisation_kind).values(key="volunteer_team", name="队", attaches="member")
        )
        made = session.add(
            insert(organisation).values(
                kind="volunteer_team",
                name="青年队",
                path="/1/",
                active=True,
                created_at=village.now,
                version=1,
            )
        )
        head = add_person(session, now=village.now, name="队长", telegram_id=7001)
        session.execute(
            insert(role).values(
                person_id=head,
                kind="coordinator",
                organisation_id=made,
                state="approved",
                created_at=village.now,
                version=1,
            )
        )
        session.execute(
            insert(attachment).values(
                person_id=member,
                organisation_id=made,
                kind="member",
                state="active",
                made_by=head,
                created_at=village.now,
            )
        )
        session.execute(
            insert(service).values(
                organisation_id=made,
                category="errand",
                provider="society",
                state="active",
                created_at=village.now,
                version=1,
            )
        )
    return {"organisation": made, "head": head, "member": member}


def asked_id(village: Village) -> int:
    with village.database.transaction() as session:
        return int(session.value(select(team_offer.c.id).order_by(team_offer.c.id.desc())))


def put(village: Village, team: dict[str, int], **other: Any) -> Any:
    facts = {"actor_id": team["head"], "asked_id": asked_id(village), "version": 1}
    return village.do(put_forward, **(facts | {"volunteer_id": team["member"]} | other))


def test_when_the_need_widens_an_organisation_is_asked_without_a_name(
    village: Village, team: dict[str, int]
) -> None:
    need_id = village.state()
    card = next(p for p in village.deliver() if p.template == "team_asked")
    assert card.chat_id == 7001
    assert "兰姨" not in str(card.facts)
    one, found = village.do(list_team, actor_id=team["head"], asked_id=asked_id(village))
    assert (one.organisation, one.card.id) == ("青年队", need_id)
    assert [who.name for who in found] == ["队员"]


def test_it_puts_one_of_its_own_forward_who_may_still_say_no(
    village: Village, team: dict[str, int]
) -> None:
    need_id = village.state()
    village.deliver()
    assert put(village, team).state == "put_forward"
    assert village.said_to(team["member"]) == ["offer_from_team"]
    with village.database.transaction() as session:
        told = explain_offers(session, coordinator_id=village.coordinator, need_id=need_id)
    assert told.teams == [("青年队", "put_forward")]
    village.do(decline_offer, volunteer_id=team["member"], need_id=need_id)
    assert "desk_assign_declined" in village.said_to(village.coordinator)


def test_whoever_was_put_forward_takes_it_as_anybody_else(
    village: Village, team: dict[str, int]
) -> None:
    need_id = village.state()
    put(village, team)
    village.claim(need_id, team["member"])
    assert village.need(need_id).state is NeedState.CLAIMED


def test_it_may_say_not_this_time(village: Village, team: dict[str, int]) -> None:
    village.state()
    mine = {"actor_id": team["head"], "asked_id": asked_id(village), "version": 1}
    assert village.do(decline_for_team, **mine).state == "declined"
    with pytest.raises(AlreadyDone):
        village.do(decline_for_team, **mine)
    with pytest.raises(TooLate):
        put(village, team)


def test_nobody_else_answers_for_it_and_only_its_own_people_are_named(
    village: Village, team: dict[str, int]
) -> None:
    village.state()
    for who in (village.coordinator, team["member"], village.resident):
        with pytest.raises(NotAllowed):
            put(village, team, actor_id=who)
        with pytest.raises(NotAllowed):
            village.database.do(get_team_asked, actor_id=who, asked_id=asked_id(village))
    with pytest.raises(NotAllowed):
        put(village, team, volunteer_id=village.daughter)
    with pytest.raises(NotAllowed):
        village.database.do(get_team_asked, actor_id=team["head"], asked_id=404)


def test_what_is_over_is_over_for_it_too(village: Village, team: dict[str, int]) -> None:
    need_id = village.state()
    card = village.need(need_id)
    village.do(cancel_need, actor_id=village.resident, need_id=need_id, version=card.version)
    with pytest.raises((NeedOver, NeedMoved)):
        put(village, team)


def test_one_without_room_or_people_or_anybody_in_the_chat_is_not_asked(
    village: Village, team: dict[str, int]
) -> None:
    village.state()
    put(village, team)
    changes: tuple[Any, ...] = (
        update(service).values(capacity=1),
        update(service).values(capacity=None, state="paused"),
        update(organisation_kind).values(attaches=None),
        update(role).where(role.c.person_id == team["head"]).values(state="ended"),
    )
    asked = asked_id(village)
    for change in changes:
        with village.database.transaction() as session:
            session.change(change)
        village.state()
        assert asked_id(village) == asked
        with village.database.transaction() as session:
            session.change(update(service).values(capacity=None, state="active"))
            session.change(update(organisation_kind).values(attaches="member"))


def test_two_of_one_organisation_give_one_answer(village: Village, team: dict[str, int]) -> None:
    for _ in range(5):
        village.set_volunteer(team["member"], open_limit=20)
        village.state()
        mine = {"actor_id": team["head"], "asked_id": asked_id(village), "version": 1}
        answers = _at_once(
            [
                partial(village.do, decline_for_team, **mine),
                partial(village.do, put_forward, **mine, volunteer_id=team["member"]),
            ]
        )
        assert answers.count("ok") == 1


def test_it_is_asked_once_for_each_round(village: Village, team: dict[str, int]) -> None:
    village.state()
    before = asked_id(village)
    village.wait(3 * DAY)
    assert asked_id(village) == before
