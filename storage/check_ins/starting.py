"""Starting: a due plan becomes a check-in; what an outage swallowed is told, not sent late."""

import logging
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from storage.call_times import Schedule, button_time, has_been_called, schedule_of
from storage.check_ins.cases import MISSED
from storage.database import UNREACHABLE, Database, Session
from storage.due_rows import find_soonest
from storage.journal import note
from storage.outages import fell_into_outage, find_lasting
from storage.pausing import find_pause
from storage.registers import can_be_phoned
from storage.rules.at_home import AT_HOME
from storage.rules.ladder import LADDERS, ORDER, Ladder, Rung, freeze, widen
from storage.rules.lateness import Lateness, limit
from storage.rules.rhythm import ROUTINE
from storage.rules.sending import MessageClass, hold_until
from storage.rules.tiers import LONGEST_GAP, Channel, may_leave_out
from storage.tables import check_in, check_in_plan, claim, need, role
from storage.vault import VaultError

# More plans that fail are no matter of single plans: then the tick itself has failed.
LEFT_OUT_AT_MOST = 50

log = logging.getLogger(__name__)


def start_check_ins(database: Database, *, now: datetime) -> bool:
    """Start the check-in of one due plan and plan its next; returns whether there may be more.

    A plan that fails is left out, and stays due as it was: moved on by minutes, it would begin
    some night as a call that is on time.
    """
    failed: dict[int, Exception] = {}
    with database.transaction() as session:
        while (plan := _find_due(session, now=now, without=failed)) is not None:
            try:
                with session.savepoint():
                    _move(session, plan, now=now)
            except UNREACHABLE:
                raise
            except Exception as error:
                failed[plan.id] = error
                if len(failed) > LEFT_OUT_AT_MOST:
                    raise
            else:
                return True
    for plan_id, why in failed.items():
        # Only the kind of error: its text could hold somebody's words.
        log.error("call plan %d cannot be started: %s", plan_id, type(why).__name__)
    return False


