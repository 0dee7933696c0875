"""Another hour is wished for: besides staff, who arrange it, those who phone hear of it at once."""

from datetime import datetime, timedelta

from sqlalchemy import select

from storage.check_ins.cases import Case, may_still_know
from storage.check_ins.facts import name_of
from storage.database import Session
from storage.outbox import MessageClass, say
from storage.rules.text import cut
from storage.tables import check_in_plan

SHOWN_LIMIT = 120
# Later than this the note of the call says it anyway.
_SHELF = timedelta(days=3)


def tell_of_wish(
    session: Session, case: Case, words: str, *, now: datetime, by: int, version: int
) -> None:
    """Tell the caller and the stand-in of the plan, but not whoever has written it down.

    They change nothing by it: the plan is changed by the person themselves, or by staff.
    """
    plan = session.find(
        select(check_in_plan.c.caller_id, check_in_plan.c.stand_in_id).where(
            check_in_plan.c.id == case.plan_id, check_in_plan.c.state == "active"
        )
    )
    people = {plan.caller_id, plan.stand_in_id} if plan is not None else set()
    for to in sorted(people - {by, case.resident_id, None}):
        if not may_still_know(session, case, person_id=to):
            continue
        say(
            session,
            now=now,
            to=to,
            key=f"check_in:{case.id}:next:{by}:{version}:{to}",
            template="call_next_wished",
            message_class=MessageClass.INFO,
            facts={
                "name": name_of(session, case.resident_id),
                "by": name_of(session, by),
                "words": cut(words, SHOWN_LIMIT),
            },
            shelf=_SHELF,
        )
