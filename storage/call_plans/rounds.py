"""Extra rounds: more calls in heat, cold, a storm or on a festival, until staff end them.

Preview and round count the same people. A round is data: the next call of each plan is worked out
from the rounds that run, so that ending one takes its calls back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.call_times import lives_in, plan_anew
from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.journal import note
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rules.tiers import RoundKind, Tier
from storage.scope import seen_communities
from storage.tables import call_round, check_in_plan, community, person

# One transaction holds the writer for a few hundredths of a second at this size.
BATCH = 100


class RoundOver(TooLate):
    """The round has ended."""

    key = "round_over"


@dataclass(frozen=True, slots=True)
class CallRound:
    """A round as staff see it; ``reached`` counts the plans gone through so far."""

    id: int
    version: int
    kind: RoundKind
    day: str | None
    tiers: tuple[str, ...]
    community: str | None
    starts_on: date
    is_running: bool
    reached: int


def count_round(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    tiers: Sequence[str],
    community_id: int | None = None,
) -> dict[str, int]:
    """Count whom a round would reach, by tier, before it is declared."""
    path = _scope(session, actor, community_id)
    today = session.house.local(now).date()
    tier = _tier_on(today)
    rows = session.all(
        select(tier.label("tier"), func.count(check_in_plan.c.resident_id.distinct()).label("n"))
        .join(person, person.c.id == check_in_plan.c.resident_id)
        .where(check_in_plan.c.state == "active", tier.in_(tiers), lives_in(path, community_id))
        .group_by(tier)
    )
    return dict.fromkeys(tiers, 0) | {row.tier: int(row.n) for row in rows}


def declare_round(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    kind: RoundKind,
    tiers: Sequence[str],
    community_id: int | None = None,
    day: str | None = None,
    held_on: date | None = None,
) -> CallRound:
    """Declare a round from today on, or for the one day of a festival."""
    path = _scope(session, actor, community_id)
    today = session.house.local(now).date()
    if (kind is RoundKind.FESTIVAL) != (day is not None and held_on is not None):
        raise NotAllowed
    if held_on is not None and held_on < today:
        raise RoundOver
    try:
        with session.savepoint():
            round_id = session.add(
                insert(call_round).values(
                    kind=kind.value,
                    day=day,
                    tiers=",".join(Tier(one).value for one in tiers),
                    path=path,
                    community_id=community_id,
                    starts_on=held_on or today,
                    ends_on=held_on,
                    state="running",
                    step_at=now,
                    last_plan_id=0,
                    reached=0,
                    declared_by=actor.id,
                    created_at=now,
                    version=1,
                )
            )
    except IntegrityError as error:
        raise AlreadyDone from error
    _note(session, round_id, now=now, what="round_declared", actor_id=actor.id, detail=kind.value)
    return get_round(session, actor=actor, round_id=round_id)


def end_round(
    session: Session, *, now: datetime, actor: Person, round_id: int, version: int
) -> CallRound:
    """End a round, also one declared by a slip: its calls that were not made yet are taken back."""
    found = get_round(session, actor=actor, round_id=round_id)
    ended = session.change(
        update(call_round)
        .where(call_round.c.id == round_id, call_round.c.version == version)
        .where(call_round.c.state == "running")
        .values(
            state="ended",
            ended_by=actor.id,
            ended_at=now,
            step_at=now,
            last_plan_id=0,
            version=version + 1,
        )
    )
    if ended != 1:
        raise RoundOver(kind=found.kind.value)
    _note(session, round_id, now=now, what="round_ended", actor_id=actor.id)
    return get_round(session, actor=actor, round_id=round_id)


def get_round(session: Session, *, actor: Person, round_id: int) -> CallRound:
    """Return a round of the actor's own scope; raises NotAllowed."""
    row = session.find(_rounds(actor).where(call_round.c.id == round_id))
    if row is None:
        raise NotAllowed
    return _round(row)


def list_rounds(session: Session, *, actor: Person) -> list[CallRound]:
    """Return the rounds that run in the actor's scope, the newest first."""
    running = _rounds(actor).where(call_round.c.state == "running")
    return [_round(row) for row in session.all(running.order_by(call_round.c.id.desc()).limit(5))]


