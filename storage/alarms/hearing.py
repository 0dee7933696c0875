"""The other side of an alarm: whoever spoke up hears each step, in short and calm words."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from storage.alarms.rows import Alarm, Facts, name_of
from storage.choices import Button
from storage.database import Session
from storage.outbox import MessageClass, say
from storage.rules.dangers import DangerKind
from storage.rules.whom import speaks_of_other
from storage.tables import alarm_listener, caregiver, person


def listen(session: Session, row: Alarm, *, chat_id: int) -> None:
    """Somebody else spoke up about an alarm that is live: they hear from now on how it goes."""
    if chat_id == row.chat_id:
        return
    try:
        with session.savepoint():
            session.execute(insert(alarm_listener), {"alarm_id": row.id, "chat_id": chat_id})
    except IntegrityError:
        return  # they spoke before


def tell_person(
    session: Session,
    row: Alarm,
    *,
    now: datetime,
    step: str,
    template: str,
    facts: Facts,
    buttons: Sequence[Sequence[Button]] | None = None,
) -> None:
    """Tell everybody who spoke up what happens now."""
    heard = select(alarm_listener.c.chat_id).where(alarm_listener.c.alarm_id == row.id)
    for chat_id in (row.chat_id, *(one.chat_id for one in session.all(heard))):
        say(
            session,
            now=now,
            chat_id=chat_id,
            key=f"alarm:{row.id}:person:{step}" + ("" if chat_id == row.chat_id else f":{chat_id}"),
            template=template,
            message_class=MessageClass.ALARM,
            facts={**facts, "kind": row.kind.value},
            buttons=own_buttons(row) if buttons is None else buttons,
            card=row.card,
        )


def own_buttons(row: Alarm) -> list[list[Button]]:
    """What the one who spoke up can press; who thinks of dying is asked whether they are safe."""
    if row.state == "closed":
        return []
    acts = ("safe", "unsafe") if row.kind is DangerKind.SELF_HARM else ("safe",)
    return [[row.button(act)] for act in acts]


def find_subject(session: Session, *, person_id: int | None, words: str) -> int | None:
    """Of whom somebody's words speak: themselves, or the one they care for.

    Named, or the only one they care for. With several it stays the writer's alarm, and all of
    those are shown with it.
    """
    if person_id is None:
        return None
    wards = session.all(
        select(caregiver.c.resident_id, person.c.name)
        .join(person, person.c.id == caregiver.c.resident_id)
        .where(caregiver.c.caregiver_id == person_id, caregiver.c.state == "confirmed")
    )
    named = [row.resident_id for row in wards if len(row.name) > 1 and row.name in words]
    if len(named) == 1:
        return int(named[0])
    if len(wards) == 1 and speaks_of_other(words):
        return int(wards[0].resident_id)
    return person_id


def tell_released(session: Session, row: Alarm, *, now: datetime, released: str, why: str) -> None:
    """Who said they would come has not been heard of: said honestly, and that it goes on."""
    tell_person(
        session,
        row,
        now=now,
        step=f"released:{row.version}",
        template="danger_goes_on",
        facts={"holder": released, "why": why},
    )


def tell_nobody_yet(session: Session, row: Alarm, *, now: datetime) -> None:
    """Nobody has taken it yet; said at the second, fourth, eighth ring, not at each."""
    if row.rings > 1 and row.rings & (row.rings - 1) == 0:
        tell_person(
            session,
            row,
            now=now,
            step=f"nobody:{row.rings}",
            template="danger_nobody_yet",
            facts={"name": name_of(session, row.person_id)},
        )
