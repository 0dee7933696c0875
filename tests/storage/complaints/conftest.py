"""A village in which something goes wrong."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.storage.complaints.quarrel import Quarrel
from tests.storage.needs.village import Village


@pytest.fixture
def quarrel(database: Database, now: datetime) -> Quarrel:
    village = Village(database, now)
    village.settle()
    return Quarrel(village)
