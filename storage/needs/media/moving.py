"""The steps of time: what was fetched is passed on, what nobody heard rings who is on duty."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update

from storage.database import Database, Session
from storage.due_rows import find_soonest
from storage.duty import list_duty
from storage.journal import note
from storage.needs.media.rows import VOICE, Medium, find_medium
from storage.needs.media.taking import UNHEARD_FOR
from storage.outbox import MessageClass, Wanted, say
from storage.tables import file, need_media

# After so many rings it stays on the office's list and is recalled twice a day.
RINGS = 4
RECALLED_EVERY = timedelta(hours=12)

_HERE = and_(need_media.c.state == "awaited", file.c.state != "awaited")


def move_media(database: Database, *, now: datetime) -> bool:
    """Move one voice or photo whose step is due; returns whether there may be more."""
    with database.transaction() as session:
        due = session.find(
            select(need_media.c.id)
            .outerjoin(file, file.c.id == need_media.c.file_id)
            .where(need_media.c.next_step_at.is_not(None))
            .where(or_(need_media.c.next_step_at <= now, _HERE))
            .order_by(need_media.c.next_step_at, need_media.c.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=need_media)
        )
        medium = find_medium(session, media_id=due.id) if due is not None else None
        if medium is None:
            return False
        _step(session, medium, now=now)
    return True


def next_media_at(session: Session) -> datetime | None:
    """Return when the next voice or photo moves."""
    return find_soonest(session, due=need_media.c.next_step_at)


def _step(session: Session, medium: Medium, *, now: datetime) -> None:
    if medium.kind != VOICE:
        _step_photo(session, medium, now=now)
    elif medium.state == "awaited" and medium.is_kept and medium.rings == 0:
        _move(session, medium, state="waiting", next_step_at=now + UNHEARD_FOR)
        _play_to_staff(session, medium, now=now, message_class=MessageClass.MUST)
    else:
        _ring(session, medium, now=now)


def _ring(session: Session, medium: Medium, *, now: datetime) -> None:
    """Nobody listened in time, or it cannot be listened to: a human has to phone."""
    if not medium.is_kept:
        _tell_sender(session, medium, now=now)
    rings = medium.rings + 1
    wait = UNHEARD_FOR if rings < RINGS else RECALLED_EVERY
    _move(session, medium, state="waiting", rings=rings, next_step_at=now + wait)
    loud = MessageClass.ALARM if rings < RINGS else MessageClass.MUST
    told = _play_to_staff(session, medium, now=now, message_class=loud, ring=rings)
    note(
        session,
        now=now,
        what="voice_unheard" if told else "nobody_on_duty",
        actor_id=None,
        subject_id=medium.resident_id,
        thing="need_media",
        thing_id=medium.id,
        detail=str(rings),
    )


def _step_photo(session: Session, medium: Medium, *, now: datetime) -> None:
    """A photo is looked at with its need; one that became none is shown to the staff once."""
    urgent = medium.rings > 0
    alone = medium.need_id is None
    if medium.state == "awaited" and medium.is_kept and alone and not urgent:
        _move(session, medium, state="waiting", next_step_at=now + UNHEARD_FOR)
        return
    if not medium.is_kept:
        _tell_sender(session, medium, now=now)
    if not medium.is_kept or alone or urgent:
        loud = MessageClass.ALARM if urgent else MessageClass.MUST
        _play_to_staff(session, medium, now=now, message_class=loud)
    _move(session, medium, state="done", next_step_at=None)


def _tell_sender(session: Session, medium: Medium, *, now: datetime) -> None:
    """It did not come through: said once, so that they need not wait for nothing."""
    if medium.file_id is None:
        return  # said at once, when it came
    say(
        session,
        now=now,
        to=medium.sender_id,
        key=f"media:{medium.id}:lost",
        template="media_lost",
        message_class=MessageClass.ANSWER,
        facts={"kind": medium.kind},
    )


def _move(session: Session, medium: Medium, **values: object) -> None:
    session.change(
        update(need_media)
        .where(need_media.c.id == medium.id, need_media.c.state == medium.state)
        .values(**values)
    )


def _play_to_staff(
    session: Session,
    medium: Medium,
    *,
    now: datetime,
    message_class: MessageClass,
    ring: int = 0,
) -> int:
    """Play it to everyone who may answer for the resident; returns how many."""
    told = list_duty(
        session,
        now=now,
        about=medium.resident_id,
        without=medium.sender_id,
        everyone=ring > 1,
        near=True,
    )
    for one in told:
        play_to_staff(
            session,
            medium,
            now=now,
            to=one.id,
            key=f"media:{medium.id}:ring{ring}:{one.id}",
            message_class=message_class,
            ring=ring,
        )
    return len(told)


def play_to_staff(
    session: Session,
    medium: Medium,
    *,
    now: datetime,
    to: int,
    key: str,
    message_class: MessageClass,
    ring: int = 0,
) -> None:
    """One message that brings it, or says that there is none, with what can be done."""
    say(
        session,
        now=now,
        to=to,
        key=key,
        template="medium_staff",
        message_class=message_class,
        facts={**medium.facts, "ring": ring},
        buttons=medium.buttons if medium.kind == VOICE or not medium.is_kept else (),
        card=medium.card,
        document=medium.file_id if medium.is_kept else None,
        wanted=Wanted("need_media", medium.id, medium.version),
    )
