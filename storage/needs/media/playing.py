"""Playing the voices and showing the photos of a need, to those who may know whose they are."""

from datetime import datetime
from typing import Any

from storage.database import Session
from storage.journal import note
from storage.needs.cards import NeedCard
from storage.needs.media.rows import Medium, media_query, medium_in
from storage.needs.standing import is_allowed
from storage.needs.telling import MEDIUM, media_card_of
from storage.outbox import MessageClass, Wanted, say
from storage.refusals import NotAllowed
from storage.rules.access import Act
from storage.rules.lifecycle import NeedState
from storage.tables import file, need_media

PLAYED_AT_ONCE = 10


def play_media(session: Session, *, now: datetime, actor_id: int, card: NeedCard, key: str) -> int:
    """Send every voice and photo of a need to one person; returns how many there were.

    To those who speak for the resident, to the staff, and to the helper between the moment they
    said when they come and the end of the claim, if they may know who it is. ``key`` is the
    occasion: said once for each.
    """
    helps = _is_helping(card, actor_id)
    if not _may(session, card, actor_id=actor_id, helps=helps):
        raise NotAllowed
    rows = session.all(
        media_query()
        .where(need_media.c.need_id == card.root_id, file.c.state == "kept")
        .order_by(need_media.c.id)
        .limit(PLAYED_AT_ONCE)
    )
    for row in rows:
        _play(session, medium_in(session, row), card, now=now, to=actor_id, key=key, helps=helps)
    if rows and actor_id not in (card.resident_id, card.stated_by):
        note(
            session,
            now=now,
            what="media_shown",
            actor_id=actor_id,
            subject_id=card.resident_id,
            thing="need",
            thing_id=card.id,
            detail=str(len(rows)),
        )
    return len(rows)


def _play(
    session: Session,
    medium: Medium,
    card: NeedCard,
    *,
    now: datetime,
    to: int,
    key: str,
    helps: bool,
) -> None:
    held = card.claim
    wanted: Any = Wanted("claim", held.id, held.version) if helps and held is not None else None
    say(
        session,
        now=now,
        to=to,
        key=f"{key}:{medium.id}",
        # A helper's copy cannot be saved or passed on, and is taken back when the claim ends.
        template=MEDIUM if helps else "medium_of_need",
        message_class=MessageClass.ANSWER,
        facts={
            "kind": medium.kind,
            "seconds": medium.seconds,
            "since": medium.created_at.isoformat(),
            "transcript": medium.transcript,
        },
        card=media_card_of(card.id) if helps else None,
        document=medium.file_id,
        wanted=wanted,
    )


def _is_helping(card: NeedCard, actor_id: int) -> bool:
    held = card.claim
    return (
        held is not None
        and held.volunteer_id == actor_id
        and card.state is NeedState.CLAIMED
        and held.arrives_at is not None
    )


def _may(session: Session, card: NeedCard, *, actor_id: int, helps: bool) -> bool:
    if helps and not card.shares:
        # A voice says who it is, and often where: it goes no further than name and phone would.
        return False
    act = Act.SEE_CONTACT if helps else Act.CHANGE_NEED
    return is_allowed(session, act, actor_id=actor_id, resident_id=card.resident_id, card=card)
