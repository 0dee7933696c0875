"""Why these people and not others: what matching kept, for the coordinator who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.database import Session
from storage.needs.asked import find_asked
from storage.needs.cards import get_need
from storage.needs.claims.teams import list_teams_asked
from storage.needs.matching.choosing import find_match
from storage.needs.standing import check
from storage.rules.access import Act
from storage.rules.matching import Stop, read_parts
from storage.rules.weights import Part
from storage.tables import community, offer, person, volunteer
from storage.tables import wave as waves

SHOWN_AT_MOST = 12
NAMESAKES = 5


@dataclass(frozen=True, slots=True)
class WaveLine:
    """One wave that went out."""

    at: datetime
    reach: str
    why: str
    asked: int


@dataclass(frozen=True, slots=True)
class AskedLine:
    """Somebody who was asked, what they answered, and what spoke for them."""

    name: str
    community: str | None
    state: str
    assigned: bool
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Explained:
    """How a need was offered: its waves, who was asked and why, how many were not and why."""

    waves: Sequence[WaveLine]
    asked: Sequence[AskedLine]
    passed_over: dict[Stop, int]
    # Organisations that were asked, and what they said.
    teams: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """Why somebody was asked, or was not; without a stop they may still be asked."""

    name: str
    community: str | None
    state: str | None
    stops: Sequence[Stop]
    parts: Sequence[Part]


def explain_offers(session: Session, *, coordinator_id: int, need_id: int) -> Explained:
    """Say why a need was brought to these people, and how many were passed over for what."""
    card = get_need(session, need_id=need_id)
    check(session, Act.ASSIGN_NEED, actor_id=coordinator_id, card=card)
    gone = session.all(
        select(waves)
        .where(waves.c.need_id == need_id, waves.c.round == card.round)
        .order_by(waves.c.id)
    )
    rows = session.all(
        select(offer, person.c.name, community.c.name.label("place"))
        .join(person, person.c.id == offer.c.volunteer_id)
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(offer.c.need_id == need_id, offer.c.round == card.round)
        # The newest wave is what the question is about.
        .order_by(offer.c.wave.desc(), offer.c.id)
        .limit(SHOWN_AT_MOST)
    )
    lines = [
        AskedLine(row.name, row.place, row.state, row.assigned, read_parts(row.reasons))
        for row in rows
    ]
    over = next((one.passed_over for one in reversed(gone) if one.passed_over), "")
    return Explained(
        [WaveLine(one.at, one.reach, one.why, one.asked) for one in gone],
        lines,
        _counts(over),
        list_teams_asked(session, card=card),
    )


def _counts(text: str) -> dict[Stop, int]:
    """Read "over_limit:3,paused:2", the largest number first."""
    found = {}
    for one in text.split(","):
        key, _, many = one.partition(":")
        if key in set(Stop):
            found[Stop(key)] = int(many)
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def explain_person(
    session: Session, *, now: datetime, coordinator_id: int, need_id: int, name: str
) -> list[Answer]:
    """Say of each volunteer of a name why they were asked about a need, or were not."""
    card = get_need(session, need_id=need_id)
    check(session, Act.ASSIGN_NEED, actor_id=coordinator_id, card=card)
    rows = session.all(
        select(person.c.id, person.c.name, community.c.name.label("place"))
        .join(volunteer, volunteer.c.person_id == person.c.id)
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(person.c.name == name, person.c.merged_into.is_(None))
        .order_by(person.c.id)
        .limit(NAMESAKES)
    )
    found = []
    for row in rows:
        asked = find_asked(session, need_id=need_id, volunteer_id=row.id)
        one = find_match(session, card, volunteer_id=row.id, now=now)
        was = asked is not None and asked.round == card.round
        found.append(
            Answer(
                name=row.name,
                community=row.place,
                state=asked.state if asked is not None and was else None,
                stops=[stop for stop in one.stops if stop is not Stop.ASKED_BEFORE],
                parts=[part for part, _ in one.parts],
            )
        )
    return found
