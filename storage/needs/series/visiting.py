"""Visits are made ahead of time: each day once, whatever slept or moved its clock meanwhile."""

from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.apart import are_apart
from storage.categories import rule_of
from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.needs.cards import NeedCard, read_need
from storage.needs.matching.offering import add_offer, offer_on
from storage.needs.opening import Statement, write_need
from storage.needs.series.cards import Series, get_series
from storage.needs.series.planning import DAY, due_at, note_series, shift_series
from storage.needs.series.telling import tell_series
from storage.needs.standing import amend
from storage.needs.statements.stating import cancel_place
from storage.needs.telling import tell_offer
from storage.pausing import find_pause, is_paused
from storage.people import find_person
from storage.roles import is_approved
from storage.rules.areas import Urgency
from storage.rules.details import Details
from storage.rules.holidays import HOLIDAYS, DayKind
from storage.rules.matching import write_parts
from storage.rules.weights import Part
from storage.tables import claim, missed_visit, need, need_series

# How soon a visit is, is how soon somebody must be found for it.
_SOON = ((timedelta(days=2), Urgency.U1), (timedelta(days=8), Urgency.U2))
# The helper of last time is asked alone for so long; a fixed one until so long before the visit.
FIRST_FOR = timedelta(days=2)
ALONE_UNTIL = timedelta(days=3)
_WORTH_SAYING = MappingProxyType({"holiday": False, "away": True, "asleep": True})


def make_visits(database: Database, *, now: datetime) -> bool:
    """Make one visit that is due, or write down why not; returns whether there may be more."""
    return move_oldest(database, _move, now=now, due=need_series.c.due_at)


def _move(session: Session, row: Row[Any], *, now: datetime) -> None:
    _step(session, get_series(session, series_id=row.id), now=now)


def next_visit_due_at(session: Session) -> datetime | None:
    """Return when the next visit is to be made, or None."""
    return find_soonest(session, due=need_series.c.due_at)


def _step(session: Session, one: Series, *, now: datetime) -> None:
    day = one.next_on
    here = is_approved(session, person_id=one.resident_id, kind="resident")
    if not here or _is_over(one, day):
        _end(session, one, now=now)
        return
    if not rule_of(session, one.category).active:
        _stop(session, one, now=now)
        return
    reason = _why_not(session, one, day, now=now)
    made = reason is None and _make(session, one, day, now=now)
    if reason is not None:
        miss(session, one, day, reason=reason, now=now)
    left = one.visits_left - made if one.visits_left is not None else None
    following = one.pattern.next_from(day + DAY)
    values: dict[str, object] = {
        "visits_left": left,
        "next_on": following,
        "due_at": due_at(session, one, following, now=now),
    }
    # The version stays: what people see of the service, and may press, is as it was.
    session.change(
        update(need_series)
        .where(need_series.c.id == one.id, need_series.c.next_on == day)
        .values(**values)
    )


def _is_over(one: Series, day: date) -> bool:
    return one.visits_left == 0 or (one.ends_on is not None and day > one.ends_on)


def _end(session: Session, one: Series, *, now: datetime) -> None:
    shift_series(session, one, state="ended", ended_at=now, due_at=None)
    note_series(session, one, now=now, what="series_ran_out", actor_id=None)
    tell_series(session, one, now=now, template="series_ran_out")


def _stop(session: Session, one: Series, *, now: datetime) -> None:
    """This kind is not taken on any more: no visit is promised, and a person decides what now."""
    shift_series(session, one, state="paused", due_at=None)
    note_series(session, one, now=now, what="series_stopped", actor_id=None)
    tell_series(session, one, now=now, template="series_stopped", staff=True)


def _why_not(session: Session, one: Series, day: date, *, now: datetime) -> str | None:
    """Why there is no visit on a day, if there is none."""
    moment = one.moment(session, day)
    if moment <= now:
        return "asleep"
    if one.skips_holidays and HOLIDAYS.kind_of(day) is DayKind.HOLIDAY:
        return "holiday"
    away = find_pause(session, person_id=one.resident_id)
    if away is not None and away.holds(moment):
        return "away"
    known = select(missed_visit.c.reason).where(
        missed_visit.c.series_id == one.id, missed_visit.c.visit_on == day
    )
    reason: str | None = session.value(known)
    return reason


