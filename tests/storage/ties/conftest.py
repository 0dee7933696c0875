"""The yard that tests of ties play in."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.storage.ties.yard import Yard, a_yard


@pytest.fixture
def yard(database: Database, now: datetime) -> Yard:
    return a_yard(database, now)
