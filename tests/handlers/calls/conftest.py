"""A street whose people chat."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.handlers.calls.talk import Talk
from tests.storage.calls.street import Street


@pytest.fixture
def street(database: Database, now: datetime) -> Street:
    made = Street(database, now)
    made.settle()
    return made


@pytest.fixture
def talk(street: Street) -> Talk:
    return Talk(street)
