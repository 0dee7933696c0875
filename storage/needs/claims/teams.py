"""An organisation answers: it puts one of its own people forward, or cannot this time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.database import Session
from storage.needs.buttons import offer_buttons
from storage.needs.cards import NeedCard, get_need
from storage.needs.claims.claiming import FREE
from storage.needs.matching.asking_teams import TeamAsked
from storage.needs.matching.candidates import list_helpers, with_profiles
from storage.needs.matching.choosing import Candidate, stops_for_good, what_is_sought, with_names
from storage.needs.matching.offering import add_offer
from storage.needs.standing import journal, moved
from storage.needs.telling import News, tell
from storage.refusals import AlreadyDone, Fact, NotAllowed, TooLate
from storage.rules.matching import rank
from storage.services import list_org_staff
from storage.tables import attachment, need, offer, organisation, team_offer


def get_team_asked(session: Session, *, actor_id: int, asked_id: int) -> TeamAsked:
    """Return what an organisation was asked, to somebody who works there."""
    row = session.find(_rows().where(team_offer.c.id == asked_id))
    if row is None:
        raise NotAllowed
    staff = list_org_staff(session, organisation_id=row.organisation_id)
    if actor_id not in {person_id for person_id, _ in staff}:
        raise NotAllowed
    return _team_asked(session, row)


def _rows() -> Any:
    return select(team_offer, organisation.c.name.label("organisation")).join(
        organisation, organisation.c.id == team_offer.c.organisation_id
    )


def _team_asked(session: Session, row: Row[Any]) -> TeamAsked:
    return TeamAsked(
        id=row.id,
        version=row.version,
        state=row.state,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        card=get_need(session, need_id=row.need_id),
    )


def list_team(
    session: Session, *, now: datetime, actor_id: int, asked_id: int
) -> tuple[TeamAsked, Sequence[Candidate]]:
    """Return whom an organisation could put forward: its own people, the best match first."""
    one = get_team_asked(session, actor_id=actor_id, asked_id=asked_id)
    return one, _people(session, one, now=now)


def _people(session: Session, one: TeamAsked, *, now: datetime) -> list[Candidate]:
    rows = session.all(
        select(attachment.c.person_id).where(
            attachment.c.organisation_id == one.organisation_id, attachment.c.state == "active"
        )
    )
    card = one.card
    sought = what_is_sought(session, card, now=now)
    helpers = list_helpers(
        session,
        card,
        wanted=sought.wanted,
        paper=sought.paper,
        now=now,
        among=[row.person_id for row in rows],
    )
    opened = with_profiles(session, helpers, now=now).values()
    fit = [helper for helper in opened if not stops_for_good(helper, sought.wanted)]
    ranked = rank(fit, sought.wanted, session.house.local(now))
    return with_names(session, ranked, card, sought=sought, now=now)


def put_forward(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    asked_id: int,
    version: int,
    volunteer_id: int,
) -> TeamAsked:
    """Name one of one's own people: they are asked in person, and may say that they cannot."""
    one = get_team_asked(session, actor_id=actor_id, asked_id=asked_id)
    if volunteer_id not in {who.person_id for who in _people(session, one, now=now)}:
        raise NotAllowed
    card = one.card
    _answer(
        session,
        one,
        version=version,
        state="put_forward",
        volunteer_id=volunteer_id,
        answered_by=actor_id,
    )
    offer_id = _offer(session, card, now=now, volunteer_id=volunteer_id)
    facts: dict[str, Fact] = {**card.public_facts, "organisation": one.organisation}
    news = News("offer_from_team", buttons=offer_buttons(card), about=offer_id)
    tell(session, card, now=now, to=volunteer_id, news=news, facts=facts)
    journal(session, card, now=now, actor_id=actor_id, what="team_put_forward")
    return get_team_asked(session, actor_id=actor_id, asked_id=asked_id)


def _offer(session: Session, card: NeedCard, *, now: datetime, volunteer_id: int) -> int:
    """Ask in person; whoever was asked before, or said no, is asked once more."""
    mine = select(offer.c.id, offer.c.state).where(
        offer.c.need_id == card.id,
        offer.c.round == card.round,
        offer.c.volunteer_id == volunteer_id,
    )
    row = session.find(mine)
    if row is None:
        return add_offer(
            session,
            now=now,
            card=card,
            volunteer_id=volunteer_id,
            wave=card.wave,
            assigned=True,
        ).offer_id
    session.change(update(offer).where(offer.c.id == row.id).values(assigned=True, state="offered"))
    return int(row.id)


def decline_for_team(
    session: Session, *, now: datetime, actor_id: int, asked_id: int, version: int
) -> TeamAsked:
    """Not this time: the organisation is asked about this no more, and about others again."""
    one = get_team_asked(session, actor_id=actor_id, asked_id=asked_id)
    _answer(session, one, version=version, state="declined", answered_by=actor_id)
    journal(session, one.card, now=now, actor_id=actor_id, what="team_declined")
    return get_team_asked(session, actor_id=actor_id, asked_id=asked_id)


def _answer(
    session: Session, one: TeamAsked, *, version: int, state: str, **values: object
) -> None:
    """Two of one organisation may press together: one answer counts, while the need is free."""
    if one.card.state not in FREE:
        raise moved(one.card)
    free = select(need.c.id).where(need.c.id == one.card.id, need.c.state.in_(FREE))
    changed = session.change(
        update(team_offer)
        .where(team_offer.c.id == one.id, team_offer.c.version == version)
        .where(team_offer.c.state == "asked", free.exists())
        .values(state=state, version=team_offer.c.version + 1, **values)
    )
    if changed != 1:
        raise AlreadyDone if one.state == state else TooLate


def list_teams_asked(session: Session, *, card: NeedCard) -> list[tuple[str, str]]:
    """Return which organisations were asked in this round, and what they said."""
    rows = session.all(
        _rows()
        .where(team_offer.c.need_id == card.id, team_offer.c.round == card.round)
        .order_by(team_offer.c.id)
    )
    return [(row.organisation, row.state) for row in rows]
