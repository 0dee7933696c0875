"""The household a tie belongs to; whoever is written down in none gets one of their own."""

from datetime import datetime

from sqlalchemy import insert

from storage.database import Session
from storage.journal import note
from storage.people import Person, get_person
from storage.registers import find_household
from storage.tables import household, household_member


def home_of(session: Session, *, now: datetime, actor: Person, resident_id: int) -> int:
    """Return the household. The caller has checked that the actor may make the tie.

    An association, or a school, does not see the register, and needs no more of it than this.
    """
    home = find_household(session, person_id=resident_id)
    if home is not None:
        return home.id
    who = get_person(session, person_id=resident_id)
    made = session.add(
        insert(household).values(
            community_id=who.community_id,
            group_code="",
            head_id=who.id,
            created_at=now,
            version=1,
        )
    )
    session.execute(
        insert(household_member),
        {"person_id": who.id, "household_id": made, "relation": "head", "since": now},
    )
    note(
        session,
        now=now,
        what="household_joined",
        actor_id=actor.id,
        subject_id=who.id,
        thing="household",
        thing_id=made,
        ground="tie",
    )
    return made
