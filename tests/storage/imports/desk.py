"""The office's desk with lists on it: staged, written and taken back without a file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.communities import list_communities, seed
from storage.database import Database
from storage.imports.applying import apply_rows
from storage.imports.batches import (
    Batch,
    begin_import,
    count_rows,
    get_batch,
    start_applying,
    start_undoing,
)
from storage.imports.contents import open_content
from storage.imports.staging import stage
from storage.imports.undoing import undo_rows
from storage.people import Person, get_person
from storage.rules.fields import Register
from storage.rules.importing.cells import Cell
from storage.rules.importing.sheets import read_table
from storage.tables import import_row, organisation, person, role
from tests.storage.residents import register

# Area 500299 is nowhere: these people do not exist.
NUMBERS = (
    "50029919450307018211",
    "50029919581112901342",
    "50029919720229306063",
    "50029920150601777752",
    "50029919660930007X24",
)
HEADER: list[Cell] = ["姓名", "村", "联系电话", "残疾人证号", "住址"]
LIST: Sequence[Sequence[Cell]] = [
    HEADER,
    ["陈素芬", "青山村", "10012345671", NUMBERS[0], "1组2号"],
    ["罗德明", "青山村", "10012345672", NUMBERS[1], "1组3号"],
    ["何小梅", "双河村", "10012345673", NUMBERS[2], "5组1号"],
]


@dataclass
class Desk:
    """The office (王珊), the village of 青山 (李红), and what they import."""

    database: Database
    now: datetime
    office: Person = field(init=False)
    village: Person = field(init=False)
    homes: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.database.do(seed, now=self.now)
        self.homes = {one.name: one.id for one in self.database.do(list_communities)}
        with self.database.transaction() as session:
            self.office = register(
                session, now=self.now, name="王珊", roles=("coordinator",), chat=1
            )
        self.village = self.coordinator_of("青山村", chat=2)

    def coordinator_of(self, name: str, *, chat: int) -> Person:
        with self.database.transaction() as session:
            made = register(session, now=self.now, name="李红", roles=("coordinator",), chat=chat)
            where = select(organisation.c.id).where(organisation.c.community_id == self.homes[name])
            session.change(
                role.update()
                .where(role.c.person_id == made.id)
                .values(organisation_id=session.value(where))
            )
        return self.get(made.id)

    def get(self, person_id: int) -> Person:
        return self.database.do(get_person, person_id=person_id)

    def stage(
        self,
        rows: Sequence[Sequence[Cell]] | None = None,
        *,
        by: Person | None = None,
        like: Register | None = None,
    ) -> Batch:
        """Send a list; what comes back waits to be looked at."""
        batch_id = self.database.do(
            begin_import, now=self.now, actor=by or self.office, name="名单.xlsx", register=like
        )
        table = read_table(enumerate(rows or LIST), [], communities=self.homes, like=like)
        assert table is not None
        return stage(self.database, now=self.now, batch_id=batch_id, table=table)

    def start(self, batch: Batch, *, by: Person | None = None, consents: bool = True) -> Batch:
        return self.database.do(
            start_applying,
            now=self.now,
            actor=by or self.office,
            batch_id=batch.id,
            version=batch.version,
            consents_on_file=consents,
        )

    def write(self, batch: Batch, **more: Any) -> Batch:
        """Say yes and let everything be written."""
        self.start(batch, **more)
        return self.finish(batch)

    def finish(self, batch: Batch) -> Batch:
        """Let everything be written that was begun."""
        while apply_rows(self.database, now=self.now, batch_id=batch.id):
            pass
        return self.batch(batch.id)

    def send(self, rows: Sequence[Sequence[Cell]] | None = None, **more: Any) -> Batch:
        """Send a list and have it written."""
        return self.write(self.stage(rows, **more), by=more.get("by"))

    def undo(self, batch: Batch, *, by: Person | None = None) -> Batch:
        """Take a batch back."""
        self.database.do(
            start_undoing,
            now=self.now,
            actor=by or self.office,
            batch_id=batch.id,
            version=self.batch(batch.id).version,
        )
        while undo_rows(self.database, now=self.now, batch_id=batch.id):
            pass
        return self.batch(batch.id)

    def batch(self, batch_id: int) -> Batch:
        return self.database.do(get_batch, batch_id=batch_id)

    def counts(self, batch: Batch) -> dict[str, int]:
        return dict(self.database.do(count_rows, batch_id=batch.id))

    def reasons(self, batch: Batch) -> list[tuple[int, list[str]]]:
        """Number and reasons of each row that is not taken over."""
        with self.database.transaction() as session:
            rows = session.all(
                select(import_row)
                .where(import_row.c.batch_id == batch.id, import_row.c.state == "bad")
                .order_by(import_row.c.number)
            )
            return [
                (
                    row.number,
                    [r.key for r in open_content(session, row.content, uid=row.uid).reasons],
                )
                for row in rows
            ]

    def find(self, name: str) -> list[int]:
        with self.database.transaction() as session:
            rows = session.all(
                select(person.c.id).where(person.c.name == name).order_by(person.c.id)
            )
        return [row.id for row in rows]

    def one(self, name: str) -> int:
        found = self.find(name)
        assert len(found) == 1, (name, found)
        return found[0]

    def people(self) -> int:
        with self.database.transaction() as session:
            return int(session.value(select(func.count()).select_from(person)))
