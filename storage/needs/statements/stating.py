"""What those who speak for a resident do: state a need, add to it, change it, withdraw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from storage.categories import CategoryOff, rule_of
from storage.consents import give_consent, own_no_stands, refuse, withdraw
from storage.database import Session
from storage.guardians import ground_for, is_known_child
from storage.journal import note
from storage.needs.buttons import task_buttons
from storage.needs.cards import (
    NeedCard,
    get_need,
    list_like_places,
    list_places_of,
    read_need,
    wards,
)
from storage.needs.details import keep_details
from storage.needs.hiding import hide_contacts_of
from storage.needs.matching.offering import ask_the_willing_anew, close_offers
from storage.needs.matching.reaching import list_open_offers
from storage.needs.opening import ACTION_OF, Statement, columns_changed, write_need
from storage.needs.places import lock_places
from storage.needs.referral.closing import end_referral
from storage.needs.referral.telling import tell_organisation
from storage.needs.refusals import NeedMoved
from storage.needs.standing import (
    check,
    check_version,
    end_claim,
    is_allowed,
    journal,
    moved,
    shift,
)
from storage.needs.statements.attaching import attach_media
from storage.needs.telling import (
    OFFERED,
    News,
    hide_contact,
    is_pressing,
    rewrite_offers,
    tell,
    tell_coordinators,
    tell_residents,
)
from storage.needs.verification.routing import set_going
from storage.outbox import MessageClass
from storage.owners import stand
from storage.people import find_person, get_person, set_address
from storage.refusals import NotAllowed
from storage.rules.access import Act
from storage.rules.lifecycle import UNFINISHED, NeedMove, NeedState, may_move
from storage.rules.purposes import Ground, Purpose, may_speak
from storage.rules.waves import next_wave
from storage.tables import caregiver, need, person

CHANGEABLE = UNFINISHED - {NeedState.DONE}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A resident somebody may state a need for; ``own`` when it is they themselves."""

    resident_id: int
    name: str
    own: bool
    has_address: bool


def shows_contact(session: Session, *, now: datetime, actor_id: int, resident_id: int) -> bool:
    """Whether sending can be the yes to showing the resident's contact data.

    Not where they said no themselves, nor of a child.
    """
    if is_known_child(session, now=now, person_id=resident_id):
        return False
    share = Purpose.SHARE_CONTACT
    return actor_id == resident_id or not own_no_stands(
        session, person_id=resident_id, purpose=share
    )


def list_spoken_for(session: Session, *, person_id: int) -> Sequence[Spoken]:
    """Return for whom somebody may state a need, themselves first."""
    found = []
    who = find_person(session, person_id=person_id)
    if who is not None and who.is_approved("resident"):
        found.append(Spoken(who.id, who.name, own=True, has_address=who.has_address))
    rows = session.all(
        wards()
        .with_only_columns(person.c.id, person.c.name, person.c.address)
        .join(person, person.c.id == caregiver.c.resident_id)
        .where(caregiver.c.caregiver_id == person_id)
        .order_by(person.c.id)
    )
    found += [Spoken(r.id, r.name, own=False, has_address=r.address is not None) for r in rows]
    return found


def state_need(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    resident_id: int,
    said: Statement,
    address: str | None = None,
    share: bool = True,
    origin: str = "chat",
    media: Sequence[int] = (),
) -> int:
    """Send a need: keep the address that was asked for, the consent, and ask volunteers.

    The button says it: with ``share`` sending is the yes to showing name, address and phone to
    whoever comes, without it the no, and the need goes out all the same. ``origin``: how it came
    in, since a need on paper or by phone is worth what one in the chat is.
    """
    if not is_allowed(session, Act.STATE_NEED, actor_id=actor_id, resident_id=resident_id):
        raise NotAllowed
    if not rule_of(session, said.category).active:
        raise CategoryOff(category=said.category.value)
    if address is not None:
        set_address(session, person_id=resident_id, address=address)
        note(session, now=now, what="address_set", actor_id=actor_id, subject_id=resident_id)
    _keep_word(session, now=now, actor_id=actor_id, resident_id=resident_id, share=share)
    need_id = write_need(
        session, now=now, resident_id=resident_id, actor_id=actor_id, said=said, origin=origin
    )
    _attach(session, actor_id=actor_id, need_id=need_id, resident_id=resident_id, media=media)
    card = read_need(session, need_id=need_id)
    if actor_id != resident_id:
        by = get_person(session, person_id=actor_id).name
        news = News("need_stated_for", MessageClass.INFO, facts={"by": by})
        tell(session, card, now=now, to=resident_id, news=news)
    set_going(session, now=now, card=card)
    return need_id


