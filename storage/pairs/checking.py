"""Whether two may be brought together as neighbours, and whether a pair still can stand."""

from datetime import datetime

from sqlalchemy import exists, func, or_, select

from storage.apart import are_apart, held_back, may_they_meet
from storage.database import Session
from storage.guardians import is_known_minor
from storage.pairs.refusals import AskedBefore, HasEnough, NotSuitable, TellFirst
from storage.pairs.rows import Pair
from storage.pausing import find_pause
from storage.refusals import NotAllowed
from storage.registers import find_household
from storage.roles import is_approved
from storage.rules.pairs import HOUSEHOLDS_AT_MOST, REFUSED, Ending, Kind
from storage.tables import (
    caregiver,
    erasure,
    household_member,
    organisation,
    pair,
    pair_telling,
    pause,
    person,
    role,
)


def check_neighbours(session: Session, *, now: datetime, resident_id: int, helper_id: int) -> None:
    """Raise the refusal that stands against these two as neighbours, if there is one."""
    if not is_approved(session, person_id=resident_id, kind="resident"):
        raise NotAllowed
    # Whoever is proposed twice at one moment waits here, so that the count below is true.
    session.find(select(person.c.id).where(person.c.id == helper_id).with_for_update())
    if resident_id == helper_id or helper_id in list_at_home(session, resident_id=resident_id):
        raise NotSuitable
    away = find_pause(session, person_id=helper_id)
    if away is not None and away.is_for_good:
        raise NotSuitable
    if not may_they_meet(session, helper_id=helper_id, person_id=resident_id):
        raise NotSuitable
    if is_known_minor(session, now=now, person_id=helper_id):
        raise NotSuitable
    if was_refused(session, resident_id=resident_id, helper_id=helper_id):
        raise AskedBefore
    if waits_to_be_told(session, resident_id=resident_id):
        raise TellFirst
    if count_households(session, helper_id=helper_id) >= HOUSEHOLDS_AT_MOST:
        raise HasEnough(most=HOUSEHOLDS_AT_MOST)


def list_at_home(session: Session, *, resident_id: int) -> set[int]:
    """Who is close already: under one roof, or speaking for them."""
    from_ties = session.execute(
        select(caregiver.c.caregiver_id).where(
            caregiver.c.resident_id == resident_id, caregiver.c.state == "confirmed"
        )
    ).scalars()
    home = find_household(session, person_id=resident_id)
    return {*from_ties, *(_members(session, home.id) if home else ())}


def was_refused(session: Session, *, resident_id: int, helper_id: int) -> bool:
    """Whether this household or this neighbour said no to the pair before."""
    home = find_household(session, person_id=resident_id)
    before = exists().where(
        pair.c.kind == Kind.NEIGHBOUR.value,
        or_(pair.c.resident_id == resident_id, pair.c.household_id == (home.id if home else 0)),
        pair.c.helper_id == helper_id,
        pair.c.ended_reason.in_([one.value for one in REFUSED]),
    )
    return bool(session.value(select(before)))


def waits_to_be_told(session: Session, *, resident_id: int) -> bool:
    """Whether a person still has to tell somebody what became of their last pair."""
    open_one = exists().where(
        pair_telling.c.person_id == resident_id, pair_telling.c.state == "open"
    )
    return bool(session.value(select(open_one)))


def count_households(session: Session, *, helper_id: int) -> int:
    """How many households somebody looks in on, or is asked to."""
    live = select(func.count(pair.c.household_id.distinct())).where(
        pair.c.helper_id == helper_id,
        pair.c.kind == Kind.NEIGHBOUR.value,
        pair.c.state != "ended",
    )
    return int(session.value(live) or 0)


def find_why_over(session: Session, one: Pair) -> Ending | None:
    """Why a pair cannot stand any more, as the registers are now; None when it can."""
    gone = _why_gone(session, one.resident_id, since=one.created_at, kind="resident")
    if gone is not None:
        return Ending(f"resident_{gone}")
    if one.helper_id is None:
        works = select(organisation.c.active).where(organisation.c.id == one.organisation_id)
        return None if session.value(works) else Ending.HELPER_LEFT
    role_kind = "resident" if one.kind is Kind.MUTUAL else "volunteer"
    gone = _why_gone(session, one.helper_id, since=one.created_at, kind=role_kind)
    if gone is not None:
        return Ending(f"helper_{gone}")
    if are_apart(session, one.helper_id, one.resident_id):
        return Ending.KEPT_APART
    return None


def is_held_back(session: Session, one: Pair) -> bool:
    """Whether something grave was said of the helper that nobody has looked into yet."""
    return one.helper_id is not None and one.helper_id in held_back(session)


def _why_gone(session: Session, person_id: int, *, since: datetime, kind: str) -> str | None:
    reason = session.value(
        select(pause.c.reason).where(
            pause.c.person_id == person_id,
            pause.c.reason.in_(("died", "moved")),
            pause.c.state != "undone",
            pause.c.settled_at >= since,
        )
    )
    if reason is not None:
        return str(reason)
    if session.find(select(erasure.c.person_id).where(erasure.c.person_id == person_id)):
        return "left"
    of = role.c.person_id == person_id
    live = exists().where(of, role.c.state.in_(("waiting", "approved")))
    live_kind = exists().where(of, role.c.kind == kind, role.c.state.in_(("waiting", "approved")))
    ended_kind = exists().where(
        of, role.c.kind == kind, role.c.state == "ended", role.c.decided_at >= since
    )
    ended_any = exists().where(of, role.c.state == "ended", role.c.decided_at >= since)
    # Whoever never had a role, a neighbour without the app, leaves by word only.
    left = session.value(select(or_(ended_kind & ~live_kind, ended_any & ~live)))
    return "left" if left else None


def _members(session: Session, household_id: int) -> list[int]:
    living = select(household_member.c.person_id).where(
        household_member.c.household_id == household_id
    )
    return list(session.execute(living).scalars())
