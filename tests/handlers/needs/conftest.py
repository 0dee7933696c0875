"""A village whose people chat."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.handlers.needs.chats import Chats
from tests.storage.needs.village import Village


@pytest.fixture
def village(database: Database, now: datetime) -> Village:
    made = Village(database, now)
    made.settle()
    return made


@pytest.fixture
def chats(village: Village) -> Chats:
    return Chats(village)
