"""People who are in the register twice, and the office that sees it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.database import Database, Session
from storage.duplicates import get_pair, list_pairs, merge
from storage.entries import note_likeness
from storage.people import Person, find_person, get_person
from storage.registers import change_profile, record_certificate
from storage.tables import duplicate, person
from tests.storage.residents import register

CHEN = "陈素芬"
PHONE = "+8610012345678"
# Area 500299 is nowhere: this person does not exist.
NUMBER = "50029919450307018211"


@dataclass
class Twice:
    """The office (王珊), and people by the village."""

    database: Database
    now: datetime
    homes: list[int]
    office: Person = field(init=False)

    def __post_init__(self) -> None:
        with self.database.transaction() as session:
            self.office = find_person(session, telegram_id=1) or register(
                session, now=self.now, name="王珊", roles=("coordinator",), chat=1
            )

    def add(
        self,
        name: str = CHEN,
        *,
        home: int | None = 0,
        number: str | None = None,
        profile: dict[str, Any] | None = None,
        **more: Any,
    ) -> Person:
        """Register somebody, by default a resident of the first village."""
        more.setdefault("roles", ("resident",))
        community = None if home is None else self.homes[home]
        with self.database.transaction() as session:
            made = register(session, now=self.now, name=name, community_id=community, **more)
            said: dict[str, Any] = {"now": self.now, "person_id": made.id, "ground": "test"}
            if number:
                record_certificate(session, actor=self.office, number=number, **said)
            if profile:
                change_profile(session, actor=self.office, values=profile, **said)
        return made

    def note(self, *people: Person) -> int:
        return self.database.do(note_likeness, now=self.now, person_ids=[one.id for one in people])

    def pairs(self, actor: Person | None = None) -> list[tuple[int, int, str]]:
        found = self.database.do(list_pairs, actor=actor or self.office, now=self.now, limit=50)
        return [(one.low.id, one.high.id, one.why) for one in found]

    def pair_id(self, one: Person, other: Person) -> int:
        """Make sure that the pair is known, and return its id."""
        self.note(one, other)
        low, high = sorted((one.id, other.id))
        with self.database.transaction() as session:
            found = session.value(
                select(duplicate.c.id).where(duplicate.c.low_id == low, duplicate.c.high_id == high)
            )
        assert found is not None
        return int(found)

    def merge(self, kept: Person, gone: Person, *, actor: Person | None = None) -> None:
        by = actor or self.office
        pair_id = self.pair_id(kept, gone)
        with self.database.transaction() as session:
            pair = get_pair(session, actor=by, duplicate_id=pair_id)
            merge(
                session,
                now=self.now,
                actor=by,
                duplicate_id=pair_id,
                version=pair.version,
                kept_id=kept.id,
            )

    def get(self, one: Person) -> Person:
        return self.database.do(get_person, person_id=one.id)

    def points_to(self, one: Person) -> int | None:
        with self.database.transaction() as session:
            found: int | None = session.value(
                select(person.c.merged_into).where(person.c.id == one.id)
            )
        return found

    def ask(self, step: Any, **facts: Any) -> Any:
        """Run a use case at this moment."""

        def run(session: Session) -> Any:
            return step(session, now=self.now, **facts)

        return self.database.do(run)
