"""A desk for each test of imports."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.storage.imports.desk import Desk


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    return Desk(database, now)
