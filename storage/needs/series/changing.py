"""A service is paused, moved, skipped once or ended; or its helper ends their part."""

from collections.abc import Sequence
from datetime import date, datetime, time

from storage.database import Session
from storage.needs.cards import NeedCard, list_cards
from storage.needs.series.cards import Series, get_series, get_series_for
from storage.needs.series.planning import DAY, due_at, note_series, shift_series
from storage.needs.series.refusals import SeriesOver
from storage.needs.series.telling import tell_one, tell_series
from storage.needs.series.visiting import miss
from storage.needs.standing import amend
from storage.needs.statements.stating import cancel_place
from storage.needs.visits.carrying import free_need
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rules.lifecycle import NeedMove, NeedState, may_move
from storage.rules.recurring import Pattern
from storage.tables import need


def _theirs(session: Session, *, actor_id: int, series_id: int) -> Series:
    """Return the service to somebody who may decide on it, while it has not ended."""
    one = get_series_for(session, actor_id=actor_id, series_id=series_id)
    if one.state == "ended":
        raise SeriesOver
    return one


def pause_series(session: Session, *, now: datetime, actor_id: int, series_id: int) -> Series:
    """No more visits until somebody says go on; those that nobody has yet are withdrawn."""
    one = _theirs(session, actor_id=actor_id, series_id=series_id)
    if one.state == "paused":
        raise AlreadyDone
    shift_series(session, one, state="paused", due_at=None)
    _withdraw(session, one, now=now, actor_id=actor_id, claimed=False)
    return _told(session, one, now=now, actor_id=actor_id, what="series_paused")


def resume_series(session: Session, *, now: datetime, actor_id: int, series_id: int) -> Series:
    """The service goes on, with the first day that is still ahead."""
    one = _theirs(session, actor_id=actor_id, series_id=series_id)
    if one.state == "active":
        raise AlreadyDone
    first = one.pattern.next_from(max(_today(session, now) + DAY, one.starts_on))
    due = due_at(session, one, first, now=now)
    shift_series(session, one, state="active", next_on=first, due_at=due)
    return _told(session, one, now=now, actor_id=actor_id, what="series_resumed")


def move_series(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    series_id: int,
    version: int,
    pattern: Pattern,
    clock: time,
) -> Series:
    """Another day or hour from now on; visits on days that stay are moved, the others withdrawn."""
    one = _theirs(session, actor_id=actor_id, series_id=series_id)
    if one.version != version:
        raise SeriesOver
    first = pattern.next_from(max(_today(session, now) + DAY, one.starts_on))
    values: dict[str, object] = {"pattern": str(pattern), "local_time": f"{clock:%H:%M}"}
    if one.state == "active":
        values["due_at"] = now
    shift_series(session, one, next_on=first, **values)
    fresh = get_series(session, series_id=one.id)
    for visit in _ahead(session, one, now=now):
        on = visit.visit_on
        if on is None or not pattern.falls_on(on):
            cancel_place(session, visit, now=now, actor_id=actor_id)
        elif visit.state in (NeedState.OPEN, NeedState.UNCLAIMED, NeedState.CLAIMED):
            _move_visit(session, fresh, visit, on, now=now)
    return _told(session, one, now=now, actor_id=actor_id, what="series_moved")


def _move_visit(session: Session, one: Series, visit: NeedCard, on: date, *, now: datetime) -> None:
    """The day stays and the hour is another one; who has the visit is told."""
    moment = one.moment(session, on)
    amend(session, visit, wanted_at=moment)
    if visit.claim is not None:
        facts = {"at": moment.isoformat()}
        to = visit.claim.volunteer_id
        about = str(visit.id)
        tell_one(session, one, now=now, to=to, template="visit_moved", facts=facts, about=about)


def skip_visit(
    session: Session, *, now: datetime, actor_id: int, series_id: int, day: date
) -> Series:
    """Leave one day out; a visit that was made for it is withdrawn."""
    one = _theirs(session, actor_id=actor_id, series_id=series_id)
    if not one.pattern.falls_on(day) or one.moment(session, day) <= now:
        raise TooLate
    made = [card for card in _ahead(session, one, now=now) if card.visit_on == day]
    known = not miss(session, one, day, reason="skipped", now=now)
    if known and not made:
        raise AlreadyDone
    for card in made:
        cancel_place(session, card, now=now, actor_id=actor_id)
    note_series(session, one, now=now, what="visit_skipped", actor_id=actor_id)
    facts = {"day": one.moment(session, day).isoformat(), "reason": "skipped"}
    tell_series(
        session,
        one,
        now=now,
        template="series_missed",
        but=actor_id,
        facts=facts,
        about=day.isoformat(),
    )
    return one


def end_series(
    session: Session, *, now: datetime, actor_id: int, series_id: int, version: int
) -> Series:
    """The service ends; visits ahead are withdrawn, and who has one is told kindly."""
    one = _theirs(session, actor_id=actor_id, series_id=series_id)
    if one.version != version:
        raise SeriesOver
    shift_series(session, one, state="ended", ended_at=now, due_at=None)
    _withdraw(session, one, now=now, actor_id=actor_id, claimed=True)
    return _told(session, one, now=now, actor_id=actor_id, what="series_ended")


def leave_series(session: Session, *, now: datetime, volunteer_id: int, series_id: int) -> Series:
    """The helper comes no more: the visits they have are looked for anew, and so are all others."""
    one = get_series(session, series_id=series_id)
    visits = [card for card in _ahead(session, one, now=now) if _has(card, volunteer_id)]
    if one.helper_id != volunteer_id and not visits:
        raise NotAllowed
    if one.helper_id == volunteer_id:
        helper = "any" if one.helper == "fixed" else one.helper
        shift_series(session, one, helper_id=None, helper=helper)
    for card in visits:
        if card.state is NeedState.CLAIMED:
            free_need(session, now=now, card=card, actor_id=volunteer_id, what="claim_released")
    fresh = get_series(session, series_id=one.id)
    note_series(session, fresh, now=now, what="series_left", actor_id=volunteer_id)
    tell_series(session, fresh, now=now, template="series_left", staff=True)
    return fresh


def _has(card: NeedCard, volunteer_id: int) -> bool:
    return card.claim is not None and card.claim.volunteer_id == volunteer_id


def _ahead(session: Session, one: Series, *, now: datetime) -> Sequence[NeedCard]:
    """The visits that are made and not over, from today on."""
    ahead = (need.c.series_id == one.id, need.c.visit_on >= _today(session, now))
    return list_cards(session, *ahead, need.c.ended_at.is_(None))


def _withdraw(
    session: Session, one: Series, *, now: datetime, actor_id: int, claimed: bool
) -> None:
    for card in _ahead(session, one, now=now):
        if may_move(card.state, NeedMove.CANCEL) and (claimed or card.claim is None):
            cancel_place(session, card, now=now, actor_id=actor_id)


def _told(session: Session, one: Series, *, now: datetime, actor_id: int, what: str) -> Series:
    """Journal it, tell the others, and return the service as it is now."""
    fresh = get_series(session, series_id=one.id)
    note_series(session, fresh, now=now, what=what, actor_id=actor_id)
    tell_series(session, fresh, now=now, template="series_changed", but=actor_id, about=what)
    return fresh


def _today(session: Session, now: datetime) -> date:
    return session.house.local(now).date()
