"""What is not settled in time climbs: helper, association, department, office; never closed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from storage.communities import seed
from storage.database import Database
from storage.needs import Statement, climb_needs, list_late, next_climb_at
from storage.needs.cards import read_need
from storage.outbox.leasing import Parcel
from storage.owners import Owner, owner_of
from storage.people import get_person
from storage.rules.areas import Category, Urgency
from storage.rules.limits import Level
from storage.tables import action, climb, journal, organisation, role
from tests.storage.needs.village import ERRAND, Village

SOON = Statement(Category.LEGAL_AID, Urgency.U1, "补贴停了")


@pytest.fixture
def village(database: Database, now: datetime) -> Village:
    with database.transaction() as session:
        seed(session, now=now)
    made = Village(database, now)
    made.settle(volunteers=1)
    return made


def staff(village: Village, name: str, *, at: int | None) -> int:
    """A coordinator who works for an organisation, or for the office."""
    with village.database.transaction() as session:
        person_id = village._join(session, name, "coordinator", village.home)
        session.change(update(role).where(role.c.person_id == person_id).values(organisation_id=at))
    return person_id


def association(village: Village) -> int:
    """The 残协 of the resident's community."""
    with village.database.transaction() as session:
        root = session.value(select(organisation.c.id).where(organisation.c.name == "桂阳街道残联"))
        path = session.value(select(organisation.c.path).where(organisation.c.id == root))
        made = session.add(
            insert(organisation).values(
                parent_id=root,
                kind="village_association",
                name="桂花社区残协",
                path="-",
                community_id=village.home,
                active=True,
                created_at=village.now,
                version=1,
            )
        )
        session.change(
            update(organisation).where(organisation.c.id == made).values(path=f"{path}{made}/")
        )
    return made


def department(village: Village, key: str = "hand_in_hand") -> int:
    """An office of the subdistrict that owns an action."""
    with village.database.transaction() as session:
        made = session.value(
            select(organisation.c.id).where(organisation.c.name == "社会事务办公室")
        )
        session.change(
            update(action).where(action.c.key == key).values(owner_id=made, owner_kind=None)
        )
    return int(made)


def wait_until_due(village: Village) -> None:
    """Let time pass up to the next climb, and everything that is due move."""
    due = village.database.do(next_climb_at)
    assert due is not None
    village.wait(due - village.now)
    climb_all(village)


def climb_all(village: Village) -> None:
    while climb_needs(village.database, now=village.now):
        pass


def owner(village: Village, need_id: int) -> Owner:
    found = village.database.do(owner_of, need_id=need_id)
    assert found is not None
    return found


def told(village: Village, person_id: int) -> list[Parcel]:
    chat_id = village.chat_of(person_id)
    return [
        parcel
        for parcel in village.deliver()
        if parcel.chat_id == chat_id and parcel.template.startswith("desk_overdue")
    ]


def test_a_need_has_an_owner_with_a_name_from_the_first_moment(village: Village) -> None:
    need_id = village.state()
    asked = owner(village, need_id)
    assert (asked.level, [name for _, name in asked.people]) == (Level.HELPER, ["志愿者1"])
    village.claim(need_id, village.volunteers[0])
    assert [name for _, name in owner(village, need_id).people] == ["志愿者1"]
    village.come(need_id)
    village.finish(need_id)
    assert owner(village, need_id).level is Level.OFFICE


def test_it_climbs_level_by_level_and_each_new_owner_is_told_once(village: Village) -> None:
    near = staff(village, "残协老周", at=association(village))
    above = staff(village, "科室小吴", at=department(village))
    need_id = village.state(SOON)
    assert village.need(need_id).level is Level.COORDINATOR
    village.deliver()
    levels = []
    for person_id in (above, village.coordinator):
        wait_until_due(village)
        levels.append(village.need(need_id).level)
        (parcel,) = told(village, person_id)
        assert parcel.template == "desk_overdue"
        assert person_id in [one for one, _ in owner(village, need_id).people]
        assert near not in [one for one, _ in owner(village, need_id).people]
    assert levels == [Level.DEPARTMENT, Level.OFFICE]
    assert village.need(need_id).state.value == "unclaimed"


def test_a_level_with_nobody_on_it_does_not_wait(village: Village) -> None:
    """There is only the office: it has what no volunteer may take from the first moment."""
    need_id = village.state(SOON)
    assert village.need(need_id).level is Level.OFFICE
    village.deliver()
    wait_until_due(village)
    assert [parcel.template for parcel in told(village, village.coordinator)] == ["desk_overdue"]


