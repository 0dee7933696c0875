"""A lane for tests of pairs: two households, neighbours near and far, staff, and moving time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Insert, func, select, update

from storage.communities import list_communities, seed
from storage.database import Database, Session
from storage.pairs import (
    Pair,
    Spoken,
    enter_spoken,
    get_pair,
    move_pairs,
    next_pair_at,
    propose_neighbour,
    remind_of_tellings,
    say_yes,
)
from storage.people import Person, get_person
from storage.registers import place_in_household
from storage.rules.pairs import Side
from storage.rules.purposes import Channel
from storage.tables import journal, organisation, outbox, role
from tests.storage.residents import OFFICE, apply, register

P = ParamSpec("P")
R = TypeVar("R")
SPOKEN = Spoken(channel=Channel.PHONE, where="家里", present="孙丽")
# Who, role, chat, where their home stands.
CAST = (
    ("wang", "coordinator", 1, None),
    ("sun", "coordinator", 2, None),
    ("chen", "resident", 11, "桂花小区3栋2单元"),
    ("luo", "resident", None, "3组"),
    ("zhang", "volunteer", 21, "桂花小区三栋二单元"),
    ("liu", "volunteer", 22, "桂花小区3栋1单元"),
    ("zhao", "volunteer", 23, "5组"),
    ("he", "volunteer", 24, None),
)


@dataclass
class Lane:
    """王珊 is the office, 孙丽 works in the community; 陈 uses the chat, 罗 does not."""

    database: Database
    now: datetime
    home: int = 0
    away: int = 0
    people: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.database.do(get_person, person_id=self.people[name])

    def do(self, act: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self.database.do(act, *args, **kwargs)

    def join(self, name: str, kind: str, chat: int | None, code: str | None) -> None:
        with self.database.transaction() as session:
            place = self.away if name == "he" else self.home
            who = register(
                session, now=self.now, name=name, chat=chat, community_id=place, phone=None
            )
            self.people[name] = who.id
            if kind == "volunteer":
                apply(session, now=self.now, person=who)
                session.change(
                    update(role).where(role.c.person_id == who.id).values(state="approved")
                )
            else:
                session.change(_role(who.id, kind, self.now))
            if code is not None:
                self.place(session, who.id, code)

    def place(self, session: Session, person_id: int, code: str) -> None:
        place_in_household(
            session, now=self.now, actor=OFFICE, person_id=person_id, group_code=code
        )

    def propose(self, *, by: str = "sun", resident: str = "chen", helper: str = "zhang") -> Pair:
        return self.do(
            propose_neighbour,
            now=self.now,
            actor=self[by],
            resident_id=self.people[resident],
            helper_id=self.people[helper],
            acts=("greet", "errand"),
            frequency="weekly",
        )

    def agree(self, one: Pair, *names: str) -> Pair:
        for name in names:
            one = self.do(say_yes, now=self.now, actor=self[name], pair_id=one.id)
        return one

    def pair(self, **who: str) -> Pair:
        """Propose, and let both say yes."""
        one = self.propose(**who)
        return self.agree(one, who.get("resident", "chen"), who.get("helper", "zhang"))

    def hear(self, one: Pair, side: Side, *, yes: bool = True, by: str = "sun") -> Pair:
        """Staff write down what a side said."""
        return self.do(
            enter_spoken,
            now=self.now,
            actor=self[by],
            pair_id=one.id,
            side=side,
            yes=yes,
            spoken=SPOKEN,
        )

    def see(self, one: Pair) -> Pair:
        return self.do(get_pair, pair_id=one.id)

    def tick(self) -> None:
        for step in (move_pairs, remind_of_tellings):
            while step(self.database, now=self.now):
                pass

    def pass_time(self, **length: float) -> None:
        """Through every due time."""
        end = self.now + timedelta(**length)
        while True:
            self.tick()
            due = self.do(next_pair_at)
            if due is None or due > end:
                break
            self.now = max(self.now, due)
        self.now = end

    def heard(self, name: str) -> list[str]:
        """The templates said to somebody, in order."""
        chat = self[name].telegram_id
        rows = self.do(
            lambda session: session.all(
                select(outbox.c.template).where(outbox.c.chat_id == chat).order_by(outbox.c.id)
            )
        )
        return [row.template for row in rows if row.template.startswith("pair")]

    def noted(self, what: str) -> int:
        return self.do(
            lambda session: int(session.value(select(func.count()).where(journal.c.what == what)))
        )


def _role(person_id: int, kind: str, now: datetime) -> Insert:
    return role.insert().values(
        person_id=person_id, kind=kind, state="approved", created_at=now, version=1
    )


def a_lane(database: Database, now: datetime, only: Sequence[str] = ()) -> Lane:
    """Build the lane."""
    lane = Lane(database, now)
    with database.transaction() as session:
        seed(session, now=now)
        lane.home, lane.away = (one.id for one in list_communities(session)[:2])
    for name, kind, chat, code in CAST:
        if not only or name in only:
            lane.join(name, kind, chat, code)
    with database.transaction() as session:
        works_at = session.value(
            select(organisation.c.id).where(organisation.c.community_id == lane.home)
        )
        session.change(
            update(role)
            .where(role.c.person_id == lane.people["sun"])
            .values(organisation_id=works_at)
        )
    return lane
