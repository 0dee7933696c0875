"""Who may do what with a need, and the one way in which a need changes its state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update

from storage.database import Session
from storage.journal import note
from storage.needs.cards import NeedCard, read_need, wards
from storage.needs.refusals import NeedMoved, NeedOver, NeedTaken
from storage.owners import stand
from storage.people import find_person
from storage.refusals import OutsideScope, Refusal
from storage.rules.access import Act, Relation, Role, may
from storage.rules.lifecycle import NeedMove, NeedState, state_after, states_before
from storage.scope import staff_relations
from storage.services import works_at
from storage.tables import caregiver, claim, need, offer

# Written once: they are run with every press.
_TIED = (
    wards()
    .where(caregiver.c.resident_id == bindparam("resident"))
    .where(caregiver.c.caregiver_id == bindparam("actor"))
)
_ASKED = select(offer.c.id).where(
    offer.c.need_id == bindparam("need"), offer.c.volunteer_id == bindparam("actor")
)
# Whoever was asked about one place of a need may take any.
_ASKED_OF_OTHER = (
    select(offer.c.id)
    .join(need, need.c.id == offer.c.need_id)
    .where(or_(need.c.id == bindparam("root"), need.c.parent_id == bindparam("root")))
    .where(offer.c.volunteer_id == bindparam("actor"))
)

# What somebody does with a need who was to answer: the first of it is counted in the figures.
ANSWERS = frozenset(
    {
        *("need_claimed", "offer_declined", "offer_willing", "need_chosen"),
        *("need_verified", "need_assigned", "need_closed_by_staff"),
        *("referral_accepted", "referral_declined", "referral_asked_back"),
    }
)
_ANSWERED = (
    update(need)
    .where(need.c.id == bindparam("one"), need.c.answered_at.is_(None))
    .values(answered_at=bindparam("now"))
)


def relations_to(
    session: Session, *, actor_id: int, resident_id: int, card: NeedCard | None = None
) -> frozenset[Relation]:
    """How somebody stands to a resident, and to one need of theirs."""
    found = set()
    if actor_id == resident_id:
        found.add(Relation.OWN)
    tied = session.execute(_TIED, {"resident": resident_id, "actor": actor_id})
    if tied.first() is not None:
        found.add(Relation.CAREGIVER)
    if card is not None:
        if _was_asked(session, card, actor_id=actor_id):
            found.add(Relation.OFFERED)
        if card.claim is not None and card.claim.volunteer_id == actor_id:
            found.add(Relation.CLAIM_HOLDER)
        if card.referral is not None and works_at(
            session, person_id=actor_id, organisation_id=card.referral.organisation_id
        ):
            found.add(Relation.REFERRED_TO)
    return frozenset(found)


def _was_asked(session: Session, card: NeedCard, *, actor_id: int) -> bool:
    if session.execute(_ASKED, {"need": card.id, "actor": actor_id}).first() is not None:
        return True
    if card.people == 1 and card.parent_id is None:
        return False
    of_other = {"root": card.root_id, "actor": actor_id}
    return session.execute(_ASKED_OF_OTHER, of_other).first() is not None


def is_allowed(
    session: Session,
    act: Act,
    *,
    actor_id: int,
    resident_id: int,
    card: NeedCard | None = None,
) -> bool:
    """Whether somebody may do the act now, by the roles and ties that the database holds."""
    who = find_person(session, person_id=actor_id)
    if who is None:
        return False
    roles = {Role(kind) for kind in who.roles if who.is_approved(kind)}
    near = relations_to(session, actor_id=actor_id, resident_id=resident_id, card=card)
    return may(act, roles, *near, *staff_relations(session, actor=who, person_id=resident_id))


def check(session: Session, act: Act, *, actor_id: int, card: NeedCard) -> None:
    """Raise NotAllowed unless somebody may do this to this need."""
    if not is_allowed(session, act, actor_id=actor_id, resident_id=card.resident_id, card=card):
        raise OutsideScope(subject_id=card.resident_id)


def check_version(card: NeedCard, version: int) -> None:
    """Raise when the need has moved on since the button was made."""
    if card.version != version:
        raise moved(card)


def moved(card: NeedCard) -> Refusal:
    """What to say to a press that comes too late: where the need stands now."""
    if card.state in (NeedState.CLOSED, NeedState.CANCELLED):
        return NeedOver(state=card.state.value)
    return NeedMoved(state=card.state.value)


def shift(
    session: Session,
    card: NeedCard,
    move: NeedMove,
    *,
    now: datetime,
    next_step_at: datetime | None,
    **values: Any,
) -> None:
    """Move the need, if it still stands as the card says; raises when somebody was first.

    The version grows, so every button made before is known to be old. Who answers for it now,
    and until when, is written with it; ``values`` may say otherwise.
    """
    state = state_after(move)
    standing = stands(session, card, now=now, state=state) | _times(move, now) | values
    changed = session.change(
        update(need)
        .where(need.c.id == card.id, need.c.version == card.version)
        .where(need.c.state.in_(states_before(move)))
        .values(
            state=state,
            version=need.c.version + 1,
            asked=0,
            next_step_at=next_step_at,
            **standing,
        )
    )
    if changed != 1:
        raise NeedTaken if move is NeedMove.CLAIM else moved(card)


def _times(move: NeedMove, now: datetime) -> dict[str, Any]:
    """What the figures know of it: the first claim, and when it was last said to be done."""
    if move is NeedMove.CLAIM:
        return {"claimed_at": func.coalesce(need.c.claimed_at, now)}
    return {"done_at": now} if move is NeedMove.DONE else {}


def stands(
    session: Session,
    card: NeedCard,
    *,
    now: datetime,
    state: NeedState | None = None,
    start: datetime | None = None,
) -> dict[str, Any]:
    """Who answers for the need in a state (its own unless named), and until when."""
    had = card.referral if (state or card.state) is NeedState.REFERRED else None
    return stand(
        session,
        now=now,
        state=(state or card.state).value,
        owner_id=had.organisation_id if had is not None else None,
        urgency=card.urgency,
        community_id=card.community_id,
        action_key=card.action,
        start=start,
    )


def hold(session: Session, card: NeedCard) -> None:
    """Lock the need before anything that hangs on it: always in this order, so no deadlock."""
    row = session.find(select(need.c.version).where(need.c.id == card.id).with_for_update())
    if row is None or row.version != card.version:
        raise moved(card)


def amend(session: Session, card: NeedCard, **values: Any) -> None:
    """Write beside a state that stays, if the need still stands as the card says; else raise.

    The version stays: every button made before is as good as it was.
    """
    same = (need.c.id == card.id, need.c.version == card.version)
    if session.change(update(need).where(*same).values(**values)) != 1:
        raise moved(read_need(session, need_id=card.id))


def asked_again(session: Session, card: NeedCard, *, until: datetime) -> NeedCard:
    """Count that somebody is asked, and when the need moves next."""
    amend(session, card, asked=need.c.asked + 1, next_step_at=until)
    return read_need(session, need_id=card.id)


def end_claim(session: Session, card: NeedCard, *, state: str, now: datetime) -> None:
    """End the need's live claim, if it has one."""
    session.change(
        update(claim)
        .where(claim.c.need_id == card.id, claim.c.state.in_(("active", "done")))
        .values(state=state, ended_at=now, version=claim.c.version + 1)
    )


