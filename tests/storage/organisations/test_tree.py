"""The tree: planted by the programme, changed by whoever works there or above."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from storage.communities import list_communities, seed
from storage.database import Database, Session
from storage.organisations import (
    NameTaken,
    add_kind,
    add_organisation,
    get_organisation,
    hide_organisation,
    list_actions,
    list_below,
    list_kinds,
    move_organisation,
    rename_kind,
    rename_organisation,
    set_owner,
    show_organisation,
)
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.tables import organisation
from tests.storage.organisations.street import Street, a_street, place


@pytest.fixture
def street(database: Database, now: datetime) -> Street:
    return database.do(a_street, now)


def test_every_community_has_its_association_below_the_office(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        office = place(session, "桂阳街道残联")
        below = {one.community_id for one in list_below(session, parent_id=office.id)}
        assert {one.id for one in list_communities(session)} <= below
        assert seed(session, now=now) == 0


def test_the_seven_actions_have_the_owners_that_the_programme_names(
    database: Database, street: Street
) -> None:
    owners = {one.name: one.owner for one in database.do(list_actions)}
    assert owners == {
        "牵手助残": "桂阳街道残联",
        "邻里守望": "村（社区）残协",
        "爱心助学": "学校",
        "康复助残": "医疗机构",
        "脱贫助残": "经济发展办公室",
        "居家助残": "社会事务办公室",
        "互助助残": "残疾人专门协会",
    }


def test_the_office_changes_who_answers_and_of_two_changes_one_wins(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        one = list_actions(session)[4]
        change: dict[str, Any] = {"now": now, "key": one.key, "version": one.version}
        set_owner(session, actor=street.office, organisation_id=street.school.id, **change)
        with pytest.raises(TooLate):
            set_owner(session, actor=street.office, kind="school", **change)
        with pytest.raises(NotAllowed):
            set_owner(session, actor=street.of_first, kind="school", **change)
        assert list_actions(session)[4].owner == "青山小学"


def test_a_village_adds_below_itself_and_nowhere_else(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        team: dict[str, Any] = {
            "now": now,
            "actor": street.of_first,
            "kind": "volunteer_team",
            "name": "红马甲",
        }
        added = add_organisation(session, parent_id=street.first.id, **team)
        assert get_organisation(session, organisation_id=added).path.startswith(street.first.path)
        with pytest.raises(NotAllowed):
            add_organisation(session, parent_id=street.second.id, **team)
        with pytest.raises(NameTaken):
            add_organisation(session, parent_id=street.first.id, **team)


@pytest.mark.parametrize("kind", ["dpf_office", "village_association", "nonsense"])
def test_what_holds_the_tree_is_not_added_by_hand(
    database: Database, now: datetime, street: Street, kind: str
) -> None:
    with database.transaction() as session, pytest.raises(TooLate):
        add_organisation(
            session,
            now=now,
            actor=street.office,
            parent_id=street.first.id,
            kind=kind,
            name="新的",
        )


def test_what_moves_takes_all_that_is_below_it_along(
    database: Database, now: datetime, street: Street
) -> None:
    def move(session: Session, moved: int, below: int) -> None:
        move_organisation(
            session, now=now, actor=street.office, organisation_id=moved, parent_id=below
        )

    with database.transaction() as session:
        team = add_organisation(
            session,
            now=now,
            actor=street.office,
            parent_id=street.school.id,
            kind="volunteer_team",
            name="小红帽",
        )
        move(session, street.school.id, street.first.id)
        path = get_organisation(session, organisation_id=team).path
        assert path == f"{street.first.path}{street.school.id}/{team}/"
        with pytest.raises(AlreadyDone):
            move(session, street.school.id, street.first.id)
        with pytest.raises(TooLate):  # below itself
            move(session, street.school.id, team)
        with pytest.raises(TooLate):  # the office holds the tree
            move(session, place(session, "桂阳街道残联").id, street.first.id)


def test_every_path_is_the_way_from_the_root(database: Database, street: Street) -> None:
    with database.transaction() as session:
        rows = {row.id: row for row in session.all(select(organisation))}
    for row in rows.values():
        above = rows[row.parent_id].path if row.parent_id else "/"
        assert row.path == f"{above}{row.id}/"


def test_hidden_and_shown_again_twice_is_told(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        act: dict[str, Any] = {
            "now": now,
            "actor": street.office,
            "organisation_id": street.school.id,
        }
        hide_organisation(session, **act)
        with pytest.raises(AlreadyDone):
            hide_organisation(session, **act)
        show_organisation(session, **act)
        with pytest.raises(TooLate):
            hide_organisation(
                session,
                now=now,
                actor=street.office,
                organisation_id=place(session, "桂阳街道残联").id,
            )


def test_names_and_kinds_are_the_offices_words(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        rename_organisation(
            session,
            now=now,
            actor=street.office,
            organisation_id=street.school.id,
            name="青山中心小学",
        )
        added = add_kind(session, now=now, actor=street.office, name="爱心商家")
        rename_kind(session, now=now, actor=street.office, key="school", name="中小学")
        names = {kind.key: kind.name for kind in list_kinds(session)}
        assert (names[added], names["school"]) == ("爱心商家", "中小学")
        with pytest.raises(NameTaken):
            rename_kind(session, now=now, actor=street.office, key=added, name="中小学")
        with pytest.raises(NotAllowed):
            add_kind(session, now=now, actor=street.of_first, name="别的")
