"""The town with two who work in one village, so that there is a rota to keep."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from storage.database import Database, Session
from storage.tables import pause, role
from tests.storage.residents import register
from tests.storage.town import Town, a_town

HE = 60


@pytest.fixture
def duty_town(database: Database, now: datetime) -> Town:
    """何敏 works where 孙丽 does."""
    town = a_town(database, now)
    database.do(add_colleague, town)
    return town


def add_colleague(session: Session, town: Town) -> None:
    """何敏 begins to work where 孙丽 does."""
    one = register(session, now=town.now, name="何敏", roles=("coordinator",), chat=HE)
    town.people[one.name] = one.id
    at = select(role.c.organisation_id).where(role.c.person_id == town.people["孙丽"])
    session.change(
        update(role).where(role.c.person_id == one.id).values(organisation_id=session.value(at))
    )


def here(town: Town) -> int:
    """Where 孙丽 and 何敏 work."""
    found = town["孙丽"].organisation_id
    assert found is not None
    return found


def put_away(town: Town, name: str, *, days: int) -> None:
    """Somebody is away from now on."""
    row = {
        "person_id": town.people[name],
        "reason": "away",
        "starts_at": town.now - timedelta(hours=1),
        "due_at": town.now + timedelta(days=days),
        "state": "live",
        "made_by": town.people[name],
        "version": 1,
    }
    town.database.do(lambda session: session.execute(insert(pause).values(row)))
