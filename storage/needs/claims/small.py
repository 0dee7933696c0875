"""微服务: small tasks of half an hour at most, found by volunteers themselves and taken at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_

from storage.database import Session
from storage.needs.asked import find_asked
from storage.needs.cards import NeedCard, get_need, list_cards, read_need
from storage.needs.claims.claiming import FREE, claim_need
from storage.needs.matching.choosing import find_match
from storage.needs.matching.offering import add_offer
from storage.needs.matching.reaching import mode_of
from storage.needs.standing import amend, check, check_version, journal
from storage.neighbours import list_near
from storage.people import Person, get_person
from storage.refusals import NotAllowed
from storage.rules.access import Act
from storage.rules.areas import Mode
from storage.rules.matching import Match, Stop, write_parts
from storage.tables import need

LISTED_AT_MOST = 6
LOOKED_AT = 30
# What a volunteer who looks for themselves has changed their mind about, or did not wait for.
# Of a full list they hear when they take it.
_SAID_LATER = frozenset({Stop.ASKED_BEFORE, Stop.SAID_NO, Stop.OVER_LIMIT})


def mark_small(
    session: Session,
    *,
    now: datetime,
    coordinator_id: int,
    need_id: int,
    version: int,
    small: bool,
) -> NeedCard:
    """Staff say that a need is a small task, or is not; the offers that are out stay good."""
    card = get_need(session, need_id=need_id)
    check(session, Act.ASSIGN_NEED, actor_id=coordinator_id, card=card)
    check_version(card, version)
    amend(session, card, small=small)
    fresh = read_need(session, need_id=need_id)
    what = "need_small" if small else "need_not_small"
    journal(session, fresh, now=now, actor_id=coordinator_id, what=what)
    return fresh


def list_small(session: Session, *, now: datetime, person: Person) -> Sequence[NeedCard]:
    """List the small tasks near a volunteer which they could take now, the oldest first."""
    if not person.is_approved("volunteer"):
        raise NotAllowed
    here = _places_near(session, person)
    near = or_(need.c.community_id.in_(here), need.c.community_id.is_(None))
    found: list[NeedCard] = []
    for card in list_cards(session, need.c.state.in_(FREE), need.c.small, near, limit=LOOKED_AT):
        if mode_of(session, card) is not Mode.FIRST_COME:
            continue
        if _may(find_match(session, card, volunteer_id=person.id, now=now)):
            found.append(card)
        if len(found) == LISTED_AT_MOST:
            break
    return found


def _places_near(session: Session, person: Person) -> set[int]:
    """Their own community and those beside it."""
    near = list_near(session, community_id=person.community_id)
    places = {person.community_id} | (near.neighbours or near.siblings)
    return {place for place in places if place is not None}


def _may(found: Match) -> bool:
    return _SAID_LATER.issuperset(found.stops)


def take_small(
    session: Session, *, now: datetime, volunteer_id: int, need_id: int, version: int
) -> NeedCard:
    """Take a small task that a volunteer found themselves: as if they had been asked."""
    card = get_need(session, need_id=need_id)
    who = get_person(session, person_id=volunteer_id)
    if not card.small or not who.is_approved("volunteer"):
        raise NotAllowed
    if card.community_id is not None and card.community_id not in _places_near(session, who):
        raise NotAllowed
    if card.claim is None and card.state in FREE:
        _ask_themselves(session, card, now=now, volunteer_id=volunteer_id)
    return claim_need(session, now=now, volunteer_id=volunteer_id, need_id=need_id, version=version)


def _ask_themselves(session: Session, card: NeedCard, *, now: datetime, volunteer_id: int) -> None:
    found = find_match(session, card, volunteer_id=volunteer_id, now=now)
    if not _may(found):
        raise NotAllowed
    asked = find_asked(session, need_id=card.id, volunteer_id=volunteer_id)
    if asked is None or asked.round != card.round:
        add_offer(
            session,
            now=now,
            card=card,
            volunteer_id=volunteer_id,
            wave=card.wave,
            reasons=write_parts(found.parts),
        )
