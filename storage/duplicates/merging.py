"""Merging two entries of one person: everything moves to the one that is kept, all at once."""

from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update

from storage.apart import apart_from
from storage.database import Session
from storage.duplicates.calling import join_calls
from storage.duplicates.joining import (
    join_consents,
    join_contact,
    join_offers,
    join_registers,
    join_roles,
    join_ties,
)
from storage.duplicates.pairing import join_pairs
from storage.duplicates.pairs import Pair, check_open, get_pair
from storage.journal import note
from storage.needs.parting import part
from storage.outbox import MessageClass, say
from storage.people import Person
from storage.references import move_references
from storage.refusals import Refusal, TooLate
from storage.tables import (
    check_in_plan,
    claim,
    duplicate,
    need,
    person,
    role,
    volunteer,
)

STAFF = ("coordinator", "leading_group")
UNDECIDED = ("active", "done")


class Entangled(Refusal):
    """One of the two helps the other just now, so they cannot be one person yet."""

    key = "merge_entangled"


class StaffMerge(Refusal):
    """One of the two is staff: only the office may merge them."""

    key = "merge_staff"


def merge(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    duplicate_id: int,
    version: int,
    kept_id: int,
) -> int:
    """Make one person of a pair; returns the id of the other, which only points to it from now on.

    1. Whoever presses must see both, and nobody may have decided before.
    2. Both people are locked: what is being written for one of them is waited for.
    3. One of them must not be helping the other, and neither may be merged already.
    4. What both have becomes one, then everything that names the other names the kept one.
    5. Whom either was kept apart from has nothing of the other's in hand any more.
    6. The other keeps its number and points: old buttons lead to the kept one.
    """
    pair = get_pair(session, actor=actor, duplicate_id=duplicate_id)
    gone_id = pair.other_than(kept_id)
    check_open(pair, version=version)
    _decide(session, now=now, actor=actor, pair=pair, state="merged")
    _lock(session, gone_id=gone_id, kept_id=kept_id)
    _check_staff(session, actor=actor, pair=pair)
    _check_entangled(session, gone_id=gone_id, kept_id=kept_id)
    join_registers(session, gone=gone_id, kept=kept_id)
    join_roles(session, now=now, actor_id=actor.id, gone=gone_id, kept=kept_id)
    join_consents(session, now=now, actor_id=actor.id, gone=gone_id, kept=kept_id)
    join_ties(session, now=now, actor_id=actor.id, gone=gone_id, kept=kept_id)
    join_pairs(session, now=now, actor_id=actor.id, gone=gone_id, kept=kept_id)
    join_calls(session, now=now, gone=gone_id, kept=kept_id)
    join_offers(session, gone=gone_id, kept=kept_id)
    join_contact(session, gone=gone_id, kept=kept_id)
    left = move_references(session, gone=gone_id, kept=kept_id)
    _point(session, gone_id=gone_id, kept_id=kept_id)
    for other in sorted(apart_from(session, kept_id)):
        # What only one entry was kept from, the other may have in hand.
        part(session, now=now, one=kept_id, other=other, by=actor.id)
    _move_pairs(session, now=now, actor=actor, gone_id=gone_id, kept_id=kept_id)
    note(
        session,
        now=now,
        what="people_merged",
        actor_id=actor.id,
        subject_id=kept_id,
        thing="person",
        thing_id=gone_id,
        ground=pair.why,
        detail=f"left {','.join(left)}" if left else "",
    )
    _tell(session, now=now, kept_id=kept_id, gone_id=gone_id, actor=actor)
    return gone_id


def keep_apart(
    session: Session, *, now: datetime, actor: Person, duplicate_id: int, version: int
) -> None:
    """They are two people: the pair is never shown again."""
    pair = get_pair(session, actor=actor, duplicate_id=duplicate_id)
    check_open(pair, version=version)
    _decide(session, now=now, actor=actor, pair=pair, state="different")
    note(
        session,
        now=now,
        what="people_kept_apart",
        actor_id=actor.id,
        subject_id=pair.low.id,
        thing="person",
        thing_id=pair.high.id,
        ground=pair.why,
    )


