"""Audiences: whom a question, a notice or a reminder would reach, counted before it is sent."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from storage.communities import Community
from storage.database import Session
from storage.people import Person
from storage.refusals import NotAllowed
from storage.registers import list_disabilities, list_profiles
from storage.rules.ages import read_day
from storage.rules.audiences import Audience, ChatUse, Known, fits
from storage.scope import seen_communities, seen_people
from storage.tables import chat, community, household_member, person, role, volunteer

# So many profiles are opened at a time.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class CommunityCount:
    """How many of an audience live in one community; no name: those who live in none."""

    name: str | None
    people: int
    by_chat: int


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """How many are meant, how many of them the chat reaches, and where they live."""

    people: int
    by_chat: int
    communities: tuple[CommunityCount, ...]

    @property
    def without_chat(self) -> int:
        """How many have to be phoned, visited or given paper."""
        return self.people - self.by_chat


@dataclass(frozen=True, slots=True)
class Member:
    """One of an audience, and whether the chat reaches them."""

    id: int
    community_id: int | None
    by_chat: bool


# Whoever has no chat, or blocked the bot, is not reached by it.
REACHED = and_(
    person.c.telegram_id.is_not(None),
    or_(chat.c.reachable.is_(None), chat.c.reachable),
)


def check_audience(session: Session, *, actor: Person, audience: Audience) -> None:
    """Raise NotAllowed when the audience names a community that is not the actor's to see, or asks
    for what only the office may ask for.
    """
    if audience.is_sealed and not actor.is_office:
        raise NotAllowed
    asked = set(audience.communities)
    theirs = session.all(
        select(community.c.id).where(
            community.c.id.in_(asked), seen_communities(actor, community.c.id)
        )
    )
    if asked - {row.id for row in theirs}:
        raise NotAllowed


def list_seen_communities(session: Session, *, actor: Person) -> list[Community]:
    """List the communities whose people the actor may ask or write to."""
    rows = session.all(
        select(community)
        .where(community.c.active, seen_communities(actor, community.c.id))
        .order_by(community.c.position, community.c.id)
    )
    return [Community(id=row.id, name=row.name, active=row.active) for row in rows]


def count_audience(
    session: Session, *, now: datetime, actor: Person, audience: Audience
) -> AudienceCount:
    """Count whom the audience means of those the actor may see."""
    meant: Counter[int | None] = Counter()
    by_chat: Counter[int | None] = Counter()
    if audience.is_sealed:
        for one in list_audience(session, now=now, actor=actor, audience=audience):
            meant[one.community_id] += 1
            by_chat[one.community_id] += one.by_chat
    else:
        counted = _members(actor, audience).with_only_columns(
            person.c.community_id,
            func.count().label("people"),
            func.sum(case((REACHED, 1), else_=0)).label("by_chat"),
        )
        for row in session.all(counted.group_by(person.c.community_id)):
            meant[row.community_id] = row.people
            by_chat[row.community_id] = row.by_chat
    named = session.all(
        select(community.c.id, community.c.name)
        .where(community.c.id.in_([one for one in meant if one is not None]))
        .order_by(community.c.position, community.c.id)
    )
    places = [(row.id, row.name) for row in named] + ([(None, None)] if None in meant else [])
    return AudienceCount(
        people=meant.total(),
        by_chat=by_chat.total(),
        communities=tuple(
            CommunityCount(name, meant[place], by_chat[place]) for place, name in places
        ),
    )


def list_audience(
    session: Session, *, now: datetime, actor: Person, audience: Audience
) -> list[Member]:
    """List whom the audience means of those the actor may see, by id."""
    if audience.is_sealed and not actor.is_office:
        return []
    rows = session.all(
        _members(actor, audience)
        .with_only_columns(person.c.id, person.c.community_id, REACHED.label("by_chat"))
        .order_by(person.c.id)
    )
    members = [Member(row.id, row.community_id, bool(row.by_chat)) for row in rows]
    if not audience.is_sealed:
        return members
    today = session.house.local(now).date()
    return [
        one
        for first in range(0, len(members), CHUNK)
        for one in _fitting(session, audience, members[first : first + CHUNK], today)
    ]


def _fitting(
    session: Session, audience: Audience, members: Sequence[Member], today: date
) -> Iterator[Member]:
    """Those of a part whom the register, opened, shows to be meant."""
    ids = [one.id for one in members]
    disabilities = list_disabilities(session, person_ids=ids)
    profiles = list_profiles(session, person_ids=ids)
    several = _in_households_of_several(session, ids) if audience.households else frozenset()
    for one in members:
        disability, profile = disabilities.get(one.id), profiles.get(one.id, {})
        known = Known(
            category=disability.category.value if disability else None,
            grade=disability.grade if disability else None,
            born_on=read_day(profile.get("born_on")),
            lives_alone=profile.get("lives_alone") is True,
            several=one.id in several,
        )
        if fits(audience, known, today):
            yield one


def _in_households_of_several(session: Session, ids: Sequence[int]) -> frozenset[int]:
    """Those in whose household somebody else is registered as a resident too."""
    other = household_member.alias("other")
    rows = session.all(
        select(household_member.c.person_id).where(
            household_member.c.person_id.in_(ids),
            exists().where(
                other.c.household_id == household_member.c.household_id,
                other.c.person_id != household_member.c.person_id,
                role.c.person_id == other.c.person_id,
                role.c.kind == "resident",
                role.c.state == "approved",
            ),
        )
    )
    return frozenset(row.person_id for row in rows)


def _members(actor: Person, audience: Audience) -> Select[tuple[int]]:
    """Who is meant: one statement, whatever is asked of it."""
    holds = exists().where(
        role.c.person_id == person.c.id,
        role.c.kind.in_(audience.roles),
        role.c.state == "approved",
    )
    conditions = [seen_people(actor), holds]
    if audience.communities:
        conditions.append(person.c.community_id.in_(audience.communities))
    if audience.chat != ChatUse.ANY:
        conditions.append(REACHED if audience.chat == ChatUse.WITH else ~REACHED)
    if audience.skills:
        # Kept as "haircut,errands": the commas around keep one key from being part of another.
        held = literal(",") + volunteer.c.skills + literal(",")
        skilled = or_(*(held.contains(f",{skill},") for skill in audience.skills))
        conditions.append(exists().where(volunteer.c.person_id == person.c.id, skilled))
    return (
        select(person.c.id)
        .outerjoin(chat, chat.c.id == person.c.telegram_id)
        .where(and_(*conditions))
    )
