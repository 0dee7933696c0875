"""Roles: granted at once, approved when they wait, ended."""

from datetime import datetime

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.outbox import MessageClass, say
from storage.people import get_person, list_role_holders
from storage.refusals import AlreadyDone, NotAllowed
from storage.roles import end_role, grant, is_approved
from storage.tables import outbox
from tests.storage.residents import apply, register


def test_a_role_is_held_once_and_several_roles_stand_side_by_side(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="陈素芬", roles=("resident", "volunteer"))
        assert person.roles == {"resident": "approved", "volunteer": "approved"}
        with pytest.raises(AlreadyDone):
            grant(session, now=now, person_id=person.id, kind="resident", actor_id=None)
        assert get_person(session, person_id=person.id).roles == person.roles


def test_granting_a_role_that_waits_approves_it(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="张强")
        apply(session, now=now, person=person)
        assert not is_approved(session, person_id=person.id, kind="volunteer")
        grant(session, now=now, person_id=person.id, kind="volunteer", actor_id=None)
        assert is_approved(session, person_id=person.id, kind="volunteer")


def test_an_ended_role_is_gone_and_can_be_given_again(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="王珊", roles=("coordinator",))
        assert list_role_holders(session, kind="coordinator") == [person.id]
        end_role(session, now=now, person_id=person.id, kind="coordinator", actor_id=person.id)
        assert list_role_holders(session, kind="coordinator") == []
        with pytest.raises(NotAllowed):
            end_role(session, now=now, person_id=person.id, kind="coordinator", actor_id=person.id)
        grant(session, now=now, person_id=person.id, kind="coordinator", actor_id=None)
        assert list_role_holders(session, kind="coordinator") == [person.id]


@pytest.mark.parametrize(("roles", "waits"), [((), ["alarm"]), (("resident",), ["alarm", "must"])])
def test_with_the_last_role_what_still_waits_is_not_sent_but_alarms_are(
    database: Database, now: datetime, roles: tuple[str, ...], waits: list[str]
) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="王珊", roles=("coordinator", *roles), chat=1)
        for one in (MessageClass.ALARM, MessageClass.MUST):
            say(session, now=now, to=person.id, key=f"test:{one}", template="x", message_class=one)
        end_role(session, now=now, person_id=person.id, kind="coordinator", actor_id=person.id)
        rows = session.all(
            select(outbox.c.message_class)
            .where(outbox.c.state == "pending", outbox.c.key.like("test:%"))
            .order_by(outbox.c.message_class)
        )
        assert [row.message_class for row in rows] == waits
