"""Time passes: a need that is due takes its next step, so that none is ever forgotten."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.needs.buttons import choose_lines
from storage.needs.cards import NeedCard, read_need
from storage.needs.desk import ask_who_has_it, awaited_of
from storage.needs.held import ClaimCard
from storage.needs.matching.offering import hand_over, offer_on, tomorrow
from storage.needs.matching.reaching import count_answers
from storage.needs.referral.steps import step_referral
from storage.needs.series.visiting import skip_while_away
from storage.needs.standing import amend, asked_again
from storage.needs.telling import News, tell, tell_coordinators
from storage.needs.verification.laying import step_verification
from storage.needs.visits.carrying import free_need
from storage.pausing import Pause, find_pause
from storage.roles import is_approved
from storage.rules.lifecycle import NeedState
from storage.rules.patience import PATIENCE, Waiting
from storage.tables import need

# How often a need is looked at whose person is away until further notice.
LOOK_AGAIN = timedelta(days=1)


def move_needs(database: Database, *, now: datetime) -> bool:
    """Let one due need take its step; returns whether there may be more."""
    return move_oldest(database, _move, now=now, due=need.c.next_step_at)


def _move(session: Session, row: Row[Any], *, now: datetime) -> None:
    _step(session, read_need(session, need_id=row.id), now=now)


def next_need_at(session: Session) -> datetime | None:
    """Return when the next need falls due, or None."""
    return find_soonest(session, due=need.c.next_step_at)


def _step(session: Session, card: NeedCard, *, now: datetime) -> None:
    held = card.claim
    if card.state is NeedState.CLAIMED and held is not None and _is_gone(session, held):
        # Removed, also on the way: free at once, whoever waits is told, contact is put away.
        free_need(session, now=now, card=card, actor_id=None, what="claim_of_gone")
        return
    away = find_pause(session, person_id=card.resident_id)
    if away is not None and card.series_id is not None and _falls_inside(card, away):
        skip_while_away(session, card, now=now)
    elif away is not None and away.holds(now):
        # Nobody is asked while the person is away; the end of the pause moves the need again.
        amend(session, card, next_step_at=away.until or now + LOOK_AGAIN)
    elif card.state is NeedState.OPEN and count_answers(session, card=card)["willing"]:
        hand_over(session, now=now, card=card, reason="choose")
    elif card.state is NeedState.OPEN:
        offer_on(session, now=now, card=card)
    elif card.state is NeedState.UNCLAIMED:
        fresh = asked_again(session, card, until=tomorrow(session, now=now))
        if card.overdue_at is not None:
            return  # its new owner is told by the climb, all of theirs in one message
        counts = count_answers(session, card=card)
        tell_coordinators(
            session,
            fresh,
            now=now,
            template="desk_unclaimed",
            facts={"reason": "still_waiting", **counts},
            also=choose_lines(card, counts["willing"]),
        )
    elif card.state is NeedState.VERIFYING:
        step_verification(session, card, now=now)
    elif card.state is NeedState.REFERRED:
        step_referral(session, card, now=now)
    else:
        _ask_who_has_it(session, card, now=now)


def _is_gone(session: Session, held: ClaimCard) -> bool:
    return not is_approved(session, person_id=held.volunteer_id, kind="volunteer")


def _falls_inside(card: NeedCard, away: Pause) -> bool:
    """Whether a visit that nobody has yet would find nobody at home; the next one will be there."""
    wanted_at = card.details.wanted_at
    free = card.state in (NeedState.OPEN, NeedState.UNCLAIMED)
    return free and wanted_at is not None and away.holds(wanted_at)


def _ask_who_has_it(session: Session, card: NeedCard, *, now: datetime) -> None:
    """Ask the one whose turn it is, as often as the table says; then the next in line."""
    held = card.held
    done = card.state is NeedState.DONE
    waiting = awaited_of(card)
    if card.asked < PATIENCE[waiting].asks:
        ask_who_has_it(session, card, now=now)
    elif waiting is Waiting.WHEN:
        # Nobody was told that somebody comes, so others can be asked without more ado.
        free_need(session, now=now, card=card, actor_id=None, what="claim_lapsed")
        fresh = read_need(session, need_id=card.id)
        news = News("task_taken_back")
        tell(session, fresh, now=now, to=held.volunteer_id, news=news, facts=fresh.public_facts)
    else:
        fresh = asked_again(session, card, until=tomorrow(session, now=now))
        template = "desk_unconfirmed" if done else "desk_silent"
        tell_coordinators(session, fresh, now=now, template=template)
