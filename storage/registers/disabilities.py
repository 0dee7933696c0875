"""Category and grade of a person: by the newest certificate, else by what the profile says."""

from collections.abc import Collection
from dataclasses import dataclass

from storage.database import Session
from storage.registers.certificates import list_certificates
from storage.registers.profiles import list_profiles, open_profile
from storage.rules.certificate import DisabilityCategory
from storage.rules.tiers import may_be_phoned


@dataclass(frozen=True, slots=True)
class Disability:
    """What is known: a grade may be missing, a certificate too."""

    category: DisabilityCategory
    grade: int | None
    certified: bool


def find_disability(session: Session, *, person_id: int) -> Disability | None:
    """Return category and grade. The caller checks who may see, and journals the look."""
    return list_disabilities(session, person_ids=[person_id]).get(person_id)


def list_disabilities(session: Session, *, person_ids: Collection[int]) -> dict[int, Disability]:
    """Return category and grade of each of whom they are known."""
    certificates = list_certificates(session, person_ids=person_ids)
    found = {
        person_id: Disability(category=one.category, grade=one.grade, certified=True)
        for person_id, one in certificates.items()
    }
    rest = [person_id for person_id in person_ids if person_id not in found]
    for person_id, profile in list_profiles(session, person_ids=rest).items():
        category, grade = profile.get("category"), profile.get("grade")
        if isinstance(category, str):
            found[person_id] = Disability(
                category=DisabilityCategory(category),
                grade=int(grade) if isinstance(grade, str) else None,
                certified=False,
            )
    return found


def can_be_phoned(session: Session, *, person_id: int) -> bool:
    """Whether a phone call can reach the person, by what the register says now."""
    found = find_disability(session, person_id=person_id)
    further = open_profile(session, person_id=person_id).get("category_second")
    more = further if isinstance(further, list) else []
    one = [found.category.value] if found else []
    return may_be_phoned(frozenset(DisabilityCategory(each) for each in (*one, *more)))
