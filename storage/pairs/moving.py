"""What moves by itself: proposals brought up again, both sides asked, pairs that sleep or end."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.outbox import MessageClass
from storage.pairs.agreement import is_to_be_drawn_up, order_agreement
from storage.pairs.checking import find_why_over, is_held_back
from storage.pairs.proposing import ask_next
from storage.pairs.rows import Pair, change_pair, get_pair, note_pair
from storage.pairs.saying import button, tell_keeper, tell_side
from storage.pairs.settling import settle
from storage.pausing import find_pause
from storage.registers import find_household
from storage.rules.pairs import (
    ASK_EVERY,
    LIES_FOR,
    PROPOSAL_ASKED,
    PROPOSAL_WAITS,
    Ending,
    Kind,
    PairState,
    Side,
    is_asleep,
)
from storage.tables import pair, pair_telling
from storage.tables import person as people

# While something keeps it from being asked.
LATER = timedelta(days=7)


def move_pairs(database: Database, *, now: datetime) -> bool:
    """Move one pair that is due; returns whether there may be more."""
    return move_oldest(database, _take_up, now=now, due=pair.c.due_at)


def _take_up(session: Session, row: Row[Any], *, now: datetime) -> None:
    _move(session, get_pair(session, pair_id=row.id), now=now)


def next_pair_at(session: Session) -> datetime | None:
    """Return when the next pair, or the next telling, falls due; None when none does."""
    moments = [find_soonest(session, due=one) for one in (pair.c.due_at, pair_telling.c.due_at)]
    return min((one for one in moments if one is not None), default=None)


def _move(session: Session, one: Pair, *, now: datetime) -> None:
    followed = _follow_household(session, one)
    why = Ending.MERGED if followed is None else find_why_over(session, followed)
    one = followed or one
    why = why or _has_moved(session, one)
    if why is not None:
        settle(session, one, now=now, ending=why, by=None)
    elif one.state is PairState.PROPOSED:
        _bring_up_again(session, one, now=now)
    elif is_to_be_drawn_up(one, now=now):
        order_agreement(session, one, now=now)
    else:
        _ask_how_it_goes(session, one, now=now)


def _follow_household(session: Session, one: Pair) -> Pair | None:
    """Written down in another household of the same community, the pair goes with the resident.

    None when that household has this neighbour already.
    """
    home = find_household(session, person_id=one.resident_id)
    if home is None or home.id == one.household_id:
        return one
    before = find_household(session, household_id=one.household_id)
    if before is not None and before.community_id != home.community_id:
        return one
    try:
        with session.savepoint():
            return change_pair(session, one, {"household_id": home.id})
    except IntegrityError:
        return None


def _has_moved(session: Session, one: Pair) -> Ending | None:
    """Whether the resident lives in another community than when they were paired."""
    if one.kind is not Kind.NEIGHBOUR:
        return None
    then = find_household(session, household_id=one.household_id)
    lives = session.value(select(people.c.community_id).where(people.c.id == one.resident_id))
    if then is None or then.community_id is None or lives is None:
        return None
    return Ending.RESIDENT_MOVED if then.community_id != lives else None


def _bring_up_again(session: Session, one: Pair, *, now: datetime) -> None:
    if one.asked > PROPOSAL_ASKED:
        settle(session, one, now=now, ending=Ending.NO_ANSWER, by=None)
        return
    asked = one.asked + 1
    with_staff = asked >= PROPOSAL_ASKED
    values = {
        "asked": asked if not with_staff else PROPOSAL_ASKED + 1,
        "due_at": now + (LIES_FOR if with_staff else PROPOSAL_WAITS),
    }
    again = change_pair(session, one, values)
    if with_staff:
        tell_keeper(session, again, now=now, template="pair_no_answer")
    else:
        ask_next(session, again, now=now)


def _ask_how_it_goes(session: Session, one: Pair, *, now: datetime) -> None:
    back = _away_until(session, one, now=now)
    if back is not None or is_held_back(session, one):
        change_pair(session, one, {"due_at": back or now + LATER})
        return
    if one.state is PairState.DORMANT or is_asleep(one.asked):
        _let_sleep(session, one, now=now)
        return
    asked = change_pair(session, one, {"asked": one.asked + 1, "due_at": now + ASK_EVERY})
    for side in Side:
        tell_side(
            session,
            asked,
            side,
            now=now,
            template="pair_how_goes_it",
            message_class=MessageClass.INFO,
            buttons=[
                [button("done", asked)],
                [button("nothing", asked)],
                [button("problem", asked)],
            ],
        )


def _let_sleep(session: Session, one: Pair, *, now: datetime) -> None:
    """Neither side gave a sign: a person asks now, and nobody is blamed."""
    asleep = change_pair(
        session, one, {"state": PairState.DORMANT.value, "due_at": now + ASK_EVERY}
    )
    if one.state is not PairState.DORMANT:
        note_pair(session, asleep, now=now, what="pair_dormant", actor_id=None)
        tell_keeper(
            session,
            asleep,
            now=now,
            template="pair_dormant",
            facts={"since": one.sign_at.isoformat() if one.sign_at else None},
        )


def _away_until(session: Session, one: Pair, *, now: datetime) -> datetime | None:
    """Until when one of the two is away; a week at least, where nobody knows."""
    people_of = [one.resident_id] + ([one.helper_id] if one.helper_id is not None else [])
    pauses = [find_pause(session, person_id=who) for who in people_of]
    holding = [pause for pause in pauses if pause is not None and pause.holds(now)]
    if not holding:
        return None
    return max(max(pause.until or now + LATER, now + timedelta(hours=1)) for pause in holding)