def test_without_anybody_at_all_it_stays_late_and_open(village: Village) -> None:
    village.end_role(village.coordinator)
    need_id = village.state(SOON)
    for _ in range(3):
        wait_until_due(village)
    card = village.need(need_id)
    assert (card.level, card.state.value) == (Level.OFFICE, "unclaimed")
    assert card.overdue_at is not None


def test_at_the_office_it_comes_back_day_after_day_and_is_never_closed(village: Village) -> None:
    need_id = village.state()
    reminded = 0
    for _ in range(12):
        wait_until_due(village)
        reminded += len(told(village, village.coordinator))
    card = village.need(need_id)
    assert (card.state.value, card.level) == ("unclaimed", Level.OFFICE)
    assert reminded >= 10
    assert card.overdue_at is not None
    assert card.overdue_at < village.now - timedelta(days=9)


def test_many_that_fall_due_together_come_in_one_message(village: Village) -> None:
    for _ in range(30):
        village.state(SOON)
    village.deliver()
    wait_until_due(village)
    assert [parcel.template for parcel in told(village, village.coordinator)] == [
        "desk_overdue_many"
    ]


def test_after_a_sleep_there_is_one_honest_message_and_one_level_for_each(
    village: Village,
) -> None:
    staff(village, "残协老周", at=association(village))
    department(village)
    needs = [village.state(SOON) for _ in range(3)]
    village.deliver()
    village.wait(timedelta(days=40))
    climb_all(village)
    (parcel,) = told(village, village.coordinator)
    assert parcel.template == "desk_overdue_many"
    assert parcel.facts["slept"] is True
    with village.database.transaction() as session:
        rows = session.all(select(climb))
    assert sorted(row.need_id for row in rows) == needs


def test_whoever_takes_it_has_it_and_nothing_is_late_any_more(village: Village) -> None:
    need_id = village.state()
    village.wait(timedelta(days=3))
    wait_until_due(village)
    assert village.need(need_id).overdue_at is not None
    village.claim(need_id, village.volunteers[0])
    card = village.need(need_id)
    assert (card.level, card.overdue_at) == (Level.HELPER, None)
    assert card.due_at is not None
    assert card.due_at > village.now


def test_the_hour_that_a_helper_names_starts_their_time(village: Village) -> None:
    need_id = village.state()
    village.claim(need_id, village.volunteers[0])
    first = village.need(need_id).due_at
    village.come(need_id, after=timedelta(days=5))
    later = village.need(need_id).due_at
    assert first is not None
    assert later is not None
    assert later >= village.now + timedelta(days=5)
    assert first < later


def test_what_is_settled_before_it_is_told_is_not_told(village: Village) -> None:
    need_id = village.state(SOON)
    village.deliver()
    with village.database.transaction() as session:
        card = read_need(session, need_id=need_id)
        session.execute(
            insert(climb).values(
                need_id=card.id,
                state="unclaimed",
                missed_by="coordinator",
                level="department",
                due_at=village.now,
                at=village.now,
            )
        )
    climb_all(village)
    assert told(village, village.coordinator) == []


def test_each_climb_is_journalled_with_its_reason(village: Village) -> None:
    village.state(SOON)
    wait_until_due(village)
    with village.database.transaction() as session:
        (row,) = session.all(select(journal).where(journal.c.what == "need_climbed"))
    assert (row.ground, row.detail, row.actor_id) == ("unclaimed too long", "office office", None)


def test_what_is_late_is_listed_by_how_late_and_only_to_whose_it_is(village: Village) -> None:
    near = staff(village, "残协老周", at=association(village))
    with village.database.transaction() as session:
        other = session.value(
            select(organisation.c.id).where(
                organisation.c.kind == "village_association",
                organisation.c.community_id != village.home,
            )
        )
    far = staff(village, "别处残协", at=other)
    first = village.state()
    village.wait(timedelta(days=1))
    second = village.state()
    for _ in range(6):
        wait_until_due(village)
    for person_id, expected in (
        (village.coordinator, [first, second]),
        (near, [first, second]),
        (far, []),
    ):
        with village.database.transaction() as session:
            actor = get_person(session, person_id=person_id)
            late, left = list_late(session, actor=actor)
        assert [one.need_id for one in late] == expected
        assert left == 0


def test_a_department_learns_what_waits_and_not_of_whom(village: Village) -> None:
    staff(village, "残协老周", at=association(village))
    above = staff(village, "科室小吴", at=department(village, "home_help"))
    village.state(ERRAND)
    while not (parcels := told(village, above)):
        wait_until_due(village)
    assert "兰姨" not in str(parcels[0].facts)
    with village.database.transaction() as session:
        late, _ = list_late(session, actor=get_person(session, person_id=above))
    assert [(one.owner, one.is_seen) for one in late] == [("社会事务办公室", False)]
