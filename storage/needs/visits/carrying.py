"""A volunteer carries a need: says when, goes, sees where, gives it back, or finishes it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage.consents import has_consent
from storage.database import Session
from storage.guardians import list_guardians
from storage.needs.aging import ages
from storage.needs.buttons import button, done_buttons
from storage.needs.cards import NeedCard, find_need_of_claim, read_need
from storage.needs.held import ClaimCard
from storage.needs.matching.offering import offer_on
from storage.needs.refusals import NeedMoved
from storage.needs.standing import (
    amend,
    check,
    end_claim,
    hold,
    journal,
    moved,
    note_looks,
    relations_to,
    shift,
    stands,
)
from storage.needs.telling import (
    News,
    hide_contact,
    is_pressing,
    tell_coordinators,
    tell_residents,
)
from storage.needs.visits.preparing import keep_self_check, open_door_words, prepare
from storage.needs.visits.safety import safe_due, safe_due_when_done
from storage.outbox import MessageClass, Wanted
from storage.people import ContactData, open_contact
from storage.refusals import Fact, NotAllowed
from storage.rules.access import Act, Relation
from storage.rules.lifecycle import NeedMove, NeedState
from storage.rules.patience import Waiting, first_asked_at
from storage.rules.purposes import Purpose
from storage.rules.visits import Left, time_left
from storage.tables import claim, need


def get_task(session: Session, *, volunteer_id: int, claim_id: int) -> tuple[NeedCard, ClaimCard]:
    """Return the need and the live claim of this volunteer; raises what stands in the way."""
    card = find_need_of_claim(session, claim_id=claim_id)
    if card is None:
        raise NotAllowed
    if card.claim is None or card.claim.id != claim_id:
        theirs = _was_theirs(session, volunteer_id=volunteer_id, claim_id=claim_id)
        raise moved(card) if theirs else NotAllowed
    check(session, Act.RELEASE_CLAIM, actor_id=volunteer_id, card=card)
    return card, card.claim


def get_reported(
    session: Session, *, volunteer_id: int, claim_id: int
) -> tuple[NeedCard, ClaimCard]:
    """Return the task to somebody who may say how it goes."""
    card, held = get_task(session, volunteer_id=volunteer_id, claim_id=claim_id)
    # With the need held: whoever is removed at this moment no longer is, or has it freed after us.
    hold(session, card)
    check(session, Act.REPORT_CLAIM, actor_id=volunteer_id, card=card)
    return card, held


def _was_theirs(session: Session, *, volunteer_id: int, claim_id: int) -> bool:
    theirs = select(claim.c.id).where(claim.c.id == claim_id, claim.c.volunteer_id == volunteer_id)
    return session.find(theirs) is not None


def say_arrival(
    session: Session,
    *,
    now: datetime,
    volunteer_id: int,
    claim_id: int,
    version: int,
    arrives_at: datetime,
) -> NeedCard:
    """The volunteer says when they come; the resident is told who, when, and what they will say.

    Raises NotChecked where the volunteer has to say first that they can do it.
    """
    card, held = get_reported(session, volunteer_id=volunteer_id, claim_id=claim_id)
    values: dict[str, Any] = {"arrives_at": arrives_at, "on_way_at": None, "arrived_at": None}
    if held.arrives_at is None:
        values |= prepare(session, now=now, card=card, held=held)
    elif held.on_way_at is not None:
        # They turned back: whoever is not on the way is not looked for.
        values |= {"safe_due_at": None, "safe_asked": 0}
    until = first_asked_at(Waiting.ARRIVAL, now, arrives_at)
    wait_until(session, card, now=now, until=until, start=arrives_at)
    change_claim(session, card, held, version=version, **values)
    template = "need_who_comes" if held.arrives_at is None else "need_other_time"
    return tell_waiting(session, card, now=now, template=template, what="arrival_said")


def set_out(
    session: Session, *, now: datetime, volunteer_id: int, claim_id: int, version: int
) -> NeedCard:
    """The volunteer is on the way; the resident is told."""
    card, held = get_reported(session, volunteer_id=volunteer_id, claim_id=claim_id)
    if held.arrives_at is None:
        raise NeedMoved(state=card.state.value)
    wait_until(session, card, now=now, until=first_asked_at(Waiting.FINISH, now))
    change_claim(
        session, card, held, version=version, on_way_at=now, **safe_due(card, held, now=now)
    )
    return tell_waiting(session, card, now=now, template="need_on_way", what="set_out")


def check_self(
    session: Session, *, now: datetime, volunteer_id: int, claim_id: int, version: int
) -> NeedCard:
    """The volunteer says that they can do it; the time is asked for next."""
    card, held = get_reported(session, volunteer_id=volunteer_id, claim_id=claim_id)
    keep_self_check(session, now=now, card=card, held=held, version=version)
    return read_need(session, need_id=card.id)


def tell_waiting(
    session: Session,
    card: NeedCard,
    *,
    now: datetime,
    template: str,
    what: str,
    message_class: MessageClass = MessageClass.MUST,
) -> NeedCard:
    """Tell those who wait for the volunteer what was just said, with the words for the door."""
    fresh = read_need(session, need_id=card.id)
    held = fresh.held
    words = open_door_words(session, claim_id=held.id)
    news = News(
        template,
        message_class,
        facts={
            "says": words.says if words else None,
            "answer": words.answer if words else None,
        },
        wanted=Wanted("claim", held.id, held.version),
        pressing=held.on_way_at is not None
        or is_pressing(session, now=now, arrives_at=held.arrives_at),
        about=held.version,
    )
    tell_residents(session, fresh, now=now, news=news)
    journal(session, fresh, now=now, actor_id=held.volunteer_id, what=what)
    return fresh


def change_claim(
    session: Session, card: NeedCard, held: ClaimCard, *, version: int, **values: Any
) -> None:
    """Change the claim, if it still stands as the button says; the need is changed before."""
    statement = (
        update(claim)
        .where(claim.c.id == held.id, claim.c.version == version, claim.c.state == "active")
        .values(version=claim.c.version + 1, **values)
    )
    if session.change(statement) != 1:
        raise NeedMoved(state=card.state.value)


def wait_until(
    session: Session,
    card: NeedCard,
    *,
    now: datetime,
    until: datetime,
    start: datetime | None = None,
) -> None:
    """The helper was heard of: their time begins anew, at the hour they named if they did."""
    standing = stands(session, card, now=now, start=start)
    amend(session, card, next_step_at=until, asked=0, **standing)


def show_contact(
    session: Session, *, now: datetime, volunteer_id: int, claim_id: int
) -> tuple[ContactData | None, ContactData | None]:
    """Open whom, where and phone to the volunteer who comes, and journal the look.

    Only while the claim is being carried out, only after they said when, and only whose yes
    stands. The second is whoever asked for the resident, who may know more, or a child's
    guardian. With neither, the coordinators are to bring both together.
    """
    card, held = get_task(session, volunteer_id=volunteer_id, claim_id=claim_id)
    if card.state is not NeedState.CLAIMED or held.arrives_at is None:
        raise NeedMoved(state=card.state.value)
    check(session, Act.SEE_CONTACT, actor_id=volunteer_id, card=card)
    whom, asker = find_whom(session, card, now=now)
    seen = [one for one in (whom, asker) if one is not None]
    note_looks(session, card, now=now, actor_id=volunteer_id, seen=seen)
    if not seen:
        phone = button("desk.phone", "desk", "phone", card.id, card.version)
        tell_coordinators(
            session, card, now=now, template="desk_no_contact", about=held.id, also=[[phone]]
        )
    contact = _open(session, whom)
    if contact is not None and card.served is not None:
        # Where to go is in the details; the home of whoever answers for it is nobody's business.
        contact = replace(contact, address=None)
    return contact, _open(session, asker)


def find_whom(session: Session, card: NeedCard, *, now: datetime) -> tuple[int | None, int | None]:
    """Return whose contact data may be shown to who helps: the resident's, and the asker's."""
    whom = card.resident_id if card.shares and _says_yes(session, card.resident_id, now) else None
    return whom, _find_asker(session, card, now=now)


def _open(session: Session, person_id: int | None) -> ContactData | None:
    return open_contact(session, person_id=person_id) if person_id is not None else None


def _says_yes(session: Session, person_id: int, now: datetime) -> bool:
    # Held: whoever takes it back at this moment waits, and then hides what is shown here.
    share = Purpose.SHARE_CONTACT
    return has_consent(session, person_id=person_id, purpose=share, now=now, hold=True)


def _find_asker(session: Session, card: NeedCard, *, now: datetime) -> int | None:
    """Whom to phone beside the resident, or in a child's place."""
    speakers = [card.stated_by] if _is_caregiver(session, card) else []
    if not speakers and not card.shares:
        speakers = list_guardians(session, person_id=card.resident_id)
    return next((one for one in speakers if _says_yes(session, one, now)), None)