def _attach(
    session: Session, *, actor_id: int, need_id: int, resident_id: int, media: Sequence[int]
) -> None:
    if media:
        attach_media(
            session,
            actor_id=actor_id,
            need_id=need_id,
            resident_id=resident_id,
            media_ids=media,
        )


def _keep_word(
    session: Session, *, now: datetime, actor_id: int, resident_id: int, share: bool
) -> None:
    """Write the yes or no down. Whoever asks for somebody else is shown too, as who to phone."""
    actor = get_person(session, person_id=actor_id)
    for person_id in dict.fromkeys((resident_id, actor_id)):
        ground = ground_for(session, actor=actor, person_id=person_id)
        child = is_known_child(session, now=now, person_id=person_id)
        if ground is None or not may_speak(Purpose.SHARE_CONTACT, ground, child=child):
            continue
        if share:
            give_consent(
                session,
                now=now,
                person_id=person_id,
                purpose=Purpose.SHARE_CONTACT,
                given_by=actor_id,
                ground=ground,
            )
        elif ground in (Ground.SELF, Ground.GUARDIAN):
            _say_no(session, now=now, actor_id=actor_id, person_id=person_id)


def _say_no(session: Session, *, now: datetime, actor_id: int, person_id: int) -> None:
    known: Any = {"now": now, "person_id": person_id, "purpose": Purpose.SHARE_CONTACT}
    if withdraw(session, **known, actor_id=actor_id):
        hide_contacts_of(session, now=now, person_id=person_id)
    else:
        refuse(session, **known, actor_id=actor_id)


def change_need(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    need_id: int,
    version: int,
    said: Statement,
    media: Sequence[int] = (),
) -> NeedCard:
    """Say a need differently; those who were asked, or come, see it at once.

    Another kind of need is offered afresh, a more or less urgent one widens by its own table.
    """
    before = get_need(session, need_id=need_id)
    check(session, Act.CHANGE_NEED, actor_id=actor_id, card=before)
    check_version(before, version)
    if before.state not in CHANGEABLE:
        raise NeedMoved(state=before.state.value)
    for other in list_like_places(session, card=before):
        if other.id != before.id and other.state in CHANGEABLE:
            _change_place(session, other, now=now, actor_id=actor_id, said=said)
    resident_id, root_id = before.resident_id, before.root_id
    _attach(session, actor_id=actor_id, need_id=root_id, resident_id=resident_id, media=media)
    card = _change_place(session, before, now=now, actor_id=actor_id, said=said)
    tell_residents(
        session, card, now=now, news=News("need_changed", MessageClass.INFO), but=actor_id
    )
    return card


def _change_place(
    session: Session, before: NeedCard, *, now: datetime, actor_id: int, said: Statement
) -> NeedCard:
    anew = before.category is not said.category and before.claim is None
    if anew:
        close_offers(session, before, now=now, template="offer_withdrawn")
    _write_change(session, before, now=now, said=said, anew=anew)
    if anew:
        end_referral(session, before, now=now, why="changed")
    card = read_need(session, need_id=before.id)
    journal(session, card, now=now, actor_id=actor_id, what="need_changed")
    _tell_change(session, card, now=now, anew=anew)
    if anew:
        set_going(session, now=now, card=card)
    return read_need(session, need_id=before.id)


