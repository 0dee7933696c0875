"""The one served is an institution: so many people there, a day, a wish, and no names."""

from dataclasses import dataclass
from datetime import datetime

from storage.consents import give_consent
from storage.database import Session
from storage.needs.cards import read_need
from storage.needs.matching.offering import offer_on
from storage.needs.opening import Statement, write_need
from storage.organisations import check_reach, get_organisation
from storage.people import get_person
from storage.refusals import TooLate
from storage.rules.areas import Category, Urgency
from storage.rules.details import Details
from storage.rules.purposes import Ground, Purpose

MOST_PEOPLE = 999
# What an institution asks volunteers for; anything else it asks the office.
FOR_INSTITUTIONS = (
    Category.COMPANIONSHIP,
    Category.STUDY_HELP,
    Category.CULTURE_SPORTS,
    Category.HAIRCUT,
    Category.HOUSEKEEPING,
    Category.SKILLS_TRAINING,
)


@dataclass(frozen=True, slots=True)
class Visit:
    """What an institution asks for; ``where`` is its own address, nobody's home."""

    category: Category
    headcount: int
    words: str
    wanted_at: datetime
    where: str


def ask_visit(
    session: Session, *, now: datetime, actor_id: int, organisation_id: int, visit: Visit
) -> int:
    """Ask volunteers to an institution; its coordinator, or whoever is named there, answers for it.

    They are who confirms that somebody was there, and whose name and phone the volunteers see.
    """
    actor = get_person(session, person_id=actor_id)
    one = get_organisation(session, organisation_id=organisation_id)
    check_reach(actor, one)
    if not one.active or visit.category not in FOR_INSTITUTIONS:
        raise TooLate
    if not 1 <= visit.headcount <= MOST_PEOPLE or visit.wanted_at <= now:
        raise TooLate
    works_there = actor.organisation_id == one.id
    answers_id = actor_id if works_there or one.contact_id is None else one.contact_id
    if answers_id == actor_id:
        give_consent(
            session,
            now=now,
            person_id=actor_id,
            purpose=Purpose.SHARE_CONTACT,
            given_by=actor_id,
            ground=Ground.SELF,
        )
    details = Details(wanted_at=visit.wanted_at, hours=True, words=visit.where)
    said = Statement(visit.category, Urgency.U2, visit.words, details)
    need_id = write_need(
        session,
        now=now,
        resident_id=answers_id,
        actor_id=actor_id,
        said=said,
        origin="staff",
        community_id=one.community_id,
        served_organisation_id=one.id,
        headcount=visit.headcount,
    )
    offer_on(session, now=now, card=read_need(session, need_id=need_id))
    return need_id