def list_places(session: Session, *, actor: Person) -> list[tuple[int, str]]:
    """Return the communities for which the actor may declare a round."""
    rows = session.all(
        select(community.c.id, community.c.name)
        .where(community.c.active, seen_communities(actor, community.c.id))
        .order_by(community.c.position, community.c.id)
    )
    return [(row.id, row.name) for row in rows]


def step_rounds(database: Database, *, now: datetime) -> bool:
    """Go through one batch of a round's plans; returns whether there may be more."""
    return move_oldest(database, _step, now=now, due=call_round.c.step_at)


def _step(session: Session, row: Row[Any], *, now: datetime) -> None:
    today = session.house.local(now).date()
    if row.state == "running" and row.ends_on is not None and row.ends_on < today:
        _close(session, row, now=now)
    else:
        _go_through(session, row, now=now)


def next_round_step_at(session: Session) -> datetime | None:
    """Return when a round moves next."""
    return find_soonest(session, due=call_round.c.step_at)


def _go_through(session: Session, row: Row[Any], *, now: datetime) -> None:
    plans = session.all(
        select(check_in_plan.c.id)
        .join(person, person.c.id == check_in_plan.c.resident_id)
        .where(check_in_plan.c.state == "active", check_in_plan.c.id > row.last_plan_id)
        # What is due already is begun by its own tick, which looks at the rounds itself.
        .where(check_in_plan.c.next_due_at > now)
        .where(_tier_on(session.house.local(now).date()).in_(row.tiers.split(",")))
        .where(lives_in(row.path, row.community_id))
        .order_by(check_in_plan.c.id)
        .limit(BATCH)
    )
    for plan in plans:
        plan_anew(session, now=now, plan_id=plan.id, since=now)
    done = len(plans) < BATCH
    counts = {"reached": call_round.c.reached + len(plans)} if row.state == "running" else {}
    session.change(
        update(call_round)
        .where(call_round.c.id == row.id, call_round.c.version == row.version)
        .values(
            last_plan_id=plans[-1].id if plans else row.last_plan_id,
            step_at=_after_its_day(session, row) if done else now,
            **counts,
        )
    )


def _after_its_day(session: Session, row: Row[Any]) -> datetime | None:
    """A festival's round ends by itself on the day after it."""
    if row.state != "running" or row.ends_on is None:
        return None
    return datetime.combine(
        row.ends_on + timedelta(days=1), datetime.min.time(), tzinfo=session.house.zone
    )


def _close(session: Session, row: Row[Any], *, now: datetime) -> None:
    session.change(
        update(call_round)
        .where(call_round.c.id == row.id, call_round.c.version == row.version)
        .values(state="ended", ended_at=now, step_at=None, version=row.version + 1)
    )
    _note(session, row.id, now=now, what="round_ended", actor_id=None)


def _scope(session: Session, actor: Person, community_id: int | None) -> str:
    """Below which organisation; raises NotAllowed for a community that is not theirs."""
    if not actor.is_approved("coordinator") or actor.scope is None:
        raise NotAllowed
    if community_id is not None:
        seen = select(community.c.id).where(
            community.c.id == community_id, seen_communities(actor, community.c.id)
        )
        if session.find(seen) is None:
            raise NotAllowed
    return actor.scope


def _tier_on(day: date) -> ColumnElement[Any]:
    """The tier that counts on a day, as in ``rules.tiers.tier_on``."""
    raised = check_in_plan.c.raised_until >= day
    return case((raised, check_in_plan.c.raised_to), else_=check_in_plan.c.tier)


def _rounds(actor: Person) -> Any:
    if not actor.is_approved("coordinator") or actor.scope is None:
        raise NotAllowed
    mine = call_round.c.path.startswith(actor.scope, autoescape=True)
    return (
        select(call_round, community.c.name.label("community"))
        .outerjoin(community, community.c.id == call_round.c.community_id)
        .where(or_(mine, call_round.c.path == actor.scope))
    )


def _round(row: Row[Any]) -> CallRound:
    return CallRound(
        id=row.id,
        version=row.version,
        kind=RoundKind(row.kind),
        day=row.day,
        tiers=tuple(row.tiers.split(",")),
        community=row.community,
        starts_on=row.starts_on,
        is_running=row.state == "running",
        reached=row.reached,
    )


def _note(
    session: Session,
    round_id: int,
    *,
    now: datetime,
    what: str,
    actor_id: int | None,
    detail: str = "",
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        thing="call_round",
        thing_id=round_id,
        detail=detail,
    )
