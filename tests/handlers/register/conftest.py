"""A village's register: one coordinator at the office, a resident, a volunteer."""

from datetime import datetime

import pytest

from storage.communities import list_communities, seed
from storage.database import Database
from tests.handlers.joining.door import Door
from tests.storage.residents import register

WANG, CHEN, ZHANG = 1, 2, 3


@pytest.fixture
def door(database: Database, now: datetime) -> Door:
    with database.transaction() as session:
        seed(session, now=now)
        home = list_communities(session)[0].id
        register(session, now=now, name="王珊", roles=("coordinator",), chat=WANG)
        register(
            session,
            now=now,
            name="阿依古丽·买买提艾力",
            roles=("resident",),
            chat=CHEN,
            phone="+8610012345678",
            community_id=home,
        )
        register(session, now=now, name="张强", roles=("volunteer",), chat=ZHANG, community_id=home)
    return Door(database, now)
