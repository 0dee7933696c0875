"""A village office with somebody who is in the register twice."""

from datetime import datetime

import pytest

from storage.communities import list_communities, seed
from storage.database import Database
from tests.storage.duplicates.twice import Twice
from tests.storage.needs.village import Village


@pytest.fixture
def twice(database: Database, now: datetime) -> Twice:
    database.do(seed, now=now)
    homes = [one.id for one in database.do(list_communities)]
    return Twice(database, now, homes)


@pytest.fixture
def village(database: Database, now: datetime) -> Village:
    """A village with needs and two volunteers."""
    made = Village(database, now)
    made.settle()
    return made
