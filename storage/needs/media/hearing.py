"""The staff listens: who heard it is named, and what was said can be written down."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from storage.database import Session
from storage.journal import note
from storage.looks import check_look
from storage.needs.cards import NeedCard, find_need
from storage.needs.media.moving import play_to_staff
from storage.needs.media.rows import Medium, find_medium, media_query, medium_in
from storage.needs.opening import Statement
from storage.needs.statements.stating import CHANGEABLE, change_need
from storage.needs.statements.understanding import take_in
from storage.outbox import MessageClass, say
from storage.people import ContactData, Person, open_contact
from storage.refusals import NotAllowed, Refusal
from storage.rules.areas import Category
from storage.scope import check_sees, seen_through
from storage.tables import need_media

SHOWN_AT_ONCE = 8
WORDS_AT_MOST = 4096


class MediumHeard(Refusal):
    """A colleague has listened already; ``by`` is who."""

    key = "medium_heard"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of written words: the need they were added to, if there is one."""

    medium: Medium
    need: NeedCard | None


def show_medium(session: Session, *, actor: Person, media_id: int) -> Medium:
    """Return a voice or photo to the staff to whom the resident belongs; raises NotAllowed."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    medium = find_medium(session, media_id=media_id)
    if medium is None:
        raise NotAllowed
    check_sees(session, actor=actor, person_id=medium.resident_id)
    return medium


def hear_voice(session: Session, *, now: datetime, actor: Person, media_id: int) -> Medium:
    """Somebody of the staff has listened, and answers for it; raises MediumHeard after another."""
    medium = show_medium(session, actor=actor, media_id=media_id)
    heard = session.change(
        update(need_media)
        .where(need_media.c.id == media_id, need_media.c.state != "done")
        .values(
            state="done",
            next_step_at=None,
            heard_by=actor.id,
            heard_at=now,
            version=need_media.c.version + 1,
        )
    )
    if heard == 0:
        raise MediumHeard(by=medium.heard_by)
    _note(session, medium, now=now, actor=actor, what="medium_looked_at")
    return show_medium(session, actor=actor, media_id=media_id)


def write_down(
    session: Session, *, now: datetime, actor: Person, media_id: int, words: str
) -> Written:
    """Write down what was said: kept with it, added to its need, and shown to who said it."""
    medium = show_medium(session, actor=actor, media_id=media_id)
    if medium.state != "done":
        medium = hear_voice(session, now=now, actor=actor, media_id=media_id)
    sealed = session.vault.seal(words, place=f"need_media.transcript:{medium.uid}")
    session.change(update(need_media).where(need_media.c.id == media_id).values(transcript=sealed))
    _note(session, medium, now=now, actor=actor, what="voice_written")
    card = _add_to_need(session, medium, now=now, actor=actor, words=words)
    say(
        session,
        now=now,
        to=medium.sender_id,
        key=f"media:{media_id}:written:{now:%Y%m%d%H%M%S}",
        template="voice_written",
        message_class=MessageClass.INFO,
        facts={"words": words, "by": actor.name, "sent": medium.need_id is not None},
    )
    return Written(show_medium(session, actor=actor, media_id=media_id), card)


def _add_to_need(
    session: Session, medium: Medium, *, now: datetime, actor: Person, words: str
) -> NeedCard | None:
    """The need says it too; one that nobody could place is read anew."""
    card = find_need(session, need_id=medium.need_id) if medium.need_id is not None else None
    if card is None or card.state not in CHANGEABLE:
        return card
    if len(card.words) + len(words) >= WORDS_AT_MOST:
        return card
    said = Statement(card.category, card.urgency, f"{card.words}\n{words}")
    if card.category is Category.UNCLEAR:
        fresh = take_in(session, words).said
        read = card.category if fresh.category is Category.NOT_A_NEED else fresh.category
        said = Statement(read, min(card.urgency, fresh.urgency), said.words)
    return change_need(
        session,
        now=now,
        actor_id=actor.id,
        need_id=card.id,
        version=card.version,
        said=said,
    )


def open_sender(
    session: Session, *, now: datetime, actor: Person, media_id: int
) -> tuple[ContactData, ContactData | None]:
    """Open how to reach the resident, and whoever sent it for them; the look is noted."""
    medium = show_medium(session, actor=actor, media_id=media_id)
    check_look(session, now=now, actor=actor, person_id=medium.resident_id)
    other = medium.sender_id if medium.sender_id != medium.resident_id else None
    for seen in (medium.resident_id, other):
        if seen is not None:
            note(
                session,
                now=now,
                what="contact_shown",
                actor_id=actor.id,
                subject_id=seen,
                thing="need_media",
                thing_id=media_id,
                ground="staff",
            )
    sender = open_contact(session, person_id=other) if other is not None else None
    return open_contact(session, person_id=medium.resident_id), sender


def play_unheard(session: Session, *, now: datetime, actor: Person) -> int:
    """Play to one of the staff what nobody has listened to yet, the oldest first."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    rows = session.all(
        media_query()
        .where(need_media.c.state == "waiting", need_media.c.kind == "voice")
        .where(seen_through(actor, need_media.c.resident_id))
        .order_by(need_media.c.id)
        .limit(SHOWN_AT_ONCE)
    )
    for row in rows:
        play_to_staff(
            session,
            medium_in(session, row),
            now=now,
            to=actor.id,
            key=f"media:{row.id}:desk:{now:%Y%m%d%H%M%S}:{actor.id}",
            message_class=MessageClass.ANSWER,
        )
    return len(rows)


def _note(session: Session, medium: Medium, *, now: datetime, actor: Person, what: str) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        subject_id=medium.resident_id,
        thing="need_media",
        thing_id=medium.id,
    )
