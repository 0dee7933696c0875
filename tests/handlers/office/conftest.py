"""The door of an office: the shipped communities and one coordinator."""

from datetime import datetime

import pytest

from storage.communities import seed
from storage.database import Database
from tests.handlers.joining.door import Door
from tests.storage.residents import register

WANG = 1


@pytest.fixture
def door(database: Database, now: datetime) -> Door:
    database.do(seed, now=now)
    database.do(register, now=now, name="王珊", roles=("coordinator",), chat=WANG)
    return Door(database, now)
