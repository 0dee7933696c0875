"""A street for the tests of consent: an adult, a child with a mother, a daughter, two of staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.consenting import answer
from storage.consents import has_consent
from storage.database import Database, Session
from storage.people import Person, get_person
from storage.registers import change_profile
from storage.rules.purposes import PURPOSES, Purpose
from storage.tables import caregiver, journal
from tests.storage.residents import register

CHILD_BORN, MINOR_BORN = "2016-05-01", "2010-05-01"


@dataclass
class Home:
    """Who lives there, by id."""

    database: Database
    now: datetime
    adult: int = 0
    child: int = 0
    mother: int = 0
    daughter: int = 0
    staff: int = 0
    colleague: int = 0
    chatless: int = 0

    def settle(self) -> None:
        with self.database.transaction() as session:
            add: Any = {"now": self.now}
            self.staff = register(session, **add, name="王珊", roles=("coordinator",), chat=1).id
            self.colleague = register(
                session, **add, name="孙丽", roles=("coordinator",), chat=2
            ).id
            self.adult = register(session, **add, name="陈素芬", roles=("resident",), chat=3).id
            self.daughter = register(session, **add, name="李梅", roles=("caregiver",), chat=4).id
            self.mother = register(session, **add, name="周敏", roles=("caregiver",), chat=5).id
            self.child = register(session, **add, name="周小满", roles=("resident",), chat=6).id
            self.chatless = register(session, **add, name="何伯", roles=("resident",)).id
            self.tie(session, self.adult, self.daughter, kind="caregiver")
            self.tie(session, self.child, self.mother, kind="guardian")
            self.born(session, self.child, CHILD_BORN)

    def tie(self, session: Session, resident_id: int, caregiver_id: int, *, kind: str) -> int:
        values = {"resident_id": resident_id, "caregiver_id": caregiver_id, "kind": kind}
        made = {"state": "confirmed", "created_at": self.now, "version": 1}
        return session.add(insert(caregiver).values(**values, **made))

    def end_tie(self, caregiver_id: int) -> None:
        with self.database.transaction() as session:
            session.change(
                update(caregiver)
                .where(caregiver.c.caregiver_id == caregiver_id)
                .values(state="ended")
            )

    def born(self, session: Session, person_id: int, day: str) -> None:
        change_profile(
            session,
            now=self.now,
            actor=get_person(session, person_id=self.staff),
            person_id=person_id,
            values={"born_on": day},
            ground="test",
        )

    def person(self, person_id: int) -> Person:
        return self.database.do(get_person, person_id=person_id)

    def do(self, step: Any, *, by: int, **facts: Any) -> Any:
        """Run a use case as somebody, at the present."""
        with self.database.transaction() as session:
            actor = get_person(session, person_id=by)
            return step(session, now=self.now, actor=actor, **facts)

    def say(self, purpose: Purpose, yes: bool, *, by: int, about: int | None = None) -> bool:
        said: bool = self.do(
            answer,
            by=by,
            person_id=by if about is None else about,
            purpose=purpose,
            version=PURPOSES[purpose].version,
            yes=yes,
        )
        return said

    def stands(self, person_id: int, purpose: Purpose) -> bool:
        return self.database.do(has_consent, person_id=person_id, purpose=purpose, now=self.now)

    def noted(self, what: str) -> list[Any]:
        with self.database.transaction() as session:
            return list(session.all(select(journal).where(journal.c.what == what)))
