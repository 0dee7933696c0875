"""A pause ends: by hand, by its day, or as a slip; what it held back is planned anew, once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from storage.call_times import plan_anew
from storage.database import Database, Session
from storage.due_rows import find_soonest
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.pauses.settling import settle
from storage.pauses.standing import PauseCard, get_card, list_people, read_card
from storage.people import Person
from storage.refusals import Fact, TooLate
from storage.rules.lifecycle import UNFINISHED
from storage.rules.pauses import FOR_GOOD
from storage.tables import check_in, check_in_plan, need, pause, person

_INSTANT = timedelta(microseconds=1)


class PauseOver(TooLate):
    """The pause is over, was taken back, or has taken effect."""

    key = "pause_over"


def end_pause(session: Session, *, now: datetime, actor: Person, pause_id: int) -> PauseCard:
    """Somebody is back: calls are planned anew and their callers told."""
    card = get_card(session, actor=actor, pause_id=pause_id)
    if card.reason in FOR_GOOD:
        raise PauseOver(name=card.name)
    _close(session, card, now=now, state="over", by=actor.id)
    _go_on(session, card, now=now, since=now, actor_id=actor.id)
    return get_card(session, actor=actor, pause_id=pause_id)


def undo_pause(session: Session, *, now: datetime, actor: Person, pause_id: int) -> PauseCard:
    """It was a slip of the finger: everything goes on as if nothing had been said.

    Of somebody who moved or died only until it has taken effect.
    """
    card = get_card(session, actor=actor, pause_id=pause_id)
    _close(session, card, now=now, state="undone", by=actor.id)
    _go_on(session, card, now=now, since=card.starts_at, actor_id=actor.id)
    return get_card(session, actor=actor, pause_id=pause_id)


def end_due_pauses(database: Database, *, now: datetime) -> bool:
    """End one pause whose day has come, or let it take effect; returns whether there may be more.

    Calls that fell between the end and now, in an outage, are late like any others.
    """
    with database.transaction() as session:
        row = session.find(
            select(pause)
            .where(pause.c.due_at <= now, pause.c.state == "live")
            .order_by(pause.c.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return False
        card = read_card(session, pause_id=row.id)
        if card is None:
            return False
        if card.reason in FOR_GOOD:
            settle(session, card, now=now)
        else:
            _close(session, card, now=now, state="over", by=None)
            _go_on(session, card, now=now, since=row.due_at - _INSTANT, actor_id=None)
    return True


def next_pause_at(session: Session) -> datetime | None:
    """Return when the next pause ends by itself."""
    return find_soonest(session, due=pause.c.due_at)


def _close(session: Session, card: PauseCard, *, now: datetime, state: str, by: int | None) -> None:
    closed = session.change(
        update(pause)
        .where(pause.c.id == card.id, pause.c.state == "live", pause.c.settled_at.is_(None))
        .values(state=state, due_at=None, ended_by=by, ended_at=now, version=card.version + 1)
    )
    if closed != 1:
        raise PauseOver(name=card.name)
    note(
        session,
        now=now,
        what=f"pause_{state}",
        actor_id=by,
        subject_id=card.person_id,
        thing="pause",
        thing_id=card.id,
        detail=card.reason.value,
    )


def go_on_without(session: Session, card: PauseCard, *, now: datetime, actor_id: int) -> None:
    """Only one of the household is away from now on: for the others everything goes on."""
    others = [one for one in list_people(session, card) if one != card.person_id]
    _go_on(session, card, now=now, since=now, actor_id=actor_id, people=others)


def _go_on(
    session: Session,
    card: PauseCard,
    *,
    now: datetime,
    since: datetime,
    actor_id: int | None,
    people: list[int] | None = None,
) -> None:
    """Plan what the pause held back: each call from its end on, each need at once."""
    people = list_people(session, card) if people is None else people
    rows = session.all(
        select(check_in_plan, person.c.name)
        .join(person, person.c.id == check_in_plan.c.resident_id)
        .where(check_in_plan.c.resident_id.in_(people), check_in_plan.c.state == "active")
        .order_by(check_in_plan.c.id)
        .with_for_update(of=check_in_plan)
    )
    for row in rows:
        _plan_anew(session, card, row, now=now, since=since, actor_id=actor_id)
    session.change(
        update(need)
        .where(need.c.resident_id.in_(people), need.c.state.in_(UNFINISHED))
        .values(next_step_at=now)
    )
    # A check-in that stood still moves again.
    session.change(
        update(check_in)
        .where(check_in.c.resident_id.in_(people), check_in.c.state == "open")
        .where(check_in.c.next_step_at > now)
        .values(next_step_at=now)
    )
    for one in people:
        if one != actor_id:
            _tell(session, card, now=now, to=one, template="pause_over_own")


def _plan_anew(
    session: Session,
    card: PauseCard,
    row: Row[Any],
    *,
    now: datetime,
    since: datetime,
    actor_id: int | None,
) -> None:
    due = plan_anew(session, now=now, plan_id=row.id, since=since)
    if due is not None and row.caller_id != actor_id:
        facts: dict[str, Fact] = {"name": row.name, "next_due": due.isoformat()}
        template = "pause_calls_again"
        _tell(
            session, card, now=now, to=row.caller_id, template=template, about=row.id, facts=facts
        )


def _tell(
    session: Session,
    card: PauseCard,
    *,
    now: datetime,
    to: int,
    template: str,
    about: int = 0,
    facts: dict[str, Fact] | None = None,
) -> None:
    say(
        session,
        now=now,
        to=to,
        key=f"pause:{card.id}:v{card.version}:{template}:{about}:{to}",
        template=template,
        message_class=MessageClass.MUST,
        facts=facts or {},
    )
