"""A need goes to the organisation that owns such work: the next one, or back to the desk."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.categories import rule_of
from storage.database import Session
from storage.needs.cards import NeedCard, get_need, read_need
from storage.needs.matching.offering import close_offers, tomorrow
from storage.needs.referral.telling import BEFORE, tell_desk, tell_organisation
from storage.needs.refusals import NeedMoved, NotDesignated
from storage.needs.standing import check, check_version, journal, shift
from storage.needs.telling import News, tell_residents
from storage.outbox import MessageClass
from storage.owners import stand
from storage.refusals import Fact, NotAllowed
from storage.rules.access import Act
from storage.rules.areas import Urgency
from storage.rules.lifecycle import NeedMove, NeedState
from storage.rules.sending import working_moment
from storage.services import Provider, find_providers, list_fit
from storage.tables import organisation, referral

PRESSING = (Urgency.U0, Urgency.U1)


def list_providers(session: Session, card: NeedCard, *, now: datetime) -> list[Provider]:
    """Return whom the need could go to: who was asked for, then by the category's own order.

    Not an organisation that has declined it, or had it and did not solve it.
    """
    found = find_providers(session, category=card.category, community_id=card.community_id, now=now)
    order = {kind: at for at, kind in enumerate(rule_of(session, card.category).providers)}
    had = _had_before(session, card)

    def rank(one: Provider) -> tuple[bool, bool, int]:
        return (
            one.service_id != card.service_id,
            not one.near,
            order.get(one.kind, len(order)),
        )

    return sorted((one for one in found if one.organisation_id not in had), key=rank)


def _had_before(session: Session, card: NeedCard) -> frozenset[int]:
    rows = session.all(
        select(referral.c.organisation_id).where(
            referral.c.need_id == card.id, referral.c.ended_at.is_not(None)
        )
    )
    return frozenset(row.organisation_id for row in rows)


def refer(
    session: Session,
    *,
    now: datetime,
    card: NeedCard,
    organisation_id: int,
    service_id: int | None = None,
    actor_id: int | None = None,
    after: dict[str, Fact] | None = None,
) -> NeedCard:
    """Lay the need before an organisation; where nobody there can be written to, the desk phones.

    ``after``: which organisation could not, and why, for those who hear of both at once.
    """
    standing = stand(
        session,
        now=now,
        state=NeedState.REFERRED.value,
        urgency=card.urgency,
        community_id=card.community_id,
        action_key=card.action,
        owner_id=organisation_id,
    )
    due = standing["due_at"]
    again = now + (due - now) / 2
    if card.urgency not in PRESSING:
        again = min(due, working_moment(session.house.local(again)))
    shift(session, card, NeedMove.REFER, now=now, next_step_at=again, **standing)
    _write(
        session,
        now=now,
        need_id=card.id,
        organisation_id=organisation_id,
        service_id=service_id,
        made_by=actor_id,
        due_at=due,
    )
    fresh = read_need(session, need_id=card.id)
    close_offers(session, fresh, now=now, template="offer_withdrawn")
    journal(
        session,
        fresh,
        now=now,
        actor_id=actor_id,
        what="need_referred",
        ground=f"organisation {organisation_id}",
    )
    if tell_organisation(session, fresh, now=now) == 0:
        fresh = lay_on_desk(session, fresh)
        tell_desk(session, fresh, now=now, why="no_staff")
    # Whoever has just sent the need reads it in their answer.
    teller = card.stated_by if card.created_at == now and after is None else None
    news = News("need_referred", MessageClass.INFO, facts={**BEFORE, **(after or {})})
    tell_residents(session, fresh, now=now, news=news, but=teller)
    return fresh


def _write(session: Session, *, now: datetime, **values: Any) -> None:
    row = {
        "uid": secrets.token_hex(16),
        "state": "offered",
        "reason": "",
        "with_desk": False,
        "by_phone": False,
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            session.execute(insert(referral).values(**row, **values))
    except IntegrityError as error:
        raise NeedMoved(state=NeedState.REFERRED.value) from error


def lay_on_desk(session: Session, card: NeedCard) -> NeedCard:
    """From here on the coordinators of the resident have to do something about it."""
    session.change(update(referral).where(referral.c.id == card.referred.id).values(with_desk=True))
    return read_need(session, need_id=card.id)


def refer_on(
    session: Session,
    *,
    now: datetime,
    card: NeedCard,
    why: str,
    after: dict[str, Fact],
) -> NeedCard:
    """An organisation could not: the next provider, else the desk. Its referral has ended."""
    providers = list_providers(session, card, now=now)
    if providers:
        first = providers[0]
        return refer(
            session,
            now=now,
            card=card,
            organisation_id=first.organisation_id,
            service_id=first.service_id,
            after=after,
        )
    return return_to_desk(session, now=now, card=card, why=why, after=after)


def return_to_desk(
    session: Session, *, now: datetime, card: NeedCard, why: str, after: dict[str, Fact]
) -> NeedCard:
    """No organisation has the need any more: the coordinators do. Its referral has ended."""
    shift(session, card, NeedMove.RETURN, now=now, next_step_at=tomorrow(session, now=now))
    fresh = read_need(session, need_id=card.id)
    tell_desk(session, fresh, now=now, why=why, **after)
    news = News("need_back_at_desk", MessageClass.INFO, facts={**BEFORE, **after, "why": why})
    tell_residents(session, fresh, now=now, news=news)
    journal(session, fresh, now=now, actor_id=None, what="need_returned", ground=why)
    return fresh


def list_referable(
    session: Session, *, now: datetime, coordinator_id: int, need_id: int
) -> Sequence[Provider]:
    """Return to which organisations a coordinator may refer the need, the best first."""
    card = get_need(session, need_id=need_id)
    check(session, Act.REFER_NEED, actor_id=coordinator_id, card=card)
    return list_providers(session, card, now=now)


def refer_need(
    session: Session,
    *,
    now: datetime,
    coordinator_id: int,
    need_id: int,
    version: int,
    organisation_id: int,
) -> NeedCard:
    """A coordinator refers a need that came to the desk."""
    card = get_need(session, need_id=need_id)
    check(session, Act.REFER_NEED, actor_id=coordinator_id, card=card)
    check_version(card, version)
    if card.state is not NeedState.UNCLAIMED:
        raise NeedMoved(state=card.state.value)
    row = session.find(select(organisation).where(organisation.c.id == organisation_id))
    if row is None or not row.active:
        raise NotAllowed
    today = session.house.local(now).date()
    if not list_fit(
        session, organisation_ids={organisation_id}, category=card.category, today=today
    ):
        raise NotDesignated(name=row.name)
    entry = next(
        (
            one.service_id
            for one in list_providers(session, card, now=now)
            if one.organisation_id == organisation_id
        ),
        None,
    )
    return refer(
        session,
        now=now,
        card=card,
        organisation_id=organisation_id,
        service_id=entry,
        actor_id=coordinator_id,
    )
