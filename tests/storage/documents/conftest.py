"""The town whose documents are kept."""

from datetime import datetime

import pytest

from storage.database import Database
from storage.documents import plant_documents
from tests.storage.town import Town, a_town


@pytest.fixture
def town(database: Database, now: datetime) -> Town:
    made = a_town(database, now)
    database.do(plant_documents, now=now)
    return made
