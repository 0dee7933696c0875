"""Exports: of whom, which columns, for whom; counted before they are made, and journalled."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select

from storage.database import Database
from storage.exports import (
    Choice,
    Count,
    NobodyToExport,
    Row,
    ask_for_export,
    asking,
    columns_of,
    count_export,
    count_needs_by_area,
    list_residents,
    list_volunteers,
    note_export,
)
from storage.people import Person
from storage.refusals import NotAllowed
from storage.registers import change_profile, place_in_household, record_certificate
from storage.rules.fields import Register
from storage.scope import readers_view
from storage.tables import claim, journal, need, office_job, qualification, volunteer
from tests.storage.town import Town, a_town

RESIDENTS, VOLUNTEERS = Choice(Register.RESIDENT), Choice(Register.VOLUNTEER)


@pytest.fixture
def town(database: Database, now: datetime) -> Town:
    return a_town(database, now)


def residents(town: Town, actor: Person, choice: Choice = RESIDENTS, limit: int = 300) -> list[Row]:
    return list(_pages(town, actor, choice, limit))


def _pages(town: Town, actor: Person, choice: Choice, limit: int) -> Iterator[Row]:
    list_page = list_residents if choice.register is Register.RESIDENT else list_volunteers
    after: int | None = 0
    while after is not None:
        page = town.database.do(
            list_page, now=town.now, actor=actor, choice=choice, after=after, limit=limit
        )
        yield from page.rows
        after = page.last


def names(rows: list[Row]) -> list[Any]:
    return [row["name"] for row in rows]


def count(town: Town, actor: Person, choice: Choice) -> Count:
    return town.database.do(count_export, now=town.now, actor=actor, choice=choice)


def know(town: Town, name: str, **values: Any) -> None:
    town.database.do(
        change_profile,
        now=town.now,
        actor=town["王珊"],
        person_id=town.people[name],
        values=values,
        ground="test",
    )


def test_the_office_exports_everybody_and_a_village_its_own(town: Town) -> None:
    assert names(residents(town, town["王珊"])) == ["陈素芬", "罗德明", "周小兰"]
    assert names(residents(town, town["孙丽"])) == ["陈素芬", "罗德明"]
    assert names(residents(town, town["钱进"])) == ["周小兰"]
    assert count(town, town["钱进"], RESIDENTS) == Count(1, exact=True)


def test_a_village_cannot_name_another(town: Town) -> None:
    choice = Choice(Register.RESIDENT, communities=(town.away,))
    assert names(residents(town, town["王珊"], choice)) == ["周小兰"]
    with pytest.raises(NotAllowed):
        count(town, town["孙丽"], choice)
    with pytest.raises(NotAllowed):
        town.database.do(ask_for_export, now=town.now, actor=town["孙丽"], choice=choice)


def test_a_resident_exports_nothing(town: Town) -> None:
    with pytest.raises(NotAllowed):
        count(town, town["陈素芬"], RESIDENTS)


def test_pages_hold_everybody_once(town: Town) -> None:
    assert names(residents(town, town["王珊"], limit=1)) == ["陈素芬", "罗德明", "周小兰"]


def test_the_sensitive_columns_are_the_offices_alone() -> None:
    choice = Choice(Register.RESIDENT, columns="all")
    office = {one.key for one in columns_of(choice, is_office=True)}
    village = {one.key for one in columns_of(choice, is_office=False)}
    assert office - village >= {"id_number", "certificate_number", "welfare", "remarks", "income"}
    assert {"phone", "address", "category", "grade", "contact_phone"} <= village
    assert "pair" not in office


def test_those_who_lead_count_and_see_no_people(town: Town) -> None:
    with town.database.transaction() as session:
        leader = town.join(session, "唐主任", "leading_group", chat=77)
    figures = Choice(Register.RESIDENT, columns="figures")
    # So few people are only "at most five": one village, one category and one grade name somebody.
    assert count(town, leader, figures) == Count(5, exact=False)
    assert count(town, town["王珊"], figures) == Count(3, exact=True)
    with town.database.transaction() as session:
        for at in range(3):
            town.join(session, f"居民{at}", "resident", community_id=town.home)
    assert count(town, leader, figures) == Count(6, exact=True)
    assert town.database.do(readers_view, actor=leader).scope == "/"
    with pytest.raises(NotAllowed):
        count(town, leader, RESIDENTS)


def test_a_row_holds_what_every_record_knows(town: Town) -> None:
    know(town, "陈素芬", sex="female", lives_alone=True, welfare=["minimum_living"])
    town.database.do(
        record_certificate,
        now=town.now,
        actor=town["王珊"],
        person_id=town.people["陈素芬"],
        number="50029919400506002841",
        ground="test",
        seen_on_card=True,
    )
    for name in ("陈素芬", "罗德明"):
        town.database.do(
            place_in_household,
            now=town.now,
            actor=town["王珊"],
            person_id=town.people[name],
            code="H7",
            group_code="3组",
        )
    row, other, _ = residents(town, town["王珊"])
    assert (row["category"], row["grade"], row["born_on"]) == ("physical", "1", "1940-05-06")
    assert (row["household"], row["group"], row["several_disabled"]) == ("H7", "3组", True)
    assert (row["severe"], row["elderly_disabled"], row["age_band"]) == (True, True, "80_")
    assert row["certificate_state"] == "valid"
    assert (row["registered_on"], row["updated_on"]) == ("2026-11-25", "2026-11-25")
    assert row["consent_on"] == "2026-11-25"
    assert (other["phone"], other["category"]) == ("+8610012345672", None)


def test_whom_a_category_means_is_counted_by_opening_and_bounded(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(town, "陈素芬", category="visual", grade="2")
    know(town, "周小兰", category="visual", grade="3")
    choice = Choice(Register.RESIDENT, categories=("visual",), grades=("1", "2"))
    assert names(residents(town, town["王珊"], choice)) == ["陈素芬"]
    assert count(town, town["王珊"], choice) == Count(1, exact=True)
    monkeypatch.setattr(asking, "SIFTED_AT_ONCE", 2)
    assert count(town, town["王珊"], choice) == Count(3, exact=False)


def _volunteers(town: Town) -> None:
    with town.database.transaction() as session:
        for name, skills in (("张强", "haircut,errands"), ("刘洋", "tutoring")):
            one = town.join(session, name, "volunteer", community_id=town.home)
            session.execute(
                insert(volunteer).values(
                    person_id=one.id,
                    skills=skills,
                    times="weekend",
                    open_limit=2,
                    pledge_version="1",
                    pledged_at=town.now,
                )
            )


def test_volunteers_come_with_skills_hours_and_papers(town: Town) -> None:
    _volunteers(town)
    zhang = town.people["张强"]
    with town.database.transaction() as session:
        stated = {"resident_id": town.people["陈素芬"], "stated_by": town.people["陈素芬"]}
        need_id = session.add(
            insert(need).values(
                **stated,
                uid="1" * 32,
                area="livelihood",
                category="errands",
                action="helping",
                urgency="U2",
                words=b"x",
                origin="chat",
                state="closed",
                round=1,
                wave=1,
                asked=0,
                community_id=town.home,
                created_at=town.now,
                ended_at=town.now,
                version=1,
            )
        )
        session.execute(
            insert(claim).values(
                uid="2" * 32,
                need_id=need_id,
                volunteer_id=zhang,
                state="confirmed",
                minutes=90,
                created_at=town.now,
                ended_at=town.now,
                version=1,
            )
        )
        session.execute(
            insert(qualification).values(
                uid="3" * 32,
                person_id=zhang,
                kind="nurse",
                state="confirmed",
                confirmed_by=town.people["王珊"],
                expires_on=date(2027, 1, 31),
                created_at=town.now,
                version=1,
            )
        )
    first, second = residents(town, town["王珊"], VOLUNTEERS)
    assert (first["skills"], first["times"]) == (["haircut", "errands"], ["weekend"])
    assert (first["minutes"], first["qualifications"]) == (90, ["nurse:2027-01-31"])
    assert (second["minutes"], second["qualifications"]) == (0, [])
    barbers = Choice(Register.VOLUNTEER, skills=("haircut", "massage"))
    assert names(residents(town, town["王珊"], barbers)) == ["张强"]
    both = Choice(Register.RESIDENT, communities=(town.home,))
    for actor, choice, counted in (
        ("王珊", RESIDENTS, {"livelihood": 1}),
        ("孙丽", both, {"livelihood": 1}),
        ("钱进", RESIDENTS, {}),
    ):
        found = town.database.do(
            count_needs_by_area, now=town.now, actor=town[actor], choice=choice
        )
        assert dict(found) == counted


def test_a_choice_is_read_back_from_its_job(town: Town) -> None:
    choice = Choice(
        Register.RESIDENT, (town.home,), categories=("visual",), grades=("2",), columns="all"
    )
    assert Choice.read(choice.as_facts()) == choice
    assert Choice.read({"register": "volunteer"}) == VOLUNTEERS


def test_an_export_is_queued_and_nobody_is_refused(town: Town) -> None:
    job_id = town.database.do(ask_for_export, now=town.now, actor=town["王珊"], choice=RESIDENTS)
    with town.database.transaction() as session:
        kind = session.value(select(office_job.c.kind).where(office_job.c.id == job_id))
    assert kind == "residents"
    with pytest.raises(NobodyToExport):
        town.database.do(ask_for_export, now=town.now, actor=town["王珊"], choice=VOLUNTEERS)


def test_what_went_out_is_journalled_by_community_without_a_name(town: Town) -> None:
    town.database.do(
        note_export,
        now=town.now,
        actor_id=town.people["王珊"],
        choice=RESIDENTS,
        people={town.home: 2, None: 1},
        job_id=5,
    )
    with town.database.transaction() as session:
        rows = session.all(
            select(journal.c.thing_id, journal.c.detail)
            .where(journal.c.what == "register_exported")
            .order_by(journal.c.id)
        )
    assert [tuple(row) for row in rows] == [
        (town.home, "resident short people=2"),
        (None, "resident short people=1"),
    ]