def _write_change(
    session: Session, before: NeedCard, *, now: datetime, said: Statement, anew: bool
) -> None:
    values = columns_changed(session, before, said=said) | {"version": need.c.version + 1}
    wave = next_wave(said.urgency, before.wave, rule_of(session, said.category).volunteer_may)
    if anew or before.urgency is not said.urgency:
        values |= _standing(session, before, now=now, said=said, anew=anew)
    if anew:
        values |= {"round": need.c.round + 1, "state": "open", "asked": 0}
        values |= {"wave": 0, "next_step_at": now, "service_id": None}
    elif before.urgency is not said.urgency and before.state is NeedState.OPEN and wave:
        # Those who were just asked keep their time to answer, as long as the new table gives.
        values["next_step_at"] = now + wave.after
    same = (need.c.id == before.id, need.c.version == before.version)
    statement = update(need).where(*same, need.c.state == before.state.value).values(**values)
    if session.change(statement) != 1:
        raise moved(before)
    if said.details is not None:
        keep_details(session, need_id=before.id, details=said.details)


def _standing(
    session: Session, before: NeedCard, *, now: datetime, said: Statement, anew: bool
) -> dict[str, Any]:
    """Another kind or urgency has a limit of its own, from now or the hour that was named."""
    return stand(
        session,
        now=now,
        state="open" if anew else before.state.value,
        urgency=said.urgency,
        community_id=before.community_id,
        action_key=ACTION_OF[said.area],
        start=before.claim.arrives_at if before.claim is not None else None,
    )


def _tell_change(session: Session, card: NeedCard, *, now: datetime, anew: bool) -> None:
    if card.claim is not None:
        pressing = is_pressing(session, now=now, arrives_at=card.claim.arrives_at)
        news = News("task_changed", buttons=task_buttons(card), pressing=pressing)
        to = card.claim.volunteer_id
        tell(session, card, now=now, to=to, news=news, facts=card.task_facts)
    elif not anew:
        ask_the_willing_anew(session, card)
        ids = list_open_offers(session, card)
        rewrite_offers(session, card, now=now, offer_ids=ids, template=OFFERED)
        if card.referral is not None:
            tell_organisation(session, card, now=now, lead="referral_changed")
        if card.state in (NeedState.UNCLAIMED, NeedState.VERIFYING):
            tell_coordinators(session, card, now=now, template="desk_changed")


def cancel_need(
    session: Session, *, now: datetime, actor_id: int, need_id: int, version: int
) -> NeedCard:
    """Withdraw a need with all its places; whoever has one is told kindly and at once."""
    before = get_need(session, need_id=need_id)
    check(session, Act.CANCEL_NEED, actor_id=actor_id, card=before)
    # Whoever wants one more at this moment waits, or their place is withdrawn with the others.
    before = lock_places(session, card=before)
    check_version(before, version)
    places = list_places_of(session, card=before)
    cancelled = [
        cancel_place(session, one, now=now, actor_id=actor_id)
        for one in places
        if may_move(one.state, NeedMove.CANCEL)
    ]
    if not cancelled:
        raise moved(before)
    card = read_need(session, need_id=need_id)
    tell_residents(
        session, card, now=now, news=News("need_cancelled", MessageClass.INFO), but=actor_id
    )
    return card


def cancel_place(session: Session, before: NeedCard, *, now: datetime, actor_id: int) -> NeedCard:
    """Withdraw one place; the volunteer who has it is told."""
    shift(
        session,
        before,
        NeedMove.CANCEL,
        now=now,
        next_step_at=None,
        ended_at=now,
        ended_by=actor_id,
    )
    end_claim(session, before, state="released", now=now)
    end_referral(session, before, now=now, why="cancelled")
    card = read_need(session, need_id=before.id)
    close_offers(session, card, now=now, template="offer_withdrawn")
    if before.claim is not None:
        soon = before.claim.arrives_at
        # Somebody may already be at the door.
        pressing = soon is not None and soon - now < timedelta(hours=12)
        news = News("task_cancelled", pressing=pressing)
        to = before.claim.volunteer_id
        tell(session, card, now=now, to=to, news=news, facts=card.public_facts)
        hide_contact(session, before, now=now)
    journal(session, card, now=now, actor_id=actor_id, what="need_cancelled")
    return card
