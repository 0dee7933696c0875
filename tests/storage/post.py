"""A post office for tests: put messages in, take them out, write down how they ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from storage.database import Database, Session
from storage.dialogues import choose_language
from storage.outbox import Button, MessageClass, Wanted, say
from storage.outbox.leasing import Parcel, lease
from storage.outbox.outcomes import End, SendResult, record, recover, release
from storage.people import add_person
from storage.refusals import Fact
from storage.tables import outbox, person, role

RESIDENT, VOLUNTEER, COORDINATOR, SECOND = 9002, 9004, 9001, 9011


@dataclass
class Post:
    """One outbox with its present, programme time and real seconds apart."""

    database: Database
    now: datetime
    real: float = 1000.0
    owner: str = "worker"
    people: dict[int, int] = field(default_factory=dict)

    def join(self, chat: int, name: str, *, kind: str | None = None) -> int:
        """Register somebody with a chat, and with a role if given."""

        def step(session: Session) -> int:
            number = add_person(session, now=self.now, name=name, telegram_id=chat)
            choose_language(session, chat_id=chat, language="zh")
            if kind is not None:
                values = {"kind": kind, "state": "approved", "created_at": self.now, "version": 1}
                session.execute(insert(role), values | {"person_id": number})
            return number

        self.people[chat] = self.database.do(step)
        return self.people[chat]

    def say(
        self,
        key: str,
        *,
        chat: int = RESIDENT,
        message_class: MessageClass = MessageClass.MUST,
        template: str = "help",
        facts: dict[str, Fact] | None = None,
        buttons: Sequence[Sequence[Button]] = (),
        keyboard: str | None = None,
        card: str | None = None,
        edits: int | None = None,
        document: int | None = None,
        wanted: Wanted | None = None,
        shelf: timedelta | None = None,
        chosen_time: bool = False,
    ) -> bool:
        return self.database.do(
            say,
            now=self.now,
            key=key,
            template=template,
            message_class=message_class,
            chat_id=chat,
            facts=facts,
            buttons=buttons,
            keyboard=keyboard,
            card=card,
            edits=edits,
            document=document,
            wanted=wanted,
            shelf=shelf,
            chosen_time=chosen_time,
        )

    def lease(self, limit: int = 32, *, owner: str | None = None) -> list[Parcel]:
        return self.database.do(
            lease, owner=owner or self.owner, limit=limit, now=self.now, real=self.real
        )

    def keys(self, limit: int = 32, *, owner: str | None = None) -> list[str]:
        """Lease and return the keys."""
        return [parcel.key for parcel in self.lease(limit, owner=owner)]

    def end(self, key: str, end: End, *, owner: str | None = None, **more: Any) -> None:
        """Write down how an attempt ended."""
        self.write([SendResult(self.row(key).id, end, **more)], owner=owner)

    def write(self, results: Sequence[SendResult], *, owner: str | None = None) -> None:
        self.database.do(
            record, owner=owner or self.owner, results=results, now=self.now, real=self.real
        )

    def recover(self, *, owner: str = "next") -> int:
        return self.database.do(recover, owner=owner, now=self.now, real=self.real)

    def release(self, keep: Sequence[int] = ()) -> None:
        self.database.do(release, owner=self.owner, keep=keep)

    def row(self, key: str) -> Any:
        with self.database.transaction() as session:
            found = session.find(select(outbox).where(outbox.c.key == key))
        assert found is not None, f"{key} was never queued"
        return found

    def states(self) -> dict[str, str]:
        """Key to state, in the order of saying."""
        with self.database.transaction() as session:
            rows = session.all(select(outbox.c.key, outbox.c.state).order_by(outbox.c.id))
        return {row.key: row.state for row in rows}

    def told(self) -> list[tuple[int, str]]:
        """Whom of the office was told about what did not arrive: chat and state of the row."""
        with self.database.transaction() as session:
            rows = session.all(
                select(outbox.c.chat_id, outbox.c.state)
                .where(outbox.c.template == "undelivered")
                .order_by(outbox.c.id)
            )
        return [(row.chat_id, row.state) for row in rows]

    def facts(self, key: str) -> str:
        """The sealed facts of a row, opened."""
        row = self.row(key)
        return self.database.vault.unseal(row.facts, place=f"outbox:{key}")

    def move_version(self, person_id: int) -> None:
        with self.database.transaction() as session:
            session.change(person.update().where(person.c.id == person_id).values(version=2))
