"""Organisations are asked beside volunteers, whether one of their people can take a need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select

from storage.database import Session
from storage.needs.buttons import Lines, button
from storage.needs.cards import NeedCard
from storage.needs.standing import journal
from storage.outbox import MessageClass, Wanted, say
from storage.refusals import Fact
from storage.rules.lifecycle import NeedMove, may_move
from storage.services import find_providers, list_org_staff
from storage.tables import organisation, organisation_kind, team_offer

ASKED_AT_MOST = 3
SHELF = timedelta(days=3)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class TeamAsked:
    """An organisation's card: which, about what, and how it stands."""

    id: int
    version: int
    state: str
    organisation_id: int
    organisation: str
    card: NeedCard

    @property
    def facts(self) -> dict[str, Fact]:
        """The need as it is shown to whoever is only asked: no name, address or phone."""
        return {**self.card.public_facts, "organisation": self.organisation}


def ask_teams(session: Session, card: NeedCard, *, now: datetime) -> int:
    """Ask the organisations that do this kind of thing near by and have room; returns how many.

    Only such as have people of their own, and somebody in the chat who can answer.
    """
    providers = find_providers(
        session, category=card.category, community_id=card.community_id, now=now
    )
    teams = _with_people(session, [one.organisation_id for one in providers])
    busy = _busy(session, teams, since=now - WEEK)
    before = _asked(session, card)
    asked = 0
    for one in providers:
        here = one.organisation_id
        full = one.free is not None and one.free <= busy.get(here, 0)
        staff = list_org_staff(session, organisation_id=here, reachable=True)
        if here not in teams or here in before or full or not staff:
            continue
        _ask(session, card, now=now, organisation_id=here, name=one.organisation, staff=staff)
        before.add(here)
        asked += 1
        if asked == ASKED_AT_MOST:
            break
    return asked


def _with_people(session: Session, ids: Sequence[int]) -> set[int]:
    rows = session.all(
        select(organisation.c.id)
        .join(organisation_kind, organisation_kind.c.key == organisation.c.kind)
        .where(organisation.c.id.in_(ids), organisation_kind.c.attaches == "member")
    )
    return {row.id for row in rows}


def _busy(session: Session, ids: set[int], *, since: datetime) -> dict[int, int]:
    """How many people each put forward lately: what it has taken on beside its referrals."""
    rows = session.all(
        select(team_offer.c.organisation_id, func.count().label("needs"))
        .where(team_offer.c.organisation_id.in_(ids), team_offer.c.created_at > since)
        .where(team_offer.c.state == "put_forward")
        .group_by(team_offer.c.organisation_id)
    )
    return {row.organisation_id: int(row.needs) for row in rows}


def _asked(session: Session, card: NeedCard) -> set[int]:
    rows = session.all(
        select(team_offer.c.organisation_id).where(
            team_offer.c.need_id == card.id, team_offer.c.round == card.round
        )
    )
    return {row.organisation_id for row in rows}


def _ask(
    session: Session,
    card: NeedCard,
    *,
    now: datetime,
    organisation_id: int,
    name: str,
    staff: Sequence[tuple[int, str]],
) -> None:
    row = {
        "need_id": card.id,
        "round": card.round,
        "organisation_id": organisation_id,
        "state": "asked",
        "created_at": now,
        "version": 1,
    }
    made = int(session.value(insert(team_offer).values(row).returning(team_offer.c.id)))
    one = TeamAsked(made, 1, "asked", organisation_id, name, card)
    for person_id, _ in staff:
        say(
            session,
            now=now,
            to=person_id,
            key=f"team:{made}:v1:{person_id}",
            template="team_asked",
            message_class=MessageClass.INFO,
            facts=one.facts,
            buttons=team_buttons(one),
            card=f"team:{made}",
            wanted=Wanted("need", card.id, card.version),
            shelf=SHELF,
        )
    journal(session, card, now=now, actor_id=None, what="team_asked", ground=str(organisation_id))


def team_buttons(one: TeamAsked) -> Lines:
    """Somebody of ours, or not this time."""
    if one.state != "asked" or not may_move(one.card.state, NeedMove.CLAIM):
        return []
    return [
        [
            button("team.put", "team", "put", one.id, one.version),
            button("team.no", "team", "no", one.id, one.version),
        ]
    ]
