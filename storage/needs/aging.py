"""A need that somebody gives back is as old as it was: its time limit goes on.

Else each claim that comes to nothing would begin the limit anew, and the need never climb.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.database import Session
from storage.needs.cards import NeedCard
from storage.needs.standing import stands
from storage.owners import due, find_owner
from storage.rules.lifecycle import NeedState
from storage.rules.limits import LADDER, Level, Limit, limit_at, limit_of
from storage.tables import claim, climb, need, offer, reopening


def ages(session: Session, card: NeedCard, *, now: datetime, state: NeedState) -> dict[str, Any]:
    """Who answers for a need that somebody took and gave back, and until when.

    To what it had climbed it stays; the time of that level runs from when it climbed. Before, it
    runs from when people were first asked. Never later than for a need nobody has taken yet.
    """
    stood = stands(session, card, now=now, state=state)
    begun = _begun(session, card)
    if begun is None:
        return stood
    last = session.find(
        select(climb.c.level, climb.c.at, func.min(climb.c.due_at).over().label("since"))
        .where(climb.c.need_id == card.id, climb.c.at >= begun)
        .order_by(climb.c.id.desc())
        .limit(1)
    )
    level = Level(stood["level"])
    if last is not None and LADDER.index(Level(last.level)) >= LADDER.index(level):
        return (
            stood
            | _climbed(session, card, level=Level(last.level), at=last.at)
            | {"overdue_at": last.since}
        )
    until = due(session, _limit(card, level), urgency=card.urgency, start=begun)
    return stood | {"due_at": min(stood["due_at"], until)}


def _begun(session: Session, card: NeedCard) -> datetime | None:
    """When people were first asked, since it was last opened anew; None if nobody took it yet."""
    anew = select(func.max(reopening.c.reopened_at)).where(reopening.c.need_id == card.id)
    stated = select(need.c.created_at).where(need.c.id == card.id)
    since = session.value(anew) or session.value(stated)
    taken = select(claim.c.id).where(claim.c.need_id == card.id, claim.c.created_at >= since)
    if session.find(taken.limit(1)) is None:
        return None
    asked = select(func.min(offer.c.created_at)).where(
        offer.c.need_id == card.id, offer.c.created_at >= since
    )
    begun: datetime = session.value(asked) or since
    return begun


def _climbed(session: Session, card: NeedCard, *, level: Level, at: datetime) -> dict[str, Any]:
    """Whose it is on a level that it had reached, and until when since then."""
    found = find_owner(session, level=level, community_id=card.community_id, action_key=card.action)
    limit = limit_at(found.level, card.urgency)
    return {
        "level": found.level.value,
        "owner_id": found.organisation_id,
        "due_at": due(session, limit, urgency=card.urgency, start=at),
    }


def _limit(card: NeedCard, level: Level) -> Limit:
    """How long a need may take from the first question to the end of a level's time."""
    asked = limit_of(NeedState.OPEN.value, card.urgency)
    below = LADDER[LADDER.index(Level.COORDINATOR) : LADDER.index(level) + 1]
    within = asked.within
    for one in below:
        within += limit_at(one, card.urgency).within
    return Limit(level, within)
