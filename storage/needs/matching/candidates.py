"""Volunteers as matching sees them, read live and by sets: so many statements, however many."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select

from storage.apart import apart_from, held_back
from storage.consents import has_consent
from storage.database import Session
from storage.needs.cards import NeedCard, list_like_places
from storage.pausing import covers
from storage.registers import list_profiles
from storage.rules.ages import is_minor, read_day
from storage.rules.fields import Register
from storage.rules.matching import Helper, Stop, Wanted
from storage.rules.purposes import Purpose
from storage.rules.skills import Skill, TimeSlot
from storage.rules.weights import WEIGHTS
from storage.tables import (
    attachment,
    caregiver,
    chat,
    check_in_plan,
    claim,
    household,
    household_member,
    kind_off,
    need,
    offer,
    pause,
    person,
    qualification,
    role,
    volunteer,
    volunteer_profile,
)

# Written once: they are run with every wave of every need.
_EVERYBODY: Select[Any] = (
    select(
        person.c.id,
        person.c.community_id,
        volunteer.c.skills,
        volunteer.c.times,
        volunteer.c.open_limit,
        volunteer.c.paused_until,
        volunteer.c.last_offer_at,
        volunteer_profile.c.languages,
        household.c.group_code,
        household.c.community_id.label("group_community"),
        chat.c.closed,
    )
    .join(volunteer, volunteer.c.person_id == person.c.id)
    .join(
        role,
        (role.c.person_id == person.c.id)
        & (role.c.kind == "volunteer")
        & (role.c.state == "approved"),
    )
    .outerjoin(volunteer_profile, volunteer_profile.c.person_id == person.c.id)
    .outerjoin(household_member, household_member.c.person_id == person.c.id)
    .outerjoin(household, household.c.id == household_member.c.household_id)
    .outerjoin(chat, chat.c.id == person.c.telegram_id)
    .where(person.c.merged_into.is_(None))
    .order_by(person.c.id)
)
_NEAR = _EVERYBODY.where(person.c.community_id == bindparam("home"))
_THESE = _EVERYBODY.where(person.c.id.in_(bindparam("these", expanding=True)))

# By the needs that are being carried out: claims that are over are never read.
_TASKS = (
    select(claim.c.volunteer_id, func.count().label("number"))
    .join(need, need.c.id == claim.c.need_id)
    .where(need.c.state == "claimed", claim.c.state == "active")
    .group_by(claim.c.volunteer_id)
)
_RECENT = (
    select(offer.c.volunteer_id, func.count().label("number"))
    .where(offer.c.created_at > bindparam("since"))
    .group_by(offer.c.volunteer_id)
)
_VISITS = (
    select(claim.c.volunteer_id, func.max(claim.c.done_at).label("at"))
    .where(claim.c.done_at > bindparam("since"))
    .group_by(claim.c.volunteer_id)
)
_ASKED = select(offer.c.need_id, offer.c.volunteer_id, offer.c.round, offer.c.state).where(
    offer.c.need_id.in_(bindparam("places", expanding=True))
)
# Whoever finished what was "not yet" enough did not give it back, and may be asked again.
_GAVE_BACK = select(claim.c.volunteer_id).where(
    claim.c.need_id.in_(bindparam("places", expanding=True)),
    claim.c.state == "released",
    claim.c.done_at.is_(None),
)
_COME = (
    select(claim.c.volunteer_id)
    .join(need, need.c.id == claim.c.need_id)
    .where(or_(need.c.id == bindparam("root"), need.c.parent_id == bindparam("root")))
    .where(claim.c.state.in_(("active", "done")))
)
_HELPED = (
    select(claim.c.volunteer_id)
    .join(need, need.c.id == claim.c.need_id)
    .where(need.c.resident_id == bindparam("resident"), claim.c.state == "confirmed")
)
_CARERS = select(caregiver.c.caregiver_id).where(
    caregiver.c.resident_id == bindparam("resident"), caregiver.c.state == "confirmed"
)
_UNDER_ONE_ROOF = select(household_member.c.person_id).where(
    household_member.c.household_id
    == select(household_member.c.household_id)
    .where(household_member.c.person_id == bindparam("resident"))
    .scalar_subquery()
)
_CALLERS = select(check_in_plan.c.caller_id).where(
    check_in_plan.c.resident_id == bindparam("resident"), check_in_plan.c.state == "active"
)
_theirs = attachment.alias("theirs")
_TOGETHER = (
    select(attachment.c.person_id)
    .join(_theirs, _theirs.c.organisation_id == attachment.c.organisation_id)
    .where(_theirs.c.person_id == bindparam("resident"), _theirs.c.state == "active")
    .where(attachment.c.state == "active")
)
_OFF = select(kind_off.c.person_id).where(kind_off.c.category == bindparam("category"))
_AWAY = (
    select(pause.c.person_id)
    .where(covers(bindparam("moment")), pause.c.person_id.is_not(None))
    .union(
        select(household_member.c.person_id)
        .join(pause, pause.c.household_id == household_member.c.household_id)
        .where(covers(bindparam("moment")))
    )
)
_QUALIFIED = select(qualification.c.person_id).where(
    qualification.c.kind == bindparam("paper"),
    qualification.c.state.in_(("confirmed", "ending")),
    or_(qualification.c.expires_on.is_(None), qualification.c.expires_on >= bindparam("day")),
)
# Nobody's first time any more.
_OLD_HANDS = (
    select(claim.c.volunteer_id)
    .where(and_(claim.c.state == "confirmed", claim.c.volunteer_id == person.c.id))
    .exists()
)
_NEAR_FIRST_TIME = _NEAR.add_columns(_OLD_HANDS.label("old_hand"))
_ANY_FIRST_TIME = _EVERYBODY.add_columns(_OLD_HANDS.label("old_hand"))
_THESE_FIRST_TIME = _THESE.add_columns(_OLD_HANDS.label("old_hand"))


@dataclass(slots=True)
class _Known:
    """What is known around one need, as sets of people."""

    barred: dict[Stop, frozenset[int]]
    tasks: dict[int, int]
    recent: dict[int, int]
    visits: dict[int, datetime]
    helped: frozenset[int]
    callers: frozenset[int]
    together: frozenset[int]
    qualified: frozenset[int] = field(default_factory=frozenset)
    # Most people are barred by nothing: one look instead of one for each reason.
    anybody_barred: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.anybody_barred = frozenset().union(*self.barred.values())


def list_helpers(
    session: Session,
    card: NeedCard,
    *,
    wanted: Wanted,
    paper: str | None,
    now: datetime,
    near: int | None = None,
    among: Collection[int] | None = None,
) -> list[Helper]:
    """Read the approved volunteers, of one community or among some people when given.

    Sex and age are sealed: ``with_profiles`` opens them for the few who come into question.
    """
    rows = _rows(session, wanted=wanted, near=near, among=among)
    known = _know(session, card, wanted=wanted, paper=paper, now=now)
    return [_helper(row, known, now=now) for row in rows]


def _rows(
    session: Session, *, wanted: Wanted, near: int | None, among: Collection[int] | None
) -> Sequence[Row[Any]]:
    if among is not None:
        statement = _THESE_FIRST_TIME if wanted.small else _THESE
        return session.execute(statement, {"these": list(among)}).all()
    if near is not None:
        statement = _NEAR_FIRST_TIME if wanted.small else _NEAR
        return session.execute(statement, {"home": near}).all()
    return session.execute(_ANY_FIRST_TIME if wanted.small else _EVERYBODY).all()


def _know(
    session: Session, card: NeedCard, *, wanted: Wanted, paper: str | None, now: datetime
) -> _Known:
    def people(statement: Any, **bound: object) -> frozenset[int]:
        return frozenset(session.execute(statement, bound).scalars())

    resident = card.resident_id
    # What somebody was asked or said about another place of the same need counts too.
    places = [one.id for one in list_like_places(session, card=card)]
    asked = session.execute(_ASKED, {"places": places}).all()
    no = {row.volunteer_id for row in asked if row.state == "declined"}
    weights = WEIGHTS
    known = _Known(
        barred={
            Stop.OWN_HOUSEHOLD: people(_CARERS, resident=resident)
            | people(_UNDER_ONE_ROOF, resident=resident)
            | {resident, card.stated_by},
            Stop.KEPT_APART: apart_from(session, resident) | held_back(session),
            Stop.SAID_NO: people(_GAVE_BACK, places=places) | no,
            Stop.ASKED_BEFORE: frozenset(row.volunteer_id for row in asked if _is_asked(row, card)),
            # Whoever has one place is not asked about another.
            Stop.HAS_A_PLACE: people(_COME, root=card.root_id),
            Stop.PAUSED: people(_AWAY, moment=now),
            Stop.KIND_OFF: people(_OFF, category=card.category.value),
        },
        tasks=_numbers(session, _TASKS),
        recent=_numbers(session, _RECENT, since=now - weights.often_within),
        visits={
            row.volunteer_id: row.at
            for row in session.execute(_VISITS, {"since": now - weights.rest})
        },
        helped=people(_HELPED, resident=resident),
        callers=people(_CALLERS, resident=resident),
        together=people(_TOGETHER, resident=resident),
    )
    if paper is not None:
        moment = wanted.wanted_local or session.house.local(now)
        known.qualified = people(_QUALIFIED, paper=paper, day=moment.date())
    return known


def _is_asked(row: Row[Any], card: NeedCard) -> bool:
    if row.need_id == card.id:
        return bool(row.round == card.round)
    return row.state in ("offered", "willing", "taken")


def _numbers(session: Session, statement: Any, **bound: object) -> dict[int, int]:
    return {row.volunteer_id: int(row.number) for row in session.execute(statement, bound)}


def _helper(row: Row[Any], known: _Known, *, now: datetime) -> Helper:
    who = row.id
    barred = set()
    if who in known.anybody_barred:
        barred = {stop for stop, people in known.barred.items() if who in people}
    if row.paused_until is not None and row.paused_until > now:
        barred.add(Stop.PAUSED)
    if row.closed:
        # Who wants no messages through this chat is asked on the phone, by a coordinator.
        barred.add(Stop.CHAT_CLOSED)
    return Helper(
        person_id=who,
        community_id=row.community_id,
        skills=_keys(Skill, row.skills),
        slots=_keys(TimeSlot, row.times),
        barred=frozenset(barred),
        group=row.group_code or "" if row.group_community == row.community_id else "",
        languages=frozenset(row.languages.split(",")) if row.languages else frozenset(),
        qualified=who in known.qualified,
        helped_before=who in known.helped,
        phones_them=who in known.callers,
        same_organisation=who in known.together,
        newcomer=not getattr(row, "old_hand", True),
        active_claims=known.tasks.get(who, 0),
        claim_limit=row.open_limit,
        recent_offers=known.recent.get(who, 0),
        last_offered_at=row.last_offer_at,
        last_visit_at=known.visits.get(who),
    )


_BY_VALUE: dict[type, dict[str, Any]] = {
    kind: {one.value: one for one in kind} for kind in (Skill, TimeSlot)
}


@lru_cache(maxsize=4096)
def _keys(kind: type[Skill] | type[TimeSlot], joined: str) -> frozenset[Any]:
    """The keys of a column; many people have the same ones, so they are read once."""
    known = _BY_VALUE[kind]
    return frozenset(known[one] for one in joined.split(",") if one)


def with_profiles(
    session: Session, helpers: Collection[Helper], *, now: datetime
) -> dict[int, Helper]:
    """Open what the register knows of sex and age; a minor needs the guardian's yes."""
    today = session.house.local(now).date()
    ids = [one.person_id for one in helpers]
    theirs = list_profiles(session, person_ids=ids)
    profiles = list_profiles(session, person_ids=ids, register=Register.VOLUNTEER)
    opened = {}
    for one in helpers:
        # Who is in both registers may have told either of them.
        profile = theirs.get(one.person_id, {}) | profiles.get(one.person_id, {})
        born_on = read_day(profile.get("born_on"))
        sex = profile.get("sex")
        minor = born_on is not None and is_minor(born_on, today)
        opened[one.person_id] = replace(
            one,
            sex=sex if isinstance(sex, str) else None,
            minor=minor,
            guardian_agrees=minor
            and has_consent(
                session, person_id=one.person_id, purpose=Purpose.VOLUNTEER_MINOR, now=now
            ),
        )
    return opened


def count_stops(found: Iterable[tuple[Stop, ...]]) -> Counter[Stop]:
    """Of how many people which reason stands against asking them, each counted once."""
    return Counter(stops[0] for stops in found if stops)
