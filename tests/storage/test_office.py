"""The office's desk counts what waits, for coordinators only."""

from datetime import datetime

import pytest

from storage.caregivers import ask_to_care
from storage.database import Database
from storage.office import Desk, look_at_desk
from storage.refusals import NotAllowed
from tests.storage.residents import apply, register


def test_the_desk_counts_applicants_and_the_ties_that_staff_must_decide(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        wang = register(session, now=now, name="王珊", roles=("coordinator",), chat=1)
        register(session, now=now, name="陈素芬", roles=("resident",), chat=3)
        zhang = register(session, now=now, name="张强", chat=4)
        apply(session, now=now, person=zhang)
        for name in ("陈素芬", "罗德明"):
            asker = register(session, now=now, name="李梅")
            ask_to_care(session, now=now, asker=asker, name=name, community_id=None, phone=None)
        desk = look_at_desk(session, actor=wang)
        assert desk == Desk(
            applicants=1, ties=2, unclaimed_needs=0, open_alarms=0, open_check_ins=0
        )
        with pytest.raises(NotAllowed):
            look_at_desk(session, actor=zhang)
