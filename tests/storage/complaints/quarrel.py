"""兰姨 has had help from the first volunteer; 王主任 works in the office."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from storage.complaints import (
    Complaint,
    find_party,
    remind_of_complaints,
    state_complaint,
)
from storage.people import Person, get_person
from storage.tables import complaint
from tests.storage.needs.village import Village


@dataclass
class Quarrel:
    """What somebody says, and what becomes of it."""

    village: Village

    @property
    def resident(self) -> int:
        return self.village.resident

    @property
    def helper(self) -> int:
        return self.village.volunteers[0]

    @property
    def staff(self) -> int:
        return self.village.coordinator

    def person(self, person_id: int) -> Person:
        return self.village.database.do(get_person, person_id=person_id)

    def say(
        self, by: int, need_id: int, what: str = "rude", words: str = "说话很难听"
    ) -> Complaint:
        """Somebody says what went wrong over a need."""
        actor = self.person(by)
        with self.village.database.transaction() as session:
            party = find_party(session, now=self.village.now, actor=actor, need_id=need_id)
            return state_complaint(
                session, now=self.village.now, actor=actor, party=party, what=what, words=words
            )

    def do(self, act: Any, by: int, complaint_id: int = 1, **facts: Any) -> Any:
        """Somebody does something with a complaint."""
        return self.village.do(act, actor=self.person(by), complaint_id=complaint_id, **facts)

    def row(self, complaint_id: int = 1) -> Any:
        with self.village.database.transaction() as session:
            return session.find(select(complaint).where(complaint.c.id == complaint_id))

    def wait(self, **delta: float) -> None:
        """Let time pass over the complaints."""
        self.village.now += timedelta(**delta)
        while remind_of_complaints(self.village.database, now=self.village.now):
            pass
