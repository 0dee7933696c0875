"""A voice or photo comes in: fetched, kept sealed, and a need's as soon as there is one."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from storage.database import Session
from storage.files import FileTooBig, fetch_file
from storage.journal import note
from storage.needs.media.rows import PHOTO, PURPOSES, VOICE
from storage.needs.standing import is_allowed
from storage.refusals import NotAllowed, Refusal
from storage.rules.access import Act
from storage.tables import need_media

# The time the office has to listen before whoever is on duty is rung (law: an unheard voice is
# treated like words that could not be understood).
UNHEARD_FOR = timedelta(minutes=10)
# Nothing is kept for longer, whatever the retention table allows later.
KEPT_AT_MOST = timedelta(days=400)
# So many an hour from one person; who needs more is phoned.
MOST_AN_HOUR = 30
NAMES = {VOICE: "voice.oga", PHOTO: "photo.jpg"}
TYPES = {VOICE: "audio/ogg", PHOTO: "image/jpeg"}


class TooManyMedia(Refusal):
    """More voices and photos within the hour than anybody can listen to."""

    key = "too_many_media"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the messenger says of a voice or photo; ``album`` is shared by photos sent together."""

    kind: str
    source: str
    size: int
    seconds: int = 0
    album: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A voice or photo that was taken in; ``too_big`` could not be, and the staff is told.

    ``follows``: an earlier photo of the same album came before it.
    """

    id: int
    too_big: bool
    follows: bool


def take_medium(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    resident_id: int,
    sent: Sent,
    urgent: bool = False,
) -> Taken:
    """Take in what somebody sent who may state a need for the resident.

    ``urgent``: an alarm of theirs is open, so it rings whoever is on duty as soon as it is here.
    """
    if not is_allowed(session, Act.STATE_NEED, actor_id=actor_id, resident_id=resident_id):
        raise NotAllowed
    _check_room(session, now=now, actor_id=actor_id)
    earlier = _same_album(session, actor_id=actor_id, album=sent.album)
    file_id = _fetch(session, now=now, resident_id=resident_id, sent=sent)
    waits = file_id is None
    media_id = session.add(
        insert(need_media).values(
            uid=secrets.token_hex(16),
            need_id=earlier.need_id if earlier is not None else None,
            resident_id=earlier.resident_id if earlier is not None else resident_id,
            sender_id=actor_id,
            file_id=file_id,
            kind=sent.kind,
            album=sent.album[:64],
            seconds=max(sent.seconds, 0),
            state="waiting" if waits else "awaited",
            rings=1 if urgent else 0,
            next_step_at=now if waits else now + UNHEARD_FOR,
            created_at=now,
            version=1,
        )
    )
    note(
        session,
        now=now,
        what="medium_taken",
        actor_id=actor_id,
        subject_id=resident_id,
        thing="need_media",
        thing_id=media_id,
        detail=sent.kind if file_id is not None else f"{sent.kind} too big",
    )
    return Taken(media_id, too_big=waits, follows=earlier is not None)


def _fetch(session: Session, *, now: datetime, resident_id: int, sent: Sent) -> int | None:
    try:
        return fetch_file(
            session,
            now=now,
            source=sent.source,
            name=NAMES[sent.kind],
            media_type=sent.media_type or TYPES[sent.kind],
            size=sent.size,
            purpose=PURPOSES[sent.kind],
            owner_id=resident_id,
            kept_for=KEPT_AT_MOST,
        )
    except FileTooBig:
        return None


def _check_room(session: Session, *, now: datetime, actor_id: int) -> None:
    recent = session.all(
        select(need_media.c.id)
        .where(
            need_media.c.sender_id == actor_id,
            need_media.c.created_at > now - timedelta(hours=1),
        )
        .limit(MOST_AN_HOUR)
    )
    if len(recent) >= MOST_AN_HOUR:
        raise TooManyMedia


def _same_album(session: Session, *, actor_id: int, album: str) -> Any:
    if not album:
        return None
    return session.find(
        select(need_media.c.need_id, need_media.c.resident_id)
        .where(need_media.c.sender_id == actor_id, need_media.c.album == album)
        .order_by(need_media.c.id.desc())
        .limit(1)
    )
