"""A town of two communities for notices and surveys: an office, a coordinator in each, people."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update

from storage.communities import list_communities, seed
from storage.database import Database, Session
from storage.people import Person, get_person
from storage.tables import organisation, role
from tests.storage.residents import register

WANG, SUN, QIAN, CHEN, ZHOU = 1, 2, 3, 11, 12


@dataclass
class Town:
    """王珊 is the office; 孙丽 works in the first community, 钱进 in the second.

    陈素芬 (chat) and 罗德明 (no chat) live in the first, 周小兰 (chat) in the second.
    """

    database: Database
    now: datetime
    home: int = 0
    away: int = 0
    people: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.database.do(get_person, person_id=self.people[name])

    def pass_time(self, **length: float) -> None:
        self.now += timedelta(**length)

    def join(
        self,
        session: Session,
        name: str,
        kind: str,
        *,
        chat: int | None = None,
        community_id: int | None = None,
        phone: str | None = None,
    ) -> Person:
        """Register somebody with a role."""
        joined = register(
            session,
            now=self.now,
            name=name,
            roles=(kind,),
            chat=chat,
            community_id=community_id,
            phone=phone,
        )
        self.people[name] = joined.id
        return joined


def a_town(database: Database, now: datetime) -> Town:
    """Build the town."""
    town = Town(database, now)
    database.do(_settle, town)
    return town


def _settle(session: Session, town: Town) -> None:
    seed(session, now=town.now)
    town.home, town.away = (one.id for one in list_communities(session)[:2])
    town.join(session, "王珊", "coordinator", chat=WANG)
    for name, chat, place in (("孙丽", SUN, town.home), ("钱进", QIAN, town.away)):
        town.join(session, name, "coordinator", chat=chat)
        works_at = session.value(
            select(organisation.c.id).where(organisation.c.community_id == place)
        )
        session.change(
            update(role)
            .where(role.c.person_id == town.people[name])
            .values(organisation_id=works_at)
        )
    town.join(session, "陈素芬", "resident", chat=CHEN, community_id=town.home)
    town.join(session, "罗德明", "resident", community_id=town.home, phone="+8610012345672")
    town.join(session, "周小兰", "resident", chat=ZHOU, community_id=town.away)
