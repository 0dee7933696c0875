"""The journal: one row in the transaction of the change it tells of."""

from datetime import datetime

import pytest
from sqlalchemy import select

from storage.database import Database, Session
from storage.journal import note
from storage.tables import journal


def test_who_did_what_for_whom_is_written_down(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        note(
            session,
            now=now,
            what="need_claimed",
            actor_id=4,
            subject_id=2,
            thing="need",
            thing_id=812,
            ground="offer",
            detail="v3",
        )
        note(session, now=now, what="chat_unreachable", actor_id=None)
        full, bare = session.all(select(journal).order_by(journal.c.id))
    assert tuple(full)[1:] == (now, 4, 2, "need_claimed", "need", 812, "offer", "v3")
    assert tuple(bare)[1:] == (now, None, None, "chat_unreachable", None, None, "", "")


def test_what_did_not_happen_is_not_in_the_journal(database: Database, now: datetime) -> None:
    def change_mind(session: Session) -> None:
        note(session, now=now, what="need_claimed", actor_id=4)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.do(change_mind)
    with database.transaction() as session:
        assert session.all(select(journal)) == []
