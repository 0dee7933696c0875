"""Filling a rota: a week, a day or its part is somebody's; the last round goes on; or it ends."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.duty.refusals import (
    AwayThen,
    NeedsReason,
    NothingToCopy,
    NotThere,
    RotaMoved,
    SlotOver,
)
from storage.duty.slots import (
    Ability,
    ends_at,
    is_kept,
    list_colleagues,
    list_holes,
    list_shifts,
    version_of,
)
from storage.duty.telling import tell_placed
from storage.journal import note
from storage.organisations import check_reach, get_organisation
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.duty import (
    DAY,
    WEEK,
    WEEKS_AT_MOST,
    WEEKS_SHOWN,
    Part,
    Reason,
    Span,
    continue_round,
    next_look,
    next_week_told,
    on_at,
    watched_days,
    week_of,
)
from storage.tables import duty_hole, rota, shift, shift_swap


def fill_slot(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    organisation_id: int,
    span: Span,
    person_id: int | None,
    version: int,
    reason: Reason | None = None,
) -> None:
    """Put somebody into a slot, or nobody; to take it from somebody else needs a reason.

    ``version`` is that of the slot as it was seen, 0 when it had none yet.
    """
    check_plans(session, actor=actor, organisation_id=organisation_id)
    _check_span(session, span, now=now)
    if person_id is not None:
        _check_able(
            session, now=now, organisation_id=organisation_id, span=span, person_id=person_id
        )
    before = session.find(
        select(shift).where(
            shift.c.organisation_id == organisation_id,
            shift.c.first_day == span.first,
            shift.c.last_day == span.last,
            shift.c.part == span.part.value,
        )
    )
    if (before.version if before else 0) != version:
        raise RotaMoved
    taken_from = before.person_id if before else None
    if taken_from == person_id:
        return
    if taken_from not in (None, actor.id) and reason is None:
        raise NeedsReason
    _put(
        session,
        now=now,
        actor=actor,
        organisation_id=organisation_id,
        span=span,
        person_id=person_id,
        version=version,
    )
    begin_rota(session, now=now, organisation_id=organisation_id)
    refresh_holes(session, now=now, organisation_id=organisation_id)
    note(
        session,
        now=now,
        what="shift_filled" if person_id is not None else "shift_emptied",
        actor_id=actor.id,
        subject_id=person_id or taken_from,
        thing="organisation",
        thing_id=organisation_id,
        ground=reason.value if reason else "",
        detail=f"{span.first}/{span.last}/{span.part.value}",
    )
    tell_placed(
        session,
        now=now,
        actor=actor,
        organisation_id=organisation_id,
        span=span,
        version=version + 1,
        placed=person_id,
        freed=taken_from,
        reason=reason,
    )


def check_plans(session: Session, *, actor: Person, organisation_id: int) -> None:
    """Raise NotAllowed unless the actor works there, or above."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    check_reach(actor, get_organisation(session, organisation_id=organisation_id))


def _check_span(session: Session, span: Span, *, now: datetime) -> None:
    today, _ = on_at(session.house.local(now))
    far = span.first > today + WEEKS_AT_MOST * WEEK
    if not span.is_sound or far or ends_at(session, span) <= now:
        raise SlotOver


def _check_able(
    session: Session, *, now: datetime, organisation_id: int, span: Span, person_id: int
) -> None:
    here = {one.id: one for one in list_colleagues(session, organisation_id=organisation_id)}
    if person_id not in here:
        raise NotThere
    if not here[person_id].reachable:
        raise NotThere
    ability = Ability(session, organisation_id=organisation_id)
    first = max(span.first, on_at(session.house.local(now))[0])
    days = [first + at * DAY for at in range((span.last - first).days + 1)]
    parts = (Part.DAY, Part.NIGHT) if span.part is Part.ALL else (span.part,)
    # Away for a day of the week is a hole that is warned about; away all of it is a slip.
    if not any(ability.is_able(person_id, day, part) for day in days for part in parts):
        raise AwayThen(name=here[person_id].name)


def _put(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    organisation_id: int,
    span: Span,
    person_id: int | None,
    version: int,
) -> None:
    values = {"person_id": person_id, "made_by": actor.id, "made_at": now, "version": version + 1}
    of = {
        "organisation_id": organisation_id,
        "first_day": span.first,
        "last_day": span.last,
        "part": span.part.value,
    }
    if version:
        where = [shift.c[name] == value for name, value in of.items()]
        changed = session.change(
            update(shift).where(*where, shift.c.version == version).values(**values)
        )
        if changed == 0:
            raise RotaMoved
        _withdraw_swaps(session, now=now, where=where)
        return
    try:
        with session.savepoint():
            session.execute(insert(shift), of | values)
    except IntegrityError as error:
        raise RotaMoved from error