def _is_caregiver(session: Session, card: NeedCard) -> bool:
    """Whether the need was stated by a caregiver who still is one."""
    near = relations_to(session, actor_id=card.stated_by, resident_id=card.resident_id)
    return Relation.CAREGIVER in near


def release_claim(
    session: Session, *, now: datetime, volunteer_id: int, claim_id: int, version: int
) -> NeedCard:
    """The volunteer cannot: the need is open again at once, and others are asked."""
    card, held = get_task(session, volunteer_id=volunteer_id, claim_id=claim_id)
    if held.version != version:
        raise NeedMoved(state=card.state.value)
    left = time_left(now, arrives_at=held.arrives_at, on_way_at=held.on_way_at)
    free_need(session, now=now, card=card, actor_id=volunteer_id, what="claim_released")
    if left is Left.LATE:
        # Somebody waits at the door: a person hears of it at once, not only the next volunteers.
        facts: dict[str, Fact] = {"volunteer": held.volunteer}
        fresh = read_need(session, need_id=card.id)
        template = "desk_helper_cannot"
        tell_coordinators(session, fresh, now=now, template=template, facts=facts, pressing=True)
    return card


def free_need(
    session: Session, *, now: datetime, card: NeedCard, actor_id: int | None, what: str
) -> None:
    """Take a claimed need back from its volunteer and offer it on; those who wait are told."""
    move = NeedMove.RELEASE
    limit = ages(session, card, now=now, state=NeedState.OPEN)
    again = {"round": need.c.round + 1, "wave": 0}
    shift(session, card, move, now=now, next_step_at=now, **again, **limit)
    end_claim(session, card, state="released", now=now)
    hide_contact(session, card, now=now)
    fresh = read_need(session, need_id=card.id)
    journal(session, fresh, now=now, actor_id=actor_id, what=what)
    arrives_at = card.held.arrives_at
    if arrives_at is not None:
        # Before that nobody had been announced, so there is nothing to take back.
        facts: dict[str, Fact] = {"volunteer": card.held.volunteer}
        # Who waits for somebody on the way hears it at once.
        pressing = card.held.on_way_at is not None or is_pressing(
            session, now=now, arrives_at=arrives_at
        )
        news = News("need_offered_on", pressing=pressing, facts=facts)
        tell_residents(session, fresh, now=now, news=news)
    offer_on(session, now=now, card=fresh)