def miss(session: Session, one: Series, day: date, *, reason: str, now: datetime) -> bool:
    """Write down a day without a visit; returns whether it was not known before."""
    values = {"series_id": one.id, "visit_on": day, "reason": reason, "created_at": now}
    try:
        with session.savepoint():
            session.execute(insert(missed_visit), values)
    except IntegrityError:
        return False
    note_series(session, one, now=now, what="visit_missed", actor_id=None, detail=reason)
    if _WORTH_SAYING.get(reason, False):
        facts = {"day": one.moment(session, day).isoformat(), "reason": reason}
        # What the programme slept through is to be put right by a person.
        staff = reason == "asleep"
        about = day.isoformat()
        tell_series(
            session,
            one,
            now=now,
            template="series_missed",
            facts=facts,
            about=about,
            staff=staff,
        )
    return True


def skip_while_away(session: Session, card: NeedCard, *, now: datetime) -> None:
    """Withdraw a visit that falls into a pause of the person, or of their household."""
    if card.series_id is None or card.visit_on is None:
        raise LookupError(f"need {card.id} is no visit")
    one = get_series(session, series_id=card.series_id)
    cancel_place(session, card, now=now, actor_id=one.made_by)
    miss(session, one, card.visit_on, reason="away", now=now)


def _make(session: Session, one: Series, day: date, *, now: datetime) -> bool:
    moment = one.moment(session, day)
    ahead = moment - now
    urgency = next((level for span, level in _SOON if ahead < span), Urgency.U3)
    said = Statement(one.category, urgency, one.words, Details(wanted_at=moment, hours=True))
    try:
        with session.savepoint():
            need_id = write_need(
                session,
                now=now,
                resident_id=one.resident_id,
                actor_id=one.made_by,
                said=said,
                origin="chat",
                series_id=one.id,
                visit_on=day,
            )
    except IntegrityError:
        return False  # another worker made it, or it stands from before the service was changed
    card = read_need(session, need_id=need_id)
    asked = _find_helper(session, one, card, moment, now=now)
    if asked is None:
        offer_on(session, now=now, card=card)
    else:
        _ask_first(session, one, card, volunteer_id=asked, moment=moment, now=now)
    return True


def _find_helper(
    session: Session, one: Series, card: NeedCard, moment: datetime, *, now: datetime
) -> int | None:
    """Who is asked alone first: the fixed one, or the one of last time, if they may still come."""
    helper_id = one.helper_id if one.helper == "fixed" else None
    if one.helper == "same":
        helper_id = _last_helper(session, one) or one.helper_id
    who = find_person(session, person_id=helper_id) if helper_id is not None else None
    if who is None or not who.is_approved("volunteer"):
        return None
    if is_paused(session, person_id=who.id, now=moment):
        return None
    return None if are_apart(session, who.id, card.resident_id) else who.id


def _last_helper(session: Session, one: Series) -> int | None:
    found: int | None = session.value(
        select(claim.c.volunteer_id)
        .join(need, need.c.id == claim.c.need_id)
        .where(need.c.series_id == one.id, claim.c.state.in_(("active", "done", "confirmed")))
        .order_by(claim.c.id.desc())
        .limit(1)
    )
    return found


def _ask_first(
    session: Session,
    one: Series,
    card: NeedCard,
    *,
    volunteer_id: int,
    moment: datetime,
    now: datetime,
) -> None:
    """Ask one alone; with no answer by then the others are asked as for any need."""
    alone = moment - ALONE_UNTIL if one.helper == "fixed" else now + FIRST_FOR
    until = min(max(alone, now), now + (moment - now) / 2)
    asked = add_offer(
        session,
        now=now,
        card=card,
        volunteer_id=volunteer_id,
        wave=0,
        reasons=write_parts(((Part.HELPED_BEFORE, 0),)),
    )
    amend(session, card, next_step_at=until)
    tell_offer(session, card, now=now, asked=asked)