def _withdraw_swaps(
    session: Session, *, now: datetime, where: Sequence[ColumnElement[bool]]
) -> None:
    """What was asked for a slot that is another's now is settled."""
    slot = select(shift.c.id).where(*where).scalar_subquery()
    session.change(
        update(shift_swap)
        .where(shift_swap.c.shift_id == slot, shift_swap.c.state == "asked")
        .values(state="withdrawn", ended_at=now, version=shift_swap.c.version + 1)
    )


def begin_rota(session: Session, *, now: datetime, organisation_id: int) -> None:
    """The organisation keeps a rota from now on."""
    local = session.house.local(now)
    due: dict[str, object] = {"state": "kept", "next_look_at": next_look(local)}
    due["next_week_at"] = next_week_told(local)
    mine = rota.c.organisation_id == organisation_id
    if session.find(select(rota.c.state).where(mine)) is None:
        try:
            with session.savepoint():
                session.execute(
                    insert(rota), due | {"organisation_id": organisation_id, "version": 1}
                )
        except IntegrityError:
            return  # another hand began it at this moment
    else:
        begins = update(rota).where(mine, rota.c.state == "stopped")
        session.change(begins.values(**due, version=rota.c.version + 1))


def stop_rota(session: Session, *, now: datetime, actor: Person, organisation_id: int) -> None:
    """Keep no rota any more: all who work there are on duty again, and no hole is said."""
    check_plans(session, actor=actor, organisation_id=organisation_id)
    stopped = session.change(
        update(rota)
        .where(rota.c.organisation_id == organisation_id, rota.c.state == "kept")
        .values(state="stopped", next_look_at=None, next_week_at=None, version=rota.c.version + 1)
    )
    if stopped == 0:
        raise RotaMoved
    session.change(delete(duty_hole).where(duty_hole.c.organisation_id == organisation_id))
    note(
        session,
        now=now,
        what="rota_stopped",
        actor_id=actor.id,
        thing="organisation",
        thing_id=organisation_id,
    )


def copy_round(
    session: Session, *, now: datetime, actor: Person, organisation_id: int
) -> list[tuple[date, str]]:
    """Go on with the last round in the empty weeks that are shown; returns (Monday, name) each.

    Whoever works there no more, or is away all that week, is passed over: the week stays empty.
    """
    check_plans(session, actor=actor, organisation_id=organisation_id)
    today, _ = on_at(session.house.local(now))
    this = week_of(today)
    last = this.last + (WEEKS_SHOWN - 1) * WEEK
    known = [
        one
        for one in list_shifts(
            session, organisation_id=organisation_id, first=this.first - 26 * WEEK, last=last
        )
        if one.span.is_week
    ]
    if not known:
        raise NothingToCopy
    begins = max(this.first, known[-1].span.first + WEEK)
    empty = [begins + at * WEEK for at in range((last - begins).days // 7 + 1)]
    chosen = continue_round([one.person_id for one in known], len(empty))
    names = {one.person_id: one.name for one in known}
    filled = []
    for monday, person_id in zip(empty, chosen, strict=True):
        span = week_of(monday)
        try:
            _check_able(
                session, now=now, organisation_id=organisation_id, span=span, person_id=person_id
            )
        except (NotThere, AwayThen):
            continue
        fill_slot(
            session,
            now=now,
            actor=actor,
            organisation_id=organisation_id,
            span=span,
            person_id=person_id,
            version=version_of(session, organisation_id=organisation_id, span=span),
        )
        filled.append((monday, names[person_id]))
    return filled


def refresh_holes(session: Session, *, now: datetime, organisation_id: int) -> None:
    """Forget the holes that are filled by now, so that the office's list is right at once."""
    if not is_kept(session, organisation_id=organisation_id):
        return
    today, _ = on_at(session.house.local(now))
    holes = list_holes(session, now=now, organisation_id=organisation_id, days=watched_days(today))
    still = [hole.day for hole in holes]
    session.change(
        delete(duty_hole).where(
            duty_hole.c.organisation_id == organisation_id, duty_hole.c.day.not_in(still)
        )
    )