@dataclass(frozen=True, slots=True)
class Work:
    """What was done: how many minutes, and a word about it."""

    minutes: int
    note: str | None = None


def finish_claim(
    session: Session, *, now: datetime, volunteer_id: int, claim_id: int, version: int, work: Work
) -> NeedCard:
    """The volunteer says it is done; those who waited are asked whether it was."""
    card, held = get_reported(session, volunteer_id=volunteer_id, claim_id=claim_id)
    if held.arrives_at is None:
        raise NeedMoved(state=card.state.value)
    due = first_asked_at(Waiting.CONFIRMATION, now)
    shift(session, card, NeedMove.DONE, now=now, next_step_at=due)
    change_claim(
        session,
        card,
        held,
        version=version,
        state="done",
        done_at=now,
        minutes=work.minutes,
        note=_seal_note(session, claim_id=claim_id, text=work.note),
        **safe_due_when_done(held, now=now),
    )
    hide_contact(session, card, now=now)
    fresh = read_need(session, need_id=card.id)
    ask_whether_done(session, fresh, now=now)
    journal(session, fresh, now=now, actor_id=volunteer_id, what="claim_done")
    return fresh


def ask_whether_done(session: Session, card: NeedCard, *, now: datetime) -> None:
    """Ask the resident and whoever asked for them; the first answer counts."""
    news = News(
        "need_was_it_done",
        buttons=done_buttons(card),
        wanted=Wanted("need", card.id, card.version),
    )
    if not tell_residents(session, card, now=now, news=news):
        # Nobody who could say yes uses the chat: never into nothing.
        tell_coordinators(session, card, now=now, template="desk_unconfirmed")


def _seal_note(session: Session, *, claim_id: int, text: str | None) -> bytes | None:
    if text is None:
        return None
    uid = session.value(select(claim.c.uid).where(claim.c.id == claim_id))
    return session.vault.seal(text, place=f"claim.note:{uid}")
