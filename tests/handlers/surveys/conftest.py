"""The town at its chats: a survey round."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.handlers.joining.door import Door
from tests.storage.town import Town, a_town


@pytest.fixture
def town(database: Database, now: datetime) -> Town:
    return a_town(database, now)


@pytest.fixture
def door(town: Town) -> Door:
    return Door(town.database, town.now)
