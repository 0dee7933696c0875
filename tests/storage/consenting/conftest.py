"""The street that tests of consent play in."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.storage.consenting.home import Home


@pytest.fixture
def home(database: Database, now: datetime) -> Home:
    made = Home(database, now)
    made.settle()
    return made
