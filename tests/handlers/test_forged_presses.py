"""Every button of every topic, with numbers that lead nowhere: nothing breaks."""

from datetime import datetime

import pytest

from storage.communities import seed
from storage.database import Database
from storage.roles import grant
from tests.handlers.joining.door import Door
from tests.journeys.attackers import ACTS
from tests.storage.residents import apply, register

NOWHERE = ("0:0", "999999999:999999999", "0:0:xxxxxxxx", "1:1:::", "1:1:99999999999999999999")


@pytest.mark.parametrize("role", ["coordinator", "leading_group", "volunteer", "resident"])
def test_a_press_that_leads_nowhere_breaks_nothing(
    database: Database, now: datetime, role: str
) -> None:
    with database.transaction() as session:
        seed(session, now=now)
        one = register(session, now=now, name="王珊", chat=1)
        if role == "volunteer":
            apply(session, now=now, person=one)
        grant(session, now=now, person_id=one.id, kind=role, actor_id=None)
    door = Door(database, now)
    for topic, acts in ACTS.items():
        for act in acts:
            # They are meant: joining again, and leaving for good.
            if (topic, act) not in (("join", "agree"), ("leave", "yes")):
                for rest in NOWHERE:
                    door.press_data(1, f"{topic}:{act}:{rest}")
    assert len(door.read(1)) > len(ACTS)