def journal(
    session: Session,
    card: NeedCard,
    *,
    now: datetime,
    actor_id: int | None,
    what: str,
    ground: str = "",
) -> None:
    """Write down what somebody, or the passing of time, did with a need."""
    if what in ANSWERS:
        session.execute(_ANSWERED, {"one": card.id, "now": now})
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=card.resident_id,
        thing="need",
        thing_id=card.id,
        ground=ground,
    )


def note_looks(
    session: Session,
    card: NeedCard,
    *,
    now: datetime,
    actor_id: int,
    seen: Sequence[int],
    ground: str = "",
) -> None:
    """Write down whose contact data somebody was shown for a need."""
    for subject_id in seen:
        note(
            session,
            now=now,
            what="contact_shown",
            actor_id=actor_id,
            subject_id=subject_id,
            thing="need",
            thing_id=card.id,
            ground=ground,
        )


def may_see_words(
    session: Session, *, person_id: int, card: NeedCard, as_helper: bool = False
) -> bool:
    """Whether somebody may see a need as those see it who speak for the resident.

    ``as_helper``: only the words, which the volunteer may read in full too while they help.
    """
    if is_allowed(
        session, Act.CHANGE_NEED, actor_id=person_id, resident_id=card.resident_id, card=card
    ):
        return True
    helps = as_helper and card.state is NeedState.CLAIMED
    return helps and is_allowed(
        session, Act.SEE_CONTACT, actor_id=person_id, resident_id=card.resident_id, card=card
    )
