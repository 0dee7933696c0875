"""A need comes into the register, stated in the chat or found by a call."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import insert, select

from storage.database import Session
from storage.journal import note
from storage.needs.cards import NeedCard, read_need
from storage.needs.details import keep_details
from storage.needs.matching.kinds import is_small
from storage.needs.matching.offering import hand_over
from storage.owners import stand
from storage.rules.areas import CATEGORIES, Area, Category, Urgency
from storage.rules.dangers import Danger
from storage.rules.details import Details
from storage.rules.reading import read_need as read_words
from storage.tables import need, person

# The programme's seven actions are to be reported one by one (2020-116, part 3). Until the
# organisation that carries a need out decides it, its area does.
ACTION_OF = MappingProxyType(
    {
        Area.LIVELIHOOD: "home_help",
        Area.HEALTH: "rehab_support",
        Area.LEARNING: "study_support",
        Area.WORK: "anti_poverty",
        Area.RIGHTS: "hand_in_hand",
        Area.PARTICIPATION: "neighbour_watch",
        Area.EMERGENCY: "neighbour_watch",
        Area.OTHER: "hand_in_hand",
    }
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What was said, as it was understood."""

    category: Category
    urgency: Urgency
    words: str
    # None: nothing was said of them, and what is kept stays.
    details: Details | None = None
    # The entry of the catalogue that was asked for.
    service_id: int | None = None

    @property
    def area(self) -> Area:
        """The area that the category lies in."""
        return CATEGORIES[self.category].area


def understand(words: str) -> Statement:
    """Read what was said; danger was heard before, what is left of it is for staff today."""
    reading = read_words(words)
    emergency = reading.urgency is Urgency.U0
    if reading.area is Area.EMERGENCY and emergency:
        # Asked about and denied: what is left is the calm reading.
        calm = reading.alternatives if reading.danger is Danger.UNCLEAR else ()
        return Statement(calm[0] if calm else Category.UNCLEAR, Urgency.U1, words)
    return Statement(reading.category, Urgency.U1 if emergency else reading.urgency, words)


def columns_of(session: Session, *, uid: str, said: Statement) -> dict[str, Any]:
    """The columns that what was said fills, also when it is said differently."""
    return {
        "words": session.vault.seal(said.words, place=f"need.words:{uid}"),
        "category": said.category.value,
        "area": said.area.value,
        "action": ACTION_OF[said.area],
        "urgency": said.urgency.value,
        "small": is_small(session, category=said.category, urgency=said.urgency),
    }


def columns_changed(session: Session, card: NeedCard, *, said: Statement) -> dict[str, Any]:
    """The columns of a need that is said differently; of the same kind staff may have marked it."""
    uid = session.value(select(need.c.uid).where(need.c.id == card.id))
    values = columns_of(session, uid=uid, said=said)
    if card.category is said.category:
        del values["small"]
    return values


def write_need(
    session: Session,
    *,
    now: datetime,
    resident_id: int,
    actor_id: int,
    said: Statement,
    origin: str,
    community_id: int | None = None,
    **more: Any,
) -> int:
    """Write the need down, open, and return its id; it is due at once.

    It lies where the resident lives, unless ``community_id`` says otherwise; ``more`` are columns
    that only some needs have.
    """
    uid = secrets.token_hex(16)
    if community_id is None:
        home = select(person.c.community_id).where(person.c.id == resident_id)
        community_id = session.value(home)
    standing = stand(
        session,
        now=now,
        state="open",
        urgency=said.urgency,
        community_id=community_id,
        action_key=ACTION_OF[said.area],
    )
    statement = (
        insert(need)
        .values(
            uid=uid,
            resident_id=resident_id,
            stated_by=actor_id,
            community_id=community_id,
            origin=origin,
            service_id=said.service_id,
            state="open",
            round=1,
            wave=0,
            asked=0,
            next_step_at=now,
            created_at=now,
            version=1,
            **columns_of(session, uid=uid, said=said),
            **standing,
            **more,
        )
        .returning(need.c.id)
    )
    need_id = int(session.value(statement))
    if said.details is not None:
        keep_details(session, need_id=need_id, details=said.details)
    note(
        session,
        now=now,
        what="need_stated",
        actor_id=actor_id,
        subject_id=resident_id,
        thing="need",
        thing_id=need_id,
        ground=origin,
        detail=f"{said.category.value} {said.urgency.value}",
    )
    return need_id


def open_need_from_check_in(
    session: Session,
    *,
    now: datetime,
    resident_id: int,
    actor_id: int,
    words: str,
    check_in_id: int,
    urgent: bool = True,
) -> int:
    """A call ended in "needs help": the coordinators have the need at once; returns its id.

    Who was phoned may be worse off than the caller could tell, so a person decides who goes.
    ``actor_id`` is whoever reported; the check-in's own use case has checked who may. Of a call
    that went well, what is to be done is as urgent as its words say.
    """
    reading = understand(words)
    urgency = Urgency.U1 if urgent else reading.urgency
    said = Statement(category=reading.category, urgency=urgency, words=words)
    need_id = write_need(
        session,
        now=now,
        resident_id=resident_id,
        actor_id=actor_id,
        said=said,
        origin="check_in",
        check_in_id=check_in_id,
    )
    card = read_need(session, need_id=need_id)
    hand_over(session, now=now, card=card, reason="from_check_in")
    return need_id
