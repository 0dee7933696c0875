"""Going round: staff answer for one person after the other, and see who lacks what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, literal, select

from storage.database import Session
from storage.journal import note
from storage.looks import may_look
from storage.papers import ask_for_paper
from storage.people import Person, open_contact
from storage.refusals import NotAllowed, Refusal
from storage.registers.profiles import Profile, list_profiles
from storage.rules.fields import Place, Register
from storage.rules.surveys import OPEN, Channel
from storage.scope import seen_people
from storage.surveys.rows import fields_in, get_round_row, note_round, open_sealed
from storage.tables import (
    community,
    household,
    household_member,
    person,
    role,
    survey_answer,
    survey_round,
    volunteer,
)

PAGE = 8
CHUNK = 200


class NothingLacking(Refusal):
    """Nobody the actor sees lacks anything that the round asks."""

    key = "survey_lacks_nothing"


@dataclass(frozen=True, slots=True)
class Stop:
    """The next person to be asked, with what the way needs: a phone to ring, or a door to find.

    ``half``: somebody has begun to fill the sheet in.
    """

    answer_id: int
    name: str
    community: str | None
    group: str | None
    phone: str | None
    address: str | None
    by_chat: bool
    half: bool
    tried: bool
    left: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """Somebody of whom the register lacks some of what the round asks."""

    answer_id: int
    name: str
    community: str | None
    fields: tuple[str, ...]


def find_next(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    round_id: int,
    community_id: int | None,
    after: int,
    channel: Channel,
) -> Stop | None:
    """Find who is to be asked next of a community, by group; None when everybody was met.

    ``after`` is the last one met. A phone or a door is opened only if the way needs it, and the
    look is noted.
    """
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    rows = session.all(
        select(
            survey_answer,
            person.c.name,
            community.c.name.label("community"),
            household.c.group_code,
        )
        .join(survey_round, survey_round.c.id == survey_answer.c.round_id)
        .join(person, person.c.id == survey_answer.c.person_id)
        .outerjoin(community, community.c.id == person.c.community_id)
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(household, household.c.id == household_member.c.household_id)
        .where(survey_answer.c.round_id == round_id, survey_round.c.state == "open")
        .where(seen_people(actor), _is_still(survey_round.c.kind))
        .where(person.c.community_id.is_not_distinct_from(community_id))
        .order_by(household.c.group_code, household.c.id, survey_answer.c.id)
    )
    row = _following(rows, after)
    if row is None:
        return None
    phone = address = None
    if channel in (Channel.PHONE, Channel.VISIT) and may_look(
        session, now=now, actor=actor, person_id=row.person_id
    ):
        contact = open_contact(session, person_id=row.person_id)
        phone = contact.phone if channel is Channel.PHONE else None
        address = contact.address if channel is Channel.VISIT else None
        note(
            session,
            now=now,
            what="contact_seen",
            actor_id=actor.id,
            subject_id=row.person_id,
            thing="survey_answer",
            thing_id=row.id,
        )
    return Stop(
        answer_id=row.id,
        name=row.name,
        community=row.community,
        group=row.group_code or None,
        phone=phone,
        address=address,
        by_chat=row.by_chat,
        half=row.draft is not None,
        tried=row.state == "not_reached",
        left=sum(one.state in OPEN for one in rows),
    )


def _is_still(kind: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the person is still one of those the round is about: nobody has left or died."""
    return exists().where(
        role.c.person_id == person.c.id, role.c.kind == kind, role.c.state == "approved"
    )


def _following(rows: Sequence[Row[Any]], after: int) -> Row[Any] | None:
    """The first still to be asked behind the last one met; whoever was passed by waits."""
    ids = [row.id for row in rows]
    rest = rows[ids.index(after) + 1 :] if after in ids else rows
    return next((row for row in rest if row.state in OPEN), None)


def list_lacking(
    session: Session, *, actor: Person, round_id: int, after: int = 0, limit: int = PAGE
) -> list[Lacking]:
    """List of whom the register lacks what the round asks; what they would not say is no lack."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    found: list[Lacking] = []
    for one in _lacking(session, actor=actor, row=get_round_row(session, round_id), after=after):
        found.append(one)
        if len(found) == limit:
            break
    return found


def _lacking(session: Session, *, actor: Person, row: Row[Any], after: int) -> Iterator[Lacking]:
    fields = [field for field in fields_in(row) if field.place is not Place.QUALIFICATION]
    while True:
        rows = session.all(
            select(survey_answer, person.c.name, community.c.name.label("community"))
            .join(person, person.c.id == survey_answer.c.person_id)
            .outerjoin(community, community.c.id == person.c.community_id)
            .where(survey_answer.c.round_id == row.id, survey_answer.c.id > after)
            .where(seen_people(actor), _is_still(literal(row.kind)))
            .order_by(survey_answer.c.id)
            .limit(CHUNK)
        )
        known = _known(session, Register(row.kind), [one.person_id for one in rows])
        for one in rows:
            declined = {
                key
                for handed_in in open_sealed(session, one, "answers") or []
                for key in handed_in["declined"]
            }
            profile = known.get(one.person_id, {})
            missing = tuple(
                field.key
                for field in fields
                if field.key not in declined and profile.get(field.key) in (None, "", [])
            )
            if missing:
                yield Lacking(one.id, one.name, one.community, missing)
        if len(rows) < CHUNK:
            return
        after = rows[-1].id


def _known(session: Session, register: Register, person_ids: list[int]) -> dict[int, Profile]:
    known = list_profiles(session, person_ids=person_ids, register=register)
    if register is Register.VOLUNTEER:
        offered = session.all(select(volunteer).where(volunteer.c.person_id.in_(person_ids)))
        for row in offered:
            known.setdefault(row.person_id, {})
            known[row.person_id] |= {"skills": row.skills, "times": row.times}
    return known


def ask_for_lacking(session: Session, *, now: datetime, actor: Person, round_id: int) -> None:
    """Have the list of who lacks what made as a file; the round must be the actor's to see."""
    if not list_lacking(session, actor=actor, round_id=round_id, limit=1):
        raise NothingLacking
    ask_for_paper(session, now=now, actor=actor, kind="survey_lacking", facts={"round": round_id})


def note_lacking_list(session: Session, *, now: datetime, actor: Person, round_id: int) -> None:
    """Journal that the list went out."""
    note_round(session, now=now, actor=actor, round_id=round_id, what="survey_list_made")
