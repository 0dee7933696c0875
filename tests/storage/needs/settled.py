"""A settled village for the machine of needs: the office, an association, a department, helpers."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import insert, select, update

from storage.communities import seed
from storage.database import Database, Session
from storage.house import House
from storage.refusals import Refusal
from storage.rules.sending import DEFAULT_QUIET_HOURS
from storage.services.planting import plant_services
from storage.tables import organisation, role
from storage.vault import Vault
from tests.blank import lay_tables
from tests.storage.needs.village import Village

HELPERS, LIMIT = 4, 2


class Settled(RuleBasedStateMachine):
    """A database of its own for each run, and everybody who may press."""

    # How often each step was done and not refused, over all runs.
    happened: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        vault = Vault(keys={1: bytes(32)}, index_key=bytes(32))
        house = House(zone=ZoneInfo("Asia/Shanghai"), quiet=DEFAULT_QUIET_HOURS, language="zh")
        url = lay_tables(Path(self.folder.name) / "t.sqlite3")
        database = Database(url, vault=vault, house=house)
        # A few weeks before the year ends.
        self.village = Village(database, datetime(2026, 12, 10, 2, 0, tzinfo=UTC))
        with database.transaction() as session:
            seed(session, now=self.village.now)
        self.village.settle(volunteers=HELPERS)
        self.near = self.settle_association()
        self.office, self.clerk = self.settle_department()

    def settle_association(self) -> int:
        """A coordinator of the resident's own 残协, beside the one of the office."""
        village = self.village
        with village.database.transaction() as session:
            made = session.add(
                insert(organisation).values(
                    parent_id=1,
                    kind="village_association",
                    name="桂花社区残协",
                    path="/1/2/99/",
                    community_id=village.home,
                    active=True,
                    created_at=village.now,
                    version=1,
                )
            )
            person_id = village._join(session, "残协老周", "coordinator", village.home)
            session.change(
                update(role).where(role.c.person_id == person_id).values(organisation_id=made)
            )
        return person_id

    def settle_department(self) -> tuple[int, int]:
        """An office of the subdistrict that owns what no volunteer may do, with its clerk."""
        village = self.village
        with village.database.transaction() as session:
            plant_services(session, now=village.now)
            named = organisation.c.name == "社会事务办公室"
            office = int(session.value(select(organisation.c.id).where(named)))
            clerk = village._join(session, "科室小吴", "coordinator", village.home)
            session.change(
                update(role).where(role.c.person_id == clerk).values(organisation_id=office)
            )
        return office, clerk

    def teardown(self) -> None:
        self.village.database.close()
        self.folder.cleanup()

    def press(self, step: Callable[..., Any], **facts: Any) -> Any:
        """Do it, or be refused: nothing else may happen."""
        try:
            made = self.village.do(step, **facts)
        except Refusal:
            return None
        self.happened[step.__name__] += 1
        return made

    def version(self, need_id: int, old: int = 0) -> int:
        return self.village.need(need_id).version - old

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.village.database.transaction() as session:
            yield session
