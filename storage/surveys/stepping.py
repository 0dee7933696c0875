"""The tick of rounds: a hundred people at a time in working hours, reminders, and the last day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from storage.choices import Button
from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.outbox import MessageClass, Wanted, say
from storage.registers import list_profiles
from storage.rules.ages import is_child, read_day
from storage.rules.fields import Register
from storage.rules.sending import working_moment
from storage.rules.surveys import BATCH, next_batch_at, reminder_at
from storage.surveys.opening import shut
from storage.surveys.rows import fields_in, questions_in
from storage.tables import survey_answer, survey_round


def move_rounds(database: Database, *, now: datetime) -> bool:
    """Move one round that is due; returns whether there may be more."""
    return move_oldest(database, _step, now=now, due=survey_round.c.next_step_at)


def next_round_at(session: Session) -> datetime | None:
    """Return when a round moves next."""
    return find_soonest(session, due=survey_round.c.next_step_at)


def _step(session: Session, due: Row[Any], *, now: datetime) -> None:
    local = session.house.local(now)
    if due.closes_at <= now:
        _close(session, due, now=now)
        return
    if working_moment(local) > now:
        _wait(session, due, min(working_moment(local), due.closes_at))
        return
    rows = session.all(
        select(survey_answer)
        .where(survey_answer.c.round_id == due.id, survey_answer.c.next_reminder_at <= now)
        .order_by(survey_answer.c.next_reminder_at, survey_answer.c.id)
        .limit(BATCH)
    )
    _ask(session, due, rows, now=now)
    if len(rows) == BATCH:
        # Never two batches at once, however late: the rest is asked as slowly as the first.
        _wait(session, due, min(next_batch_at(local), due.closes_at))
        return
    following = session.value(
        select(func.min(survey_answer.c.next_reminder_at)).where(
            survey_answer.c.round_id == due.id, survey_answer.c.next_reminder_at.is_not(None)
        )
    )
    _wait(session, due, min(following or due.closes_at, due.closes_at))


def _ask(session: Session, due: Row[Any], rows: Sequence[Row[Any]], *, now: datetime) -> None:
    count = len(fields_in(due)) + len(questions_in(due))
    children = _children(session, Register(due.kind), rows, now=now)
    for row in rows:
        asked, version = row.asked + 1, row.version + 1
        queued = row.person_id not in children and say(
            session,
            now=now,
            to=row.person_id,
            key=f"survey:{row.id}:{asked}",
            template="survey_ask",
            message_class=MessageClass.INFO,
            facts={
                "title": due.title,
                "kind": due.kind,
                "count": count,
                "closes_at": due.closes_at.isoformat(),
                "again": row.asked > 0,
                "half": row.draft is not None,
            },
            buttons=ask_buttons(row.id, due.kind),
            card=f"survey:{row.id}",
            wanted=Wanted("survey_answer", row.id, version),
            shelf=due.closes_at - now,
        )
        following = reminder_at(
            session.house.local(now),
            asked=asked,
            reminders=due.reminders,
            closes_at=due.closes_at,
        )
        # Whoever left the chat meanwhile is asked by staff; a child through its guardian.
        told = (
            {"asked": asked, "next_reminder_at": following}
            if queued
            else {"by_chat": False, "next_reminder_at": None}
        )
        session.change(
            update(survey_answer)
            .where(survey_answer.c.id == row.id, survey_answer.c.version == row.version)
            .values(**told, version=version)
        )


def _children(
    session: Session, register: Register, rows: Sequence[Row[Any]], *, now: datetime
) -> frozenset[int]:
    """Those under 14 of a batch: opened a hundred at a time, where a whole town would take long."""
    today = session.house.local(now).date()
    profiles = list_profiles(session, person_ids=[row.person_id for row in rows], register=register)
    born = {who: read_day(profile.get("born_on")) for who, profile in profiles.items()}
    return frozenset(who for who, day in born.items() if day is not None and is_child(day, today))


def ask_buttons(answer_id: int, kind: str) -> list[list[Button]]:
    """Fill it in, or rather not: refusing is as easy as answering."""
    return [
        [Button(f"survey.start_{kind}", f"survey:start:{answer_id}:0")],
        [Button("survey.refuse", f"survey:refuse:{answer_id}:0")],
    ]


def _close(session: Session, due: Row[Any], *, now: datetime) -> None:
    shut(session, round_id=due.id, version=due.version)
    say(
        session,
        now=now,
        to=due.opened_by,
        key=f"survey:closed:{due.id}:{due.version}",
        template="survey_closed",
        message_class=MessageClass.INFO,
        facts={"title": due.title},
        buttons=[[Button("survey.see", f"round:see:{due.id}:0", {"title": due.title})]],
        card=f"round:{due.id}",
    )


def _wait(session: Session, due: Row[Any], at: datetime) -> None:
    session.change(
        update(survey_round)
        .where(survey_round.c.id == due.id, survey_round.c.version == due.version)
        .where(survey_round.c.state == "open")
        .values(next_step_at=at)
    )
