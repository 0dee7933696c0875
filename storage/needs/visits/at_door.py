"""At the door: what the helper needs there, that they have arrived, and the words that are said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, or_, select, update

from storage.confirmations import add_mark
from storage.database import Session
from storage.journal import note
from storage.needs.cards import NeedCard, read_need, wards
from storage.needs.held import ClaimCard
from storage.needs.refusals import NeedMoved
from storage.needs.visits.carrying import change_claim, get_reported, tell_waiting, wait_until
from storage.needs.visits.preparing import open_door_words
from storage.needs.visits.remarks import list_remarks
from storage.needs.visits.safety import safe_due
from storage.outbox import MessageClass
from storage.people import ContactData, open_contact
from storage.refusals import AlreadyDone, Fact
from storage.rules.marks import MarkKind
from storage.rules.patience import Waiting, first_asked_at
from storage.rules.visits import DOOR_TRIES, find_door_word, sound_of, visit_rule
from storage.scope import list_staff_of
from storage.tables import caregiver, claim, confirmation, need, organisation, person

# Words from the door are heard so long after the visit was promised for.
HEARD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Heard:
    """Whose words were heard: ``matched`` they are the right ones; by the helper or the home."""

    need_id: int
    matched: bool
    by_helper: bool


def open_door(session: Session, *, now: datetime, card: NeedCard) -> dict[str, Fact]:
    """What the helper needs at the door: the word to say, whom to ring, what others noticed.

    The caller has checked who sees it; that staff's phone was shown is noted.
    """
    held = card.held
    words = open_door_words(session, claim_id=held.id)
    staff = _whom_to_ring(session, card)
    if staff is not None:
        note(
            session,
            now=now,
            what="staff_phone_shown",
            actor_id=held.volunteer_id,
            subject_id=staff[0],
            thing="need",
            thing_id=card.id,
        )
    remarks = list_remarks(session, resident_id=card.resident_id)
    return {
        "says": words.says if words else None,
        "says_sound": sound_of(words.says) if words else None,
        "ring": staff[1].name if staff else None,
        "ring_phone": staff[1].phone if staff else None,
        "risks": list(visit_rule(card.category).risks),
        "remarks": [one.words for one in remarks],
        "risky": held.risky,
    }


def _whom_to_ring(session: Session, card: NeedCard) -> tuple[int, ContactData] | None:
    """The community's own contact, else whoever the resident's matters belong to; with a phone."""
    own = session.all(
        select(organisation.c.contact_id).where(
            organisation.c.community_id == card.community_id, organisation.c.contact_id.is_not(None)
        )
    )
    staff = [row.contact_id for row in own]
    staff += [one for one, _ in list_staff_of(session, person_id=card.resident_id)]
    with_phone = select(person.c.id).where(person.c.id.in_(staff), person.c.phone.is_not(None))
    reachable = {row.id for row in session.all(with_phone)}
    for one in staff:
        if one in reachable and one != card.held.volunteer_id:
            return one, open_contact(session, person_id=one)
    return None


def arrive(
    session: Session, *, now: datetime, volunteer_id: int, claim_id: int, version: int
) -> NeedCard:
    """The helper is at the door; those who wait are told once, quietly."""
    card, held = get_reported(session, volunteer_id=volunteer_id, claim_id=claim_id)
    if held.arrives_at is None:
        raise NeedMoved(state=card.state.value)
    if held.arrived_at is not None:
        raise AlreadyDone
    _be_there(session, card, held, now=now, version=version)
    quiet = MessageClass.INFO
    return tell_waiting(
        session, card, now=now, template="need_arrived", what="arrived", message_class=quiet
    )


def _be_there(
    session: Session, card: NeedCard, held: ClaimCard, *, now: datetime, version: int
) -> None:
    values: dict[str, Any] = {"arrived_at": now, "on_way_at": held.on_way_at or now}
    values |= safe_due(card, held, now=now)
    wait_until(session, card, now=now, until=first_asked_at(Waiting.FINISH, now))
    change_claim(session, card, held, version=version, **values)


def hear_door_words(session: Session, *, now: datetime, person_id: int, text: str) -> Heard | None:
    """Somebody types one word from the door: it is a mark that the visit takes place.

    The helper types what the resident answered, the home what the helper said. None when the text
    is no such word, or nobody of theirs is expected anywhere.
    """
    word = find_door_word(text)
    if word is None:
        return None
    tried = None
    for row in _expected(session, now=now, person_id=person_id):
        words = open_door_words(session, claim_id=row.id)
        by_helper = row.volunteer_id == person_id
        if words is None:
            continue
        if word == (words.answer if by_helper else words.says):
            return _matched(session, row, now=now, person_id=person_id, by_helper=by_helper)
        if by_helper and word != words.says:
            tried = row
    if tried is None:
        return None
    session.change(
        update(claim).where(claim.c.id == tried.id).values(door_tries=claim.c.door_tries + 1)
    )
    return Heard(tried.need_id, matched=False, by_helper=True)


def _expected(session: Session, *, now: datetime, person_id: int) -> Sequence[Row[Any]]:
    """The visits of theirs, as helper or as home, whose words have not been heard."""
    mine = wards().with_only_columns(caregiver.c.resident_id)
    theirs = mine.where(caregiver.c.caregiver_id == person_id)
    heard = select(confirmation.c.claim_id).where(confirmation.c.kind == "door_words")
    return session.all(
        select(claim.c.id, claim.c.need_id, claim.c.volunteer_id, claim.c.version, claim.c.state)
        .join(need, need.c.id == claim.c.need_id)
        .where(
            or_(
                claim.c.volunteer_id == person_id,
                need.c.resident_id == person_id,
                need.c.resident_id.in_(theirs),
            )
        )
        .where(claim.c.door_words.is_not(None), claim.c.door_tries < DOOR_TRIES)
        .where(claim.c.arrives_at >= now - HEARD_FOR, claim.c.state.in_(_HEARD_IN))
        .where(claim.c.id.not_in(heard))
        .order_by(claim.c.id.desc())
    )


_HEARD_IN = ("active", "done", "confirmed")


def _matched(
    session: Session, row: Row[Any], *, now: datetime, person_id: int, by_helper: bool
) -> Heard:
    add_mark(session, now=now, claim_id=row.id, kind=MarkKind.DOOR_WORDS, by=person_id)
    card = read_need(session, need_id=row.need_id)
    held = card.claim
    if row.state == "active" and held is not None and held.id == row.id and not held.arrived_at:
        # Whoever hears the words is at the door: it need not be said twice.
        _be_there(session, card, held, now=now, version=held.version)
    return Heard(row.need_id, matched=True, by_helper=by_helper)
