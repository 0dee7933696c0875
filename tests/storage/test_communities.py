"""Communities: a shipped list that coordinators change in the chat."""

from datetime import datetime

import pytest

from storage import communities
from storage.communities import CommunitiesFull, CommunityExists
from storage.database import Database, Session
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed
from tests.storage.residents import journalled, register


@pytest.fixture
def coordinator(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


def _names(session: Session, *, hidden: bool = False) -> list[str]:
    return [one.name for one in communities.list_communities(session, hidden=hidden)]


def test_a_new_register_starts_with_the_shipped_list_and_keeps_its_changes(
    database: Database, now: datetime, coordinator: Person
) -> None:
    added = database.do(communities.seed, now=now)
    with database.transaction() as session:
        first = communities.list_communities(session)[0]
        communities.hide_community(session, now=now, actor=coordinator, community_id=first.id)
    assert added > 1
    assert database.do(communities.seed, now=now) == 0
    with database.transaction() as session:
        assert first.name not in _names(session)


def test_a_coordinator_adds_renames_hides_and_shows(
    database: Database, now: datetime, coordinator: Person
) -> None:
    with database.transaction() as session:
        new = communities.add_community(session, now=now, actor=coordinator, name="桂花村")
        communities.rename_community(
            session, now=now, actor=coordinator, community_id=new, name="桂花社区"
        )
        communities.hide_community(session, now=now, actor=coordinator, community_id=new)
        assert _names(session) == []
        assert _names(session, hidden=True) == ["桂花社区"]
        communities.show_community(session, now=now, actor=coordinator, community_id=new)
        assert _names(session) == ["桂花社区"]
        assert communities.get_name(session, community_id=new) == "桂花社区"
        assert journalled(session, "community_hidden") == 1


def test_adding_a_hidden_name_shows_it_again_under_its_old_number(
    database: Database, now: datetime, coordinator: Person
) -> None:
    with database.transaction() as session:
        old = communities.add_community(session, now=now, actor=coordinator, name="桂花村")
        communities.hide_community(session, now=now, actor=coordinator, community_id=old)
        again = communities.add_community(session, now=now, actor=coordinator, name="桂花村")
        assert again == old
        assert _names(session) == ["桂花村"]


def test_two_communities_cannot_have_one_name(
    database: Database, now: datetime, coordinator: Person
) -> None:
    with database.transaction() as session:
        communities.add_community(session, now=now, actor=coordinator, name="甲村")
        other = communities.add_community(session, now=now, actor=coordinator, name="乙村")
        with pytest.raises(CommunityExists):
            communities.add_community(session, now=now, actor=coordinator, name="甲村")
        with pytest.raises(CommunityExists):
            communities.rename_community(
                session, now=now, actor=coordinator, community_id=other, name="甲村"
            )
        assert _names(session) == ["甲村", "乙村"]


def test_the_list_never_grows_beyond_what_one_message_can_offer(
    database: Database, now: datetime, coordinator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(communities, "MOST", 1)
    with database.transaction() as session:
        communities.add_community(session, now=now, actor=coordinator, name="甲村")
        with pytest.raises(CommunitiesFull):
            communities.add_community(session, now=now, actor=coordinator, name="乙村")


def test_hiding_twice_is_told_and_an_unknown_one_is_not_found(
    database: Database, now: datetime, coordinator: Person
) -> None:
    with database.transaction() as session:
        one = communities.add_community(session, now=now, actor=coordinator, name="甲村")
        communities.hide_community(session, now=now, actor=coordinator, community_id=one)
        with pytest.raises(AlreadyDone):
            communities.hide_community(session, now=now, actor=coordinator, community_id=one)
        with pytest.raises(NotAllowed):
            communities.rename_community(
                session, now=now, actor=coordinator, community_id=99, name="丙村"
            )
        with pytest.raises(LookupError):
            communities.get_name(session, community_id=99)


def test_only_coordinators_change_the_list(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        volunteer = register(session, now=now, name="张强", roles=("volunteer",))
        with pytest.raises(NotAllowed):
            communities.add_community(session, now=now, actor=volunteer, name="甲村")