def _find_due(session: Session, *, now: datetime, without: Collection[int]) -> Row[Any] | None:
    return session.find(
        select(check_in_plan)
        .where(check_in_plan.c.next_due_at <= now, check_in_plan.c.state == "active")
        .where(check_in_plan.c.id.not_in(without) if without else true())
        .order_by(check_in_plan.c.next_due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _move(session: Session, plan: Row[Any], *, now: datetime) -> None:
    if _is_resident(session, plan.resident_id):
        _start(session, plan, now=now)
    else:
        _end_for_leaver(session, plan, now=now)


def next_call_at(session: Session) -> datetime | None:
    """Return when the next plan is due."""
    return find_soonest(session, due=check_in_plan.c.next_due_at)


def _start(session: Session, plan: Row[Any], *, now: datetime) -> None:
    schedule = schedule_of(session, plan, now=now)
    dues = [plan.next_due_at]
    while True:
        following = schedule.after(session.house.local(dues[-1])).at
        if following > now:
            break
        dues.append(following)
    session.change(
        update(check_in_plan)
        .where(check_in_plan.c.id == plan.id)
        .values(next_due_at=following, button_at=button_time(session, plan, following))
    )
    dues = _drop_those_away(session, plan, dues, now=now)
    for missed in dues[:-1]:
        _note(session, plan, now=now, what="check_in_missed", check_in_id=None, due=missed)
    if dues and not _is_needless(session, plan, schedule, due=dues[-1], now=now):
        _open(session, plan, schedule, now=now, due=dues[-1])


def _is_needless(
    session: Session, plan: Row[Any], schedule: Schedule, *, due: datetime, now: datetime
) -> bool:
    """Whether this call is left out: skipped, a second one on a day, or somebody was just there."""
    day = session.house.local(due).date()
    kind = schedule.kind_on(day)
    why = None
    if day in schedule.without:
        why = "check_in_skipped"
    elif kind != ROUTINE and has_been_called(session, person_id=plan.resident_id, day=day):
        why = "check_in_doubled"
    elif kind == ROUTINE and _was_seen(session, plan, schedule, due=due, now=now):
        why = "check_in_seen_before"
    if why is not None:
        _note(session, plan, now=now, what=why, check_in_id=None, due=due)
    return why is not None


def _was_seen(
    session: Session, plan: Row[Any], schedule: Schedule, *, due: datetime, now: datetime
) -> bool:
    """Whether a need of theirs was closed at their home so lately that the next call is enough.

    One visit stands for one call: it lies no further back than the call after this one lies ahead.
    """
    following = schedule.after(session.house.local(due)).at
    reach = min(timedelta(days=LONGEST_GAP[schedule.tier]), following - due)
    last: datetime | None = session.value(
        select(func.max(claim.c.done_at))
        .join(need, need.c.id == claim.c.need_id)
        .where(need.c.resident_id == plan.resident_id, need.c.category.in_(AT_HOME))
        .where(claim.c.state == "confirmed", claim.c.done_at <= due)
        .where(claim.c.done_at > due - reach)
    )
    if last is None or plan.own_button == "daily":
        return False
    return may_leave_out(
        schedule.tier,
        seen=session.house.local(last).date(),
        following=session.house.local(following).date(),
    )


def _drop_those_away(
    session: Session, plan: Row[Any], dues: list[datetime], *, now: datetime
) -> list[datetime]:
    """Drop the calls that fall into a pause of the person: none is made, and none is missed."""
    away = find_pause(session, person_id=plan.resident_id)
    if away is None:
        return dues
    for dropped in (due for due in dues if away.holds(due)):
        _note(session, plan, now=now, what="check_in_dropped", check_in_id=None, due=dropped)
    return [due for due in dues if not away.holds(due)]


def _open(
    session: Session, plan: Row[Any], schedule: Schedule, *, now: datetime, due: datetime
) -> None:
    is_missed = _is_missed(session, due=due, now=now)
    what = "check_in_missed" if is_missed else "check_in_started"
    try:
        with session.savepoint():
            made = _insert(session, plan, schedule, now=now, due=due, is_missed=is_missed)
    except IntegrityError:
        # The clock was set back and the plan changed meanwhile: this call was made already.
        return
    _note(session, plan, now=now, what=what, check_in_id=made, due=due)


def _is_missed(session: Session, *, due: datetime, now: datetime) -> bool:
    """Whether asking now would be asking as if nothing had happened: duty is told instead."""
    late = now - due
    if late > limit(Lateness.CALL_UNASKED) or find_lasting(session) is not None:
        return True
    quiet = session.house.quiet.covers(session.house.local(now))
    return late > limit(Lateness.CALL) and (quiet or fell_into_outage(session, due=due))


def _insert(
    session: Session,
    plan: Row[Any],
    schedule: Schedule,
    *,
    now: datetime,
    due: datetime,
    is_missed: bool,
) -> int:
    held = hold_until(MessageClass.MUST, session.house.local(now), session.house.quiet)
    made: int = session.value(
        insert(check_in)
        .values(
            plan_id=plan.id,
            resident_id=plan.resident_id,
            caller_id=plan.caller_id,
            due_at=due,
            kind=schedule.kind_on(session.house.local(due).date()),
            channel=_channel(session, plan),
            tier=schedule.tier.value,
            ladder=freeze(_ladder(session, plan, schedule, now=now, due=due)),
            rung=ORDER[Rung.NO_SUPPORT if is_missed else Rung.CALL],
            repeat=0,
            state="open",
            last_outcome=MISSED if is_missed else None,
            next_step_at=(held or now) if is_missed else now,
            version=1,
        )
        .returning(check_in.c.id)
    )
    return made


def _channel(session: Session, plan: Row[Any]) -> str:
    """How the person is greeted: written to, where the register has learned since of a deafness."""
    phoned = plan.channel == Channel.PHONE.value
    try:
        if phoned and not can_be_phoned(session, person_id=plan.resident_id):
            return Channel.TEXT.value
    except VaultError:
        # No key opens the register's row: the call is made in the way that was agreed.
        pass
    return str(plan.channel)


def _ladder(
    session: Session, plan: Row[Any], schedule: Schedule, *, now: datetime, due: datetime
) -> Ladder:
    """The ladder of the tier that counts today, waiting for the end of the hours agreed on."""
    ladder = LADDERS[schedule.tier]
    if plan.local_until is None:
        return ladder
    until = time.fromisoformat(plan.local_until)
    end = datetime.combine(session.house.local(due).date(), until, tzinfo=session.house.zone)
    return widen(ladder, end - now)


def _note(
    session: Session,
    plan: Row[Any],
    *,
    now: datetime,
    what: str,
    check_in_id: int | None,
    due: datetime,
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=None,
        subject_id=plan.resident_id,
        thing="check_in" if check_in_id is not None else "check_in_plan",
        thing_id=check_in_id if check_in_id is not None else plan.id,
        detail=due.isoformat(),
    )


def _is_resident(session: Session, person_id: int) -> bool:
    held = select(role.c.id).where(
        role.c.person_id == person_id, role.c.kind == "resident", role.c.state == "approved"
    )
    return session.find(held) is not None


def _end_for_leaver(session: Session, plan: Row[Any], *, now: datetime) -> None:
    session.change(
        update(check_in_plan)
        .where(check_in_plan.c.id == plan.id)
        .values(state="ended", next_due_at=None, button_at=None, version=plan.version + 1)
    )
    note(
        session,
        now=now,
        what="plan_ended",
        actor_id=None,
        subject_id=plan.resident_id,
        thing="check_in_plan",
        thing_id=plan.id,
        ground="resident_left",
    )
