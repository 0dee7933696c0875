"""Hiding: a case is over, so the numbers that came with it leave the chats of those asked."""

from datetime import datetime

from sqlalchemy import select

from storage.check_ins.asked import list_asked
from storage.check_ins.cases import Case
from storage.check_ins.facts import name_of
from storage.database import Session
from storage.outbox import MessageClass, say
from storage.outbox.shown import list_shown_as
from storage.rules.ladder import CALLER_RUNGS
from storage.tables import person

# What shows a number as long as it stands in a chat: the person's, the contact's, a neighbour's.
_CARRIED = (
    "check_in_stand_in",
    "check_in_contact",
    "check_in_station",
    "check_in_duty",
    "check_in_held",
    "call_number",
)


def hide_numbers(session: Session, case: Case, *, now: datetime, held: Case) -> None:
    """Rewrite what still shows a number; the caller of a plan phones there again next time."""
    if case.rung in CALLER_RUNGS:
        return
    people = {*list_asked(session, case), held.holder_id, case.ended_by} - {case.resident_id, None}
    chats = session.all(
        select(person.c.telegram_id)
        .where(person.c.id.in_(people), person.c.telegram_id.is_not(None))
        .order_by(person.c.id)
    )
    for row in chats:
        of_it = {"chat_id": row.telegram_id, "card": case.card}
        for number in list_shown_as(session, **of_it, templates=_CARRIED):
            say(
                session,
                now=now,
                chat_id=row.telegram_id,
                key=f"check_in:{case.id}:v{case.version}:hidden:{row.telegram_id}:{number}",
                template="check_in_number_hidden",
                # It takes something away, and rings nobody.
                message_class=MessageClass.ANSWER,
                facts={"name": name_of(session, case.resident_id)},
                card=case.card,
                edits=number,
            )
