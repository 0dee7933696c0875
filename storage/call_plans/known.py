"""What the register says of a person for their plan: the tier it suggests, how they are greeted."""

from datetime import date, datetime

from sqlalchemy import select

from storage.call_plans.choosing import Candidate
from storage.call_plans.plans import (
    PlanButtonShared,
    PlanDraft,
    PlanNotByPhone,
    PlanTooSeldom,
    check_may,
)
from storage.database import Session
from storage.guardians import list_speakers
from storage.journal import note
from storage.people import has_own_chat
from storage.registers import can_be_phoned, find_facts, list_facts, list_members
from storage.rules.access import Act
from storage.rules.tiers import EVERY, Channel, Known, Suggestion, suggest_tier
from storage.tables import life_change, person


def suggest_plan_tier(
    session: Session, *, now: datetime, actor_id: int, resident_id: int
) -> Suggestion:
    """Suggest a tier from the register, with the reason; the look is journalled."""
    check_may(session, actor_id=actor_id, act=Act.MAKE_CALL_PLAN, resident_id=resident_id)
    note(session, now=now, what="tier_suggested", actor_id=actor_id, subject_id=resident_id)
    facts = find_facts(session, now=now, person_id=resident_id)
    known = Known(
        severe=facts.severe,
        alone=facts.lives_alone,
        spouse_severe=_has_severe_spouse(
            session, now=now, person_id=resident_id, household_id=facts.household_id
        ),
        old=facts.elderly_disabled,
        several=facts.several_disabled,
        changed=_has_changed(session, person_id=resident_id, day=session.house.local(now).date()),
    )
    return suggest_tier(known)


def may_phone(session: Session, *, resident_id: int) -> bool:
    """Whether a phone call can reach the person."""
    return can_be_phoned(session, person_id=resident_id)


def list_contacts(session: Session, *, resident_id: int) -> list[Candidate]:
    """Return those who speak for the person and use the chat: they can be asked there."""
    speakers = list_speakers(session, person_id=resident_id)
    rows = session.all(
        select(person.c.id, person.c.name)
        .where(person.c.id.in_(speakers), person.c.telegram_id.is_not(None))
        .order_by(person.c.id)
    )
    return [Candidate(row.id, row.name, None) for row in rows]


def check_fits(session: Session, *, resident_id: int, draft: PlanDraft) -> None:
    """Raise a refusal when the plan does not fit the person or its own tier."""
    if draft.channel is Channel.PHONE and not may_phone(session, resident_id=resident_id):
        raise PlanNotByPhone
    if draft.every not in EVERY[draft.tier]:
        raise PlanTooSeldom(tier=draft.tier.value, every=EVERY[draft.tier][0].value)
    if draft.own_button != "none" and not has_own_chat(session, person_id=resident_id):
        raise PlanButtonShared


def _has_severe_spouse(
    session: Session, *, now: datetime, person_id: int, household_id: int | None
) -> bool:
    """夫妻均重度: somebody severe in the household to whom one of the two is the spouse."""
    if household_id is None:
        return False
    members = list_members(session, household_id=household_id)
    own = next((one for one in members if one.person_id == person_id), None)
    if own is None:
        return False
    partners = [
        one.person_id
        for one in members
        if one.person_id != person_id
        and one.is_resident
        and (one.relation == "spouse" or (own.relation == "spouse" and one.is_head))
        and (own.is_head or own.relation in ("spouse", "head"))
    ]
    facts = list_facts(session, now=now, person_ids=partners) if partners else {}
    return any(one.severe for one in facts.values())


def _has_changed(session: Session, *, person_id: int, day: date) -> bool:
    found = select(life_change.c.id).where(
        life_change.c.resident_id == person_id,
        life_change.c.state == "live",
        life_change.c.until >= day,
    )
    return session.find(found.limit(1)) is not None
