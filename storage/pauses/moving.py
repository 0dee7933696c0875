"""Somebody moves to another community of the programme: what they have goes with them."""

from datetime import datetime

from sqlalchemy import update

from storage.communities import find_community
from storage.database import Session
from storage.journal import note
from storage.needs.gone import forget_home
from storage.pauses.standing import check_may
from storage.people import Person, get_person, move_person
from storage.refusals import AlreadyDone, NotAllowed
from storage.rules.lifecycle import UNFINISHED
from storage.rules.pauses import Reason
from storage.tables import need, person


def move_resident(
    session: Session, *, now: datetime, actor: Person, person_id: int, community_id: int
) -> int | None:
    """Write the new community down; returns the one before, to undo a slip.

    The address is forgotten, and all that was said of the door: a helper must not go to the old
    one. It is asked for anew where a need takes somebody there.
    """
    check_may(session, actor=actor, person_id=person_id, reason=Reason.MOVED)
    before = get_person(session, person_id=person_id).community_id
    if find_community(session, community_id=community_id) is None:
        raise NotAllowed
    if before == community_id:
        raise AlreadyDone
    move_person(session, person_id=person_id, community_id=community_id)
    session.change(update(person).where(person.c.id == person_id).values(address=None))
    forget_home(session, resident_id=person_id)
    session.change(
        update(need)
        .where(need.c.resident_id == person_id, need.c.state.in_(UNFINISHED))
        .values(community_id=community_id)
    )
    note(
        session,
        now=now,
        what="person_moved",
        actor_id=actor.id,
        subject_id=person_id,
        thing="community",
        thing_id=community_id,
    )
    return before
