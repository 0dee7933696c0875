"""What is held of a person, by kind: counted, so that only kinds that are there are told of."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from storage.database import Session
from storage.people import Person, open_contact
from storage.privacy.visits import is_of
from storage.registers import open_profile
from storage.rules.fields import Register
from storage.rules.masks import mask_phone
from storage.tables import (
    alarm,
    call_back,
    call_note,
    caregiver,
    check_in,
    check_in_plan,
    claim,
    complaint,
    consent,
    disability_certificate,
    home_access,
    home_visit,
    household_member,
    journal,
    life_change,
    need,
    need_media,
    need_series,
    pair,
    qualification,
    question,
    referral,
    shift,
    visit_word,
    volunteer,
)


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of data: how many entries, and for the shortest ones the value itself."""

    kind: str
    count: int
    value: str = ""


def list_held(session: Session, *, subject: Person) -> list[Held]:
    """List every kind of data that is held of a person now."""
    contact = open_contact(session, person_id=subject.id)
    fields = sum(
        len(open_profile(session, person_id=subject.id, register=register)) for register in Register
    )
    kinds = [
        Held("name", 1, contact.name),
        Held("phone", 1 if contact.phone else 0, mask_phone(contact.phone or "")),
        Held("address", 1 if contact.address else 0, contact.address or ""),
        Held("fields", fields),
        *(Held(kind, int(session.value(one) or 0)) for kind, one in _counted(subject.id).items()),
        Held("messages", 1 if subject.telegram_id is not None else 0),
    ]
    return [one for one in kinds if one.count]


def _counted(person_id: int) -> dict[str, Select[Any]]:
    def count(column: Any) -> Select[Any]:
        return select(func.count()).where(column == person_id)

    live = (caregiver.c.resident_id == person_id) | (caregiver.c.caregiver_id == person_id)
    both = (pair.c.resident_id == person_id) | (pair.c.helper_id == person_id)
    return {
        "certificate": count(disability_certificate.c.person_id),
        "household": count(household_member.c.person_id),
        "ties": select(func.count()).where(live, caregiver.c.state == "confirmed"),
        "needs": count(need.c.resident_id),
        "series": count(need_series.c.resident_id),
        "media": count(need_media.c.resident_id).where(need_media.c.file_id.is_not(None)),
        "door": count(home_access.c.person_id),
        "calls": count(check_in.c.resident_id),
        "call_notes": count(call_note.c.resident_id).where(call_note.c.facts.is_not(None)),
        "call_plans": count(check_in_plan.c.resident_id),
        "life_changes": count(life_change.c.resident_id),
        "pairs": select(func.count()).where(both, pair.c.agreed_at.is_not(None)),
        "duty": count(shift.c.person_id),
        "alarms": count(alarm.c.person_id),
        "questions": count(question.c.person_id),
        "complaints": count(complaint.c.reporter_id),
        "volunteer": count(volunteer.c.person_id),
        "qualification": count(qualification.c.person_id),
        "tasks": count(claim.c.volunteer_id),
        "visit_words": select(func.count())
        .select_from(visit_word)
        .join(claim, claim.c.id == visit_word.c.claim_id)
        .join(need, need.c.id == claim.c.need_id)
        .where(visit_word.c.words.is_not(None), is_of(person_id)),
        "home_visits": count(home_visit.c.person_id),
        "call_backs": count(call_back.c.resident_id),
        "referrals": select(func.count())
        .select_from(referral)
        .join(need, need.c.id == referral.c.need_id)
        .where(need.c.resident_id == person_id),
        "consents": count(consent.c.person_id),
        "journal": count(journal.c.subject_id),
    }
