"""Needs that are verified first (核实): laid before the coordinators of the resident's community.

Programme document 2020-116, part 4: 提出→核实→派单. The category says which, and within what time.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import insert, select

from storage.categories import rule_of
from storage.database import Session
from storage.needs.cards import LISTED_AT_MOST, NeedCard, list_cards, read_need
from storage.needs.matching.offering import tomorrow
from storage.needs.standing import asked_again, journal, shift
from storage.needs.telling import News, tell_coordinators, tell_residents
from storage.outbox import MessageClass
from storage.people import Person, get_person
from storage.rules.areas import Urgency, Verify
from storage.rules.lifecycle import NeedMove, NeedState
from storage.rules.sending import working_moment
from storage.scope import seen_through, sees
from storage.tables import need, verification


class Way(StrEnum):
    """How somebody made sure of a need."""

    PHONE = "phone"
    VISIT = "visit"
    KNOWN = "known"


class Outcome(StrEnum):
    """What came of it."""

    RIGHT = "right"
    CHANGED = "changed"
    NOT_A_NEED = "not_a_need"
    DUPLICATE = "duplicate"


# Whoever wrote it down for the resident has seen or heard them.
SEEN = {"staff": Way.KNOWN, "phone": Way.PHONE, "paper": Way.KNOWN, "visit": Way.VISIT}


def is_to_verify(session: Session, *, now: datetime, card: NeedCard) -> bool:
    """Whether somebody has to make sure of the need first.

    Not of what staff of the resident stated themselves: that they did is written down instead.
    Nor once it was verified: another word changes nothing about that.
    """
    rule = rule_of(session, card.category)
    if rule.verify is not Verify.COORDINATOR or card.urgency is Urgency.U0:
        return False
    more = card.series_id is not None or card.parent_id is not None
    if more or _was_verified(session, card):
        return False
    if card.origin in SEEN and _by_staff(session, card):
        write_verification(
            session,
            now=now,
            card=card,
            way=SEEN[card.origin],
            outcome=Outcome.RIGHT,
            actor_id=card.stated_by,
        )
        return False
    return True


def _by_staff(session: Session, card: NeedCard) -> bool:
    stated_by = get_person(session, person_id=card.stated_by)
    return sees(session, actor=stated_by, person_id=card.resident_id)


def _was_verified(session: Session, card: NeedCard) -> bool:
    right = select(verification.c.id).where(
        verification.c.need_id == card.id, verification.c.outcome.in_(("right", "changed"))
    )
    return session.find(right) is not None


def write_verification(
    session: Session,
    *,
    now: datetime,
    card: NeedCard,
    way: Way,
    outcome: Outcome,
    actor_id: int,
    reason: str | None = None,
) -> None:
    """Write down how a need was verified and what came of it; the words are sealed."""
    uid = secrets.token_hex(16)
    sealed = session.vault.seal(reason, place=f"verification.reason:{uid}") if reason else None
    session.execute(
        insert(verification).values(
            uid=uid,
            need_id=card.id,
            way=way.value,
            outcome=outcome.value,
            reason=sealed,
            made_by=actor_id,
            created_at=now,
        )
    )
    journal(
        session,
        card,
        now=now,
        actor_id=actor_id,
        what="need_verified",
        ground=f"{outcome.value} {way.value}",
    )


def lay_for_verifying(session: Session, *, now: datetime, card: NeedCard) -> NeedCard:
    """The coordinators of the community are asked to make sure of the need before it goes on."""
    hours = rule_of(session, card.category).verify_hours
    again = working_moment(session.house.local(now + timedelta(hours=hours)))
    shift(session, card, NeedMove.VERIFY, now=now, next_step_at=again)
    fresh = read_need(session, need_id=card.id)
    pressing = card.urgency is Urgency.U1
    facts = {"hours": hours, "again": False}
    tell_coordinators(
        session, fresh, now=now, template="desk_verify", facts=facts, pressing=pressing
    )
    teller = card.stated_by if card.created_at == now else None
    news = News("need_verifying", MessageClass.INFO, facts={"hours": hours})
    tell_residents(session, fresh, now=now, news=news, but=teller)
    journal(session, fresh, now=now, actor_id=None, what="need_to_verify")
    return fresh


def step_verification(session: Session, card: NeedCard, *, now: datetime) -> None:
    """Nobody has made sure of it yet: the coordinators are asked again, each day anew."""
    fresh = asked_again(session, card, until=tomorrow(session, now=now))
    facts = {"hours": rule_of(session, card.category).verify_hours, "again": True}
    tell_coordinators(session, fresh, now=now, template="desk_verify", facts=facts)


def list_to_verify(session: Session, *, actor: Person) -> Sequence[NeedCard]:
    """Return the needs that this coordinator is to make sure of, the longest waiting first."""
    return list_cards(
        session,
        need.c.state == NeedState.VERIFYING.value,
        seen_through(actor, need.c.resident_id),
        limit=LISTED_AT_MOST,
    )
