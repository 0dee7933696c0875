"""Likely duplicates as they stand side by side: masked, and only for who may see both."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Row, Select, and_, or_, select, update

from storage.communities import find_community
from storage.database import Session
from storage.journal import note
from storage.looks import may_look
from storage.people import Person, open_contact
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.registers import find_certificate, open_profile
from storage.rules.masks import mask_certificate
from storage.rules.phones import Phone, mask, parse_phone
from storage.scope import check_sees, seen_people
from storage.tables import duplicate, person, role

LATER = timedelta(days=7)


class DuplicateDecided(Refusal):
    """Somebody else decided first; facts say who (``by``) and what (``state``)."""

    key = "duplicate_decided"


@dataclass(frozen=True, slots=True)
class Side:
    """One entry of a pair, as much as is needed to tell people apart."""

    id: int
    name: str
    community: str | None
    born_on: str | None
    phone: str | None
    certificate: str | None
    roles: list[str]
    uses_chat: bool
    registered_on: datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries that are likely one person."""

    id: int
    why: str
    state: str
    version: int
    decided_by: str | None
    low: Side
    high: Side

    def other_than(self, person_id: int) -> int:
        """Return the other one's id; raises NotAllowed for somebody who is not of the pair."""
        ids = {self.low.id: self.high.id, self.high.id: self.low.id}
        if person_id not in ids:
            raise NotAllowed
        return ids[person_id]


def list_pairs(session: Session, *, actor: Person, now: datetime, limit: int = 5) -> list[Pair]:
    """List the oldest pairs that wait."""
    rows = session.all(_waiting(actor, now).order_by(duplicate.c.id).limit(limit))
    return [get_pair(session, actor=actor, duplicate_id=row.id) for row in rows]


def _waiting(actor: Person, now: datetime) -> Select[tuple[int]]:
    low, high = person.alias("low"), person.alias("high")
    seen = select(person.c.id).where(seen_people(actor))
    return (
        select(duplicate.c.id)
        .join(low, low.c.id == duplicate.c.low_id)
        .join(high, high.c.id == duplicate.c.high_id)
        .where(duplicate.c.state == "open")
        .where(or_(duplicate.c.later_until.is_(None), duplicate.c.later_until <= now))
        .where(and_(low.c.id.in_(seen), high.c.id.in_(seen)))
    )


def get_pair(session: Session, *, actor: Person, duplicate_id: int) -> Pair:
    """Return a pair; raises NotAllowed when there is none, OutsideScope when it is not theirs."""
    row = session.find(select(duplicate).where(duplicate.c.id == duplicate_id))
    if row is None or actor.scope is None:
        raise NotAllowed
    for person_id in (row.low_id, row.high_id):
        check_sees(session, actor=actor, person_id=person_id)
    decider = None
    if row.decided_by is not None:
        decider = session.value(select(person.c.name).where(person.c.id == row.decided_by))
    return Pair(
        id=row.id,
        why=row.why,
        state=row.state,
        version=row.version,
        decided_by=decider,
        low=_side(session, row.low_id),
        high=_side(session, row.high_id),
    )


def show_pair(session: Session, *, now: datetime, actor: Person, duplicate_id: int) -> Pair:
    """Return a pair and write down who looked at whom.

    Of a child no more than name and community are shown before a look is approved.
    """
    pair = get_pair(session, actor=actor, duplicate_id=duplicate_id)
    low, high = (
        side
        if may_look(session, now=now, actor=actor, person_id=side.id)
        else replace(side, born_on=None, phone=None, certificate=None)
        for side in (pair.low, pair.high)
    )
    pair = replace(pair, low=low, high=high)
    for side in (pair.low, pair.high):
        note(
            session,
            now=now,
            what="duplicate_seen",
            actor_id=actor.id,
            subject_id=side.id,
            thing="duplicate",
            thing_id=pair.id,
        )
    return pair


def check_open(pair: Pair, *, version: int) -> None:
    """Raise what became of the pair, when it is not as it was shown."""
    if pair.state != "open":
        raise DuplicateDecided(by=pair.decided_by, state=pair.state)
    if pair.version != version:
        raise TooLate


def put_off(
    session: Session, *, now: datetime, actor: Person, duplicate_id: int, version: int
) -> None:
    """Not now: the pair comes back in a week."""
    pair = get_pair(session, actor=actor, duplicate_id=duplicate_id)
    check_open(pair, version=version)
    put = session.change(
        update(duplicate)
        .where(duplicate.c.id == pair.id, duplicate.c.version == version)
        .where(duplicate.c.state == "open")
        .values(later_until=now + LATER, version=version + 1)
    )
    if put == 0:
        raise TooLate


def _side(session: Session, person_id: int) -> Side:
    row = session.find(select(person).where(person.c.id == person_id))
    if row is None:
        raise LookupError(f"no person {person_id}")
    profile = open_profile(session, person_id=person_id)
    return Side(
        id=row.id,
        name=row.name,
        community=_community(session, row),
        born_on=_text(profile.get("born_on")),
        phone=_masked_phone(open_contact(session, person_id=person_id).phone),
        certificate=_masked_certificate(session, person_id),
        roles=_roles(session, person_id),
        uses_chat=row.telegram_id is not None,
        registered_on=row.created_at,
    )


def _community(session: Session, row: Row[tuple[object, ...]]) -> str | None:
    found = None
    if row.community_id is not None:
        found = find_community(session, community_id=row.community_id)
    return found.name if found else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _masked_phone(number: str | None) -> str | None:
    read = parse_phone(number) if number else None
    return mask(read) if isinstance(read, Phone) else None


def _roles(session: Session, person_id: int) -> list[str]:
    rows = session.all(
        select(role.c.kind)
        .where(role.c.person_id == person_id, role.c.state.in_(("waiting", "approved")))
        .order_by(role.c.kind)
    )
    return [row.kind for row in rows]


def _masked_certificate(session: Session, person_id: int) -> str | None:
    found = find_certificate(session, person_id=person_id)
    return mask_certificate(found.number) if found else None
