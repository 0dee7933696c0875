"""Two who state the same need at one moment, on either database: the second is asked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from sqlalchemy import func, select

from storage.communities import seed
from storage.database import Database
from storage.needs import Statement, find_like, state_need
from storage.rules.areas import Category, Urgency
from storage.tables import need
from tests.storage.residents import register

LAMP = Statement(Category.HOME_REPAIR, Urgency.U2, "家里的灯坏了")
ROUNDS = 5


def test_the_second_of_two_is_asked_whether_it_is_the_same(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        seed(session, now=now)
        staff = [
            register(session, now=now, name=name, roles=("coordinator",), chat=chat).id
            for chat, name in enumerate(("王珊", "李主任"), start=1)
        ]
    for number in range(ROUNDS):
        with database.transaction() as session:
            lan = register(session, now=now, name="兰姨", roles=("resident",), chat=100 + number).id
        line = Barrier(2)

        def state(actor_id: int, lan: int = lan, line: Barrier = line) -> str:
            line.wait()
            with database.transaction() as session:
                if find_like(session, now=now, actor_id=actor_id, resident_id=lan, said=LAMP):
                    return "asked"
                state_need(session, now=now, actor_id=actor_id, resident_id=lan, said=LAMP)
                return "stated"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(state, staff)) == ["asked", "stated"]
        with database.transaction() as session:
            mine = select(func.count()).select_from(need).where(need.c.resident_id == lan)
            assert session.value(mine) == 1
