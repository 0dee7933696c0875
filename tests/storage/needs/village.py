"""A small village for tests of needs: a known cast, and their acts by name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from storage.database import Database, Session
from storage.needs import (
    NeedCard,
    Statement,
    Work,
    claim_need,
    find_need,
    finish_claim,
    move_needs,
    say_arrival,
    show_contact,
    state_need,
)
from storage.needs.cards import read_need
from storage.outbox import MessageClass, say
from storage.outbox.leasing import Parcel, lease
from storage.outbox.outcomes import End, SendResult, record
from storage.people import add_person, move_person, set_address, set_phone
from storage.rules.areas import Category, Urgency
from storage.tables import caregiver, community, journal, offer, person, role, volunteer

ERRAND = Statement(Category.ERRAND, Urgency.U2, "想请人帮忙买米，我的电话 13800138000")


@dataclass
class Village:
    """The database, the present, and the cast: 兰姨, her daughter, volunteers, a coordinator."""

    database: Database
    now: datetime
    home: int = 0
    far: int = 0
    resident: int = 0
    daughter: int = 0
    coordinator: int = 0
    volunteers: list[int] = field(default_factory=list)
    next_message: int = 1000

    def settle(self, *, volunteers: int = 2) -> None:
        with self.database.transaction() as session:
            self.home = _community(session, "桂花社区")
            self.far = _community(session, "十路村")
            self.resident = self._join(session, "兰姨", "resident", self.home)
            set_phone(session, person_id=self.resident, phone="+8613900139000")
            set_address(session, person_id=self.resident, address="桂花小区 3 栋 501")
            self.daughter = self._join(session, "李梅", "caregiver", self.home)
            set_phone(session, person_id=self.daughter, phone="+8613900139001")
            self.coordinator = self._join(session, "王主任", "coordinator", self.home)
            self.tie(session, self.resident, self.daughter)
        for number in range(volunteers):
            self.add_volunteer(f"志愿者{number + 1}")

    def _join(self, session: Session, name: str, kind: str, home: int, chat: bool = True) -> int:
        taken = session.value(select(role.c.id).order_by(role.c.id.desc()).limit(1)) or 0
        person_id = add_person(
            session,
            now=self.now,
            name=name,
            telegram_id=5000 + taken if chat else None,
            community_id=home,
        )
        values = {"person_id": person_id, "kind": kind, "state": "approved", "version": 1}
        session.execute(insert(role).values(**values, created_at=self.now))
        return person_id

    def tie(self, session: Session, resident_id: int, caregiver_id: int) -> None:
        values = {"resident_id": resident_id, "caregiver_id": caregiver_id, "version": 1}
        session.execute(insert(caregiver).values(**values, state="confirmed", created_at=self.now))

    def add_resident(self, name: str, *, chat: bool = True) -> int:
        with self.database.transaction() as session:
            return self._join(session, name, "resident", self.home, chat)

    def add_volunteer(
        self,
        name: str,
        *,
        home: int | None = None,
        skills: str = "errands",
        limit: int = 2,
        times: str = "any_time",
    ) -> int:
        with self.database.transaction() as session:
            person_id = self._join(session, name, "volunteer", home or self.home)
            session.execute(
                insert(volunteer).values(
                    person_id=person_id,
                    skills=skills,
                    times=times,
                    open_limit=limit,
                    pledge_version="1",
                    pledged_at=self.now,
                )
            )
        self.volunteers.append(person_id)
        return person_id

    def set_volunteer(self, person_id: int, **values: Any) -> None:
        with self.database.transaction() as session:
            session.change(
                update(volunteer).where(volunteer.c.person_id == person_id).values(**values)
            )

    def end_role(self, person_id: int) -> None:
        with self.database.transaction() as session:
            session.change(update(role).where(role.c.person_id == person_id).values(state="ended"))

    def do(self, step: Any, **facts: Any) -> Any:
        """Run one use case at the present."""
        return self.database.do(step, now=self.now, **facts)

    def state(self, said: Statement = ERRAND, *, by: int | None = None) -> int:
        actor = by or self.resident
        made = self.do(state_need, actor_id=actor, resident_id=self.resident, said=said)
        return int(made)

    def need(self, need_id: int) -> NeedCard:
        found = self.database.do(find_need, need_id=need_id)
        assert found is not None
        return found

    def claim(self, need_id: int, volunteer_id: int) -> NeedCard:
        version = self.need(need_id).version
        card: NeedCard = self.do(
            claim_need, volunteer_id=volunteer_id, need_id=need_id, version=version
        )
        return card

    def come(self, need_id: int, *, after: timedelta = timedelta(hours=1)) -> NeedCard:
        """The volunteer who has the need says when they come."""
        return self.act(say_arrival, need_id, arrives_at=self.now + after)

    def act(self, step: Any, need_id: int, **facts: Any) -> NeedCard:
        """Let the volunteer who has the need do something with their claim."""
        held = self.need(need_id).claim
        assert held is not None
        mine = {"volunteer_id": held.volunteer_id, "claim_id": held.id, "version": held.version}
        card: NeedCard = self.do(step, **mine, **facts)
        return card

    def finish(self, need_id: int, *, minutes: int = 45, note: str | None = None) -> NeedCard:
        return self.act(finish_claim, need_id, work=Work(minutes, note))

    def carried(self, *, by: int | None = None) -> int:
        """A need that a volunteer has, with the time said."""
        need_id = self.state(by=by)
        self.claim(need_id, self.volunteers[0])
        self.come(need_id)
        return need_id

    def wait(self, time: timedelta) -> None:
        """Let time pass, and everything that is due move."""
        self.now += time
        while move_needs(self.database, now=self.now):
            pass

    def deliver(self) -> list[Parcel]:
        """Send all that may go now; returns it in order."""
        sent: list[Parcel] = []
        while parcels := self.database.do(lease, owner="t", limit=100, now=self.now, real=0.0):
            results = []
            for parcel in parcels:
                self.next_message += parcel.edits is None
                number = parcel.edits or self.next_message
                results.append(SendResult(parcel.id, End.SENT, message_id=number))
            self.database.do(record, owner="t", results=results, now=self.now, real=0.0)
            sent += parcels
        return sent

    def said_to(self, person_id: int, parcels: Sequence[Parcel] | None = None) -> list[str]:
        """Deliver (unless given) and return the occasions of what one person got."""
        chat_id = self.chat_of(person_id)
        told = self.deliver() if parcels is None else parcels
        return [parcel.template for parcel in told if parcel.chat_id == chat_id]

    def chat_of(self, person_id: int) -> int:
        with self.database.transaction() as session:
            return int(session.value(_telegram(person_id)))

    def offers(self, need_id: int) -> list[tuple[int, int, str]]:
        """Return (round, volunteer, state) of every offer of a need."""
        with self.database.transaction() as session:
            rows = session.all(select(offer).where(offer.c.need_id == need_id).order_by(offer.c.id))
        return [(row.round, row.volunteer_id, row.state) for row in rows]

    def show_contact(self, need_id: int) -> None:
        """The volunteer opens whom and where, as their chat shows it."""
        held = self.need(need_id).claim
        assert held is not None
        with self.database.transaction() as session:
            show_contact(session, now=self.now, volunteer_id=held.volunteer_id, claim_id=held.id)
            self.say_contact(session, need_id, held.volunteer_id)

    def say_contact(self, session: Session, need_id: int, volunteer_id: int) -> None:
        say(
            session,
            now=self.now,
            to=volunteer_id,
            key=f"shown:{need_id}",
            template="claim_contact",
            message_class=MessageClass.ANSWER,
            card=f"need:{need_id}",
        )

    def do_state(self, resident_id: int) -> int:
        """Another resident states a need for themselves."""
        made = self.do(state_need, actor_id=resident_id, resident_id=resident_id, said=ERRAND)
        return int(made)

    def make_volunteer(self, person_id: int) -> None:
        """Somebody who is here already helps too."""
        with self.database.transaction() as session:
            values = {"person_id": person_id, "kind": "volunteer", "state": "approved"}
            session.execute(insert(role).values(**values, version=1, created_at=self.now))
            session.execute(
                insert(volunteer).values(
                    person_id=person_id,
                    skills="errands",
                    times="any_time",
                    open_limit=2,
                    pledge_version="1",
                    pledged_at=self.now,
                )
            )

    def move(self, person_id: int, community_id: int | None) -> None:
        with self.database.transaction() as session:
            move_person(session, person_id=person_id, community_id=community_id)

    def forget_chat(self, person_id: int) -> None:
        with self.database.transaction() as session:
            session.change(update(person).where(person.c.id == person_id).values(telegram_id=None))

    def card_in(self, session: Session, need_id: int) -> NeedCard:
        return read_need(session, need_id=need_id)

    def noted(self) -> list[str]:
        with self.database.transaction() as session:
            rows = session.all(select(journal.c.what).order_by(journal.c.id))
        return [row.what for row in rows]


def _telegram(person_id: int) -> Any:
    return select(person.c.telegram_id).where(person.c.id == person_id)


def _community(session: Session, name: str) -> int:
    made = insert(community).values(name=name, position=1, active=True).returning(community.c.id)
    return int(session.value(made))
