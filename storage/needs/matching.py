"""What matching knows of the volunteers, read live: their tasks, pauses, ties and answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from storage.database import Session
from storage.needs.cards import NeedCard, list_like_places
from storage.pausing import is_away
from storage.rules.skills import Skill, TimeSlot, suits
from storage.rules.waves import NeedFacts, Reach, VolunteerFacts, Wave, choose
from storage.tables import caregiver, chat, claim, community, need, offer, person, role, volunteer

# The rules compare communities by number; nobody lives in these.
NO_COMMUNITY, NEED_WITHOUT_COMMUNITY = 0, -1
ASSIGNABLE_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A volunteer whom a coordinator may ask in person."""

    person_id: int
    name: str
    community: str | None
    tasks: int
    suits: bool


def choose_volunteers(
    session: Session, card: NeedCard, *, wave: Wave, moment: datetime, now: datetime
) -> list[tuple[int, str]]:
    """Return whom the wave reaches, each with the reasons for it, the best match first."""
    near = None if wave.reach is Reach.ANYWHERE else card.community_id
    if near is None and wave.reach is not Reach.ANYWHERE:
        return []
    wanted = NeedFacts(
        category=card.category,
        community_id=card.community_id or NEED_WITHOUT_COMMUNITY,
        urgency=card.urgency,
    )
    known = (_facts(row, now=now) for row in _rows(session, card, now=now, community_id=near))
    chosen = choose(known, wanted, wave, session.house.local(moment))
    return [(one.person_id, ",".join(match.reasons)) for one, match in chosen]


def list_candidates(session: Session, card: NeedCard, *, now: datetime) -> Sequence[Candidate]:
    """Return whom a coordinator may ask: the coordinator judges, so a missing skill is shown,
    not refused; only a pause, a full list and the household itself rule somebody out.
    """
    found = [
        (_order(row, facts, card), _candidate(row, facts, card))
        for row, facts in _willing(session, card, now=now)
    ]
    return [candidate for _, candidate in sorted(found, key=lambda one: one[0])][
        :ASSIGNABLE_AT_MOST
    ]


def is_willing(session: Session, card: NeedCard, *, volunteer_id: int, now: datetime) -> bool:
    """Whether a coordinator may ask this volunteer now."""
    return any(facts.person_id == volunteer_id for _, facts in _willing(session, card, now=now))


def _willing(
    session: Session, card: NeedCard, *, now: datetime
) -> Iterator[tuple[Row[Any], VolunteerFacts]]:
    for row in _rows(session, card, now=now, community_id=None):
        facts = _facts(row, now=now)
        full = facts.active_claims >= facts.claim_limit
        if not (facts.paused or facts.own_household or full):
            yield row, facts


def _order(row: Row[Any], facts: VolunteerFacts, card: NeedCard) -> tuple[bool, bool, bool, int]:
    near = row.community_id == card.community_id
    return (not near, not suits(facts.skills, card.category), facts.asked_before, row.id)


def _candidate(row: Row[Any], facts: VolunteerFacts, card: NeedCard) -> Candidate:
    return Candidate(
        person_id=row.id,
        name=row.name,
        community=row.community,
        tasks=facts.active_claims,
        suits=suits(facts.skills, card.category),
    )


def _rows(
    session: Session, card: NeedCard, *, now: datetime, community_id: int | None
) -> Sequence[Row[Any]]:
    """Read the approved volunteers, of one community when given, with what decides."""
    tasks = (
        select(claim.c.volunteer_id, func.count().label("tasks"))
        .where(claim.c.state == "active")
        .group_by(claim.c.volunteer_id)
        .subquery()
    )
    statement = (
        select(
            person.c.id,
            person.c.name,
            person.c.community_id,
            community.c.name.label("community"),
            volunteer,
            func.coalesce(tasks.c.tasks, 0).label("tasks"),
            _asked_before(session, card).label("asked_before"),
            _own_household(card).label("own_household"),
            is_away(person.c.id, now).label("away"),
        )
        .join(volunteer, volunteer.c.person_id == person.c.id)
        .join(
            role,
            (role.c.person_id == person.c.id)
            & (role.c.kind == "volunteer")
            & (role.c.state == "approved"),
        )
        .outerjoin(community, community.c.id == person.c.community_id)
        .outerjoin(tasks, tasks.c.volunteer_id == person.c.id)
        .order_by(person.c.id)
    )
    # Who wants no messages through this chat is asked on the phone, by a coordinator.
    closed = select(chat.c.id).where(chat.c.id == person.c.telegram_id, chat.c.closed)
    statement = statement.where(~closed.exists())
    if community_id is not None:
        statement = statement.where(person.c.community_id == community_id)
    return session.all(statement)


def _asked_before(session: Session, card: NeedCard) -> ColumnElement[bool]:
    """Asked in this round, said no in any, or had it and gave it back; also of another place.

    Whoever finished what was "not yet" enough did not give it back, and may be asked again.
    """
    places = [one.id for one in list_like_places(session, card=card)]
    asked = select(offer.c.volunteer_id).where(
        offer.c.need_id.in_(places),
        or_(
            (offer.c.need_id == card.id) & (offer.c.round == card.round),
            (offer.c.need_id != card.id) & offer.c.state.in_(("offered", "taken")),
            offer.c.state == "declined",
        ),
    )
    gave_back = select(claim.c.volunteer_id).where(
        claim.c.need_id.in_(places), claim.c.state == "released", claim.c.done_at.is_(None)
    )
    # Whoever has one place is not asked about another.
    comes = (
        select(claim.c.volunteer_id)
        .join(need, need.c.id == claim.c.need_id)
        .where(or_(need.c.id == card.root_id, need.c.parent_id == card.root_id))
        .where(claim.c.state.in_(("active", "done")))
    )
    return or_(*(person.c.id.in_(one) for one in (asked, gave_back, comes)))


def _own_household(card: NeedCard) -> ColumnElement[bool]:
    carers = select(caregiver.c.caregiver_id).where(
        and_(caregiver.c.resident_id == card.resident_id, caregiver.c.state == "confirmed")
    )
    return or_(person.c.id.in_((card.resident_id, card.stated_by)), person.c.id.in_(carers))


def _facts(row: Row[Any], *, now: datetime) -> VolunteerFacts:
    return VolunteerFacts(
        person_id=row.id,
        community_id=row.community_id or NO_COMMUNITY,
        skills=frozenset(Skill(one) for one in row.skills.split(",") if one),
        slots=frozenset(TimeSlot(one) for one in row.times.split(",") if one),
        paused=bool(row.away) or (row.paused_until is not None and row.paused_until > now),
        active_claims=row.tasks,
        claim_limit=row.open_limit,
        asked_before=bool(row.asked_before),
        own_household=bool(row.own_household),
        last_offered_at=row.last_offer_at,
    )