def _decide(session: Session, *, now: datetime, actor: Person, pair: Pair, state: str) -> None:
    decided = session.change(
        update(duplicate)
        .where(
            duplicate.c.id == pair.id,
            duplicate.c.state == "open",
            duplicate.c.version == pair.version,
        )
        .values(state=state, decided_by=actor.id, decided_at=now, version=pair.version + 1)
    )
    if decided == 0:
        raise TooLate


def _lock(session: Session, *, gone_id: int, kept_id: int) -> None:
    """Lock both; either may have been merged a moment ago.

    Whoever claims locks the helper's row and then names the person: in the same order here.
    """
    both = (gone_id, kept_id)
    helpers = select(volunteer.c.person_id).where(volunteer.c.person_id.in_(both))
    session.all(helpers.order_by(volunteer.c.person_id).with_for_update())
    rows = session.all(
        select(person.c.id, person.c.merged_into)
        .where(person.c.id.in_(both))
        .order_by(person.c.id)
        .with_for_update()
    )
    if len(rows) != 2 or any(row.merged_into is not None for row in rows):
        raise TooLate


def _check_staff(session: Session, *, actor: Person, pair: Pair) -> None:
    staff = session.find(
        select(role.c.id).where(
            role.c.person_id.in_((pair.low.id, pair.high.id)),
            role.c.kind.in_(STAFF),
            role.c.state == "approved",
        )
    )
    if staff is not None and not actor.is_office:
        raise StaffMerge


def _check_entangled(session: Session, *, gone_id: int, kept_id: int) -> None:
    both = (gone_id, kept_id)
    helps = (
        exists()
        .where(claim.c.need_id == need.c.id, claim.c.state.in_(UNDECIDED))
        .where(claim.c.volunteer_id.in_(both), need.c.resident_id.in_(both))
    )
    calls = exists().where(
        check_in_plan.c.state == "active",
        check_in_plan.c.resident_id.in_(both),
        or_(check_in_plan.c.caller_id.in_(both), check_in_plan.c.stand_in_id.in_(both)),
    )
    if session.value(select(or_(helps, calls))):
        raise Entangled


def _point(session: Session, *, gone_id: int, kept_id: int) -> None:
    session.change(
        update(person).where(person.c.id == kept_id).values(version=person.c.version + 1)
    )
    pointed = session.change(
        update(person)
        .where(person.c.id == gone_id, person.c.merged_into.is_(None))
        .values(merged_into=kept_id, name="", version=person.c.version + 1)
    )
    if pointed == 0:
        raise TooLate


def _move_pairs(
    session: Session, *, now: datetime, actor: Person, gone_id: int, kept_id: int
) -> None:
    """Other likenesses of ``gone`` are likenesses of ``kept`` now, each pair once."""
    pairs = session.all(
        select(duplicate).where(
            or_(duplicate.c.low_id == gone_id, duplicate.c.high_id == gone_id),
            duplicate.c.state != "merged",
        )
    )
    for row in pairs:
        other = row.high_id if row.low_id == gone_id else row.low_id
        low, high = sorted((other, kept_id))
        known = session.find(
            select(duplicate.c.id).where(duplicate.c.low_id == low, duplicate.c.high_id == high)
        )
        if other == kept_id or known is not None:
            session.execute(delete(duplicate).where(duplicate.c.id == row.id))
            continue
        session.change(
            update(duplicate)
            .where(duplicate.c.id == row.id)
            .values(low_id=low, high_id=high, version=row.version + 1)
        )


def _tell(session: Session, *, now: datetime, kept_id: int, gone_id: int, actor: Person) -> None:
    """Whoever it is about and uses the chat hears that their two entries are one."""
    say(
        session,
        now=now,
        to=kept_id,
        key=f"merged:{gone_id}:{kept_id}",
        template="person_merged",
        message_class=MessageClass.INFO,
        facts={"by": actor.name},
    )
