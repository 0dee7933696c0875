"""Writing a row into the register through the use cases of its parts, and what it was before."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.consents import give_consent, give_first
from storage.database import Session
from storage.imports.values import before_of
from storage.people import Person, add_person
from storage.refusals import AlreadyDone
from storage.registers import (
    change_profile,
    find_certificate,
    place_in_household,
    record_certificate,
)
from storage.roles import grant
from storage.rules.certificate import CertificateState
from storage.rules.fields import FIELDS, Place, Register
from storage.rules.importing.rows import Values
from storage.tables import household, household_member, role, volunteer

GROUND = "import"
VALID = CertificateState.VALID
# The paper that a volunteer of a list signed: it is not the pledge of the chat.
PLEDGE = "paper"
ROLES = {Register.RESIDENT: "resident", Register.VOLUNTEER: "volunteer"}
PURPOSES = {
    Register.RESIDENT: ("keep_data", "record_disability"),
    Register.VOLUNTEER: ("keep_data",),
}
_PARTS = frozenset({Place.PERSON, Place.PROFILE, Place.LANGUAGES})


def write_new(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    register: Register,
    values: Values,
) -> tuple[int, dict[str, Any]]:
    """Register a person who was in no list; returns their id and how to take it back."""
    home = values.get("community")
    person_id = add_person(
        session,
        now=now,
        name=str(values["name"]),
        community_id=home if isinstance(home, int) else None,
    )
    changes: Values = {key: one for key, one in values.items() if one not in (None, "", [])}
    write_changes(
        session,
        now=now,
        actor=actor,
        register=register,
        person_id=person_id,
        changes=changes,
    )
    return person_id, {"made": True, "after": changes}


def write_change(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    register: Register,
    person_id: int,
    changes: Values,
    old: Values,
) -> dict[str, Any]:
    """Change what is otherwise in the register; returns how to take it back."""
    write_changes(
        session,
        now=now,
        actor=actor,
        register=register,
        person_id=person_id,
        changes=changes,
    )
    return {"made": False, "before": before_of(changes, old), "after": changes}


def write_changes(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    register: Register,
    person_id: int,
    changes: Values,
) -> None:
    """Put each value where it is kept."""
    fields = FIELDS[register]
    parts = {key: value for key, value in changes.items() if fields[key].place in _PARTS}
    if "certificate_number" not in changes:
        parts |= {key: changes[key] for key in ("category", "grade") if key in changes}
    if parts:
        change_profile(
            session,
            now=now,
            actor=actor,
            person_id=person_id,
            values=parts,
            ground=GROUND,
            register=register,
        )
    _write_certificate(session, now, actor, person_id, changes)
    if register is Register.VOLUNTEER:
        _write_helper(session, now, person_id, changes)
    if "group" in changes or "household" in changes:
        _write_home(session, now, actor, person_id, changes)


def _write_certificate(
    session: Session, now: datetime, actor: Person, person_id: int, changes: Values
) -> None:
    number = changes.get("certificate_number")
    dates = {key: _day(changes.get(f"certificate_{key}")) for key in ("issued_on", "expires_on")}
    state = changes.get("certificate_state")
    if not number and not state and not any(dates.values()):
        return
    known = find_certificate(session, person_id=person_id)
    if not number and known is None:
        return
    same = known if known is not None and number in (None, known.number) else None
    record_certificate(
        session,
        now=now,
        actor=actor,
        person_id=person_id,
        number=str(number or (known.number if known else "")),
        ground=GROUND,
        state=CertificateState(str(state)) if state else same.state if same else VALID,
        seen_on_card=True,
        **dates,
    )


def _day(value: object) -> date | None:
    """A whole day; a month alone is none that a certificate could have."""
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None


def _write_helper(session: Session, now: datetime, person_id: int, changes: Values) -> None:
    lists = {
        key: ",".join(value)
        for key in ("skills", "times")
        if isinstance(value := changes.get(key), list)
    }
    there = session.find(select(volunteer.c.person_id).where(volunteer.c.person_id == person_id))
    if there is None:
        session.execute(
            insert(volunteer).values(
                person_id=person_id,
                skills=lists.get("skills", ""),
                times=lists.get("times", ""),
                open_limit=2,
                pledge_version=PLEDGE,
                pledged_at=now,
            )
        )
    elif lists:
        session.change(update(volunteer).where(volunteer.c.person_id == person_id).values(**lists))


def _write_home(
    session: Session,
    now: datetime,
    actor: Person,
    person_id: int,
    changes: Values,
) -> None:
    group = changes.get("group")
    group_code = str(group)[:40] if group else None
    lives = session.value(
        select(household_member.c.household_id).where(household_member.c.person_id == person_id)
    )
    if lives is not None:
        if group_code is not None:
            session.change(
                update(household)
                .where(household.c.id == lives)
                .values(group_code=group_code, version=household.c.version + 1)
            )
        return
    place_in_household(
        session,
        now=now,
        actor=actor,
        person_id=person_id,
        group_code=group_code,
        code=str(changes["household"])[:40] if changes.get("household") else None,
        ground=GROUND,
    )


def stand_in_register(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    register: Register,
    person_id: int,
    consents_on_file: bool,
    is_new: bool = False,
) -> dict[str, Any]:
    """Give the role of the register, and write down the consents that are on paper."""
    purposes = PURPOSES[register] if consents_on_file else ()
    said: dict[str, Any] = {"given_by": actor.id, "ground": "staff", "channel": "paper"}
    if is_new:
        grant(
            session,
            now=now,
            person_id=person_id,
            kind=ROLES[register],
            actor_id=actor.id,
            ground=GROUND,
        )
        give_first(session, now=now, person_id=person_id, purposes=purposes, **said)
        return {"role": ROLES[register], "consents": list(purposes)}
    kind = ROLES[register]
    held = select(role.c.id).where(
        role.c.person_id == person_id, role.c.kind == kind, role.c.state == "approved"
    )
    granted = False
    if session.find(held) is None:
        try:
            grant(
                session, now=now, person_id=person_id, kind=kind, actor_id=actor.id, ground=GROUND
            )
            granted = True
        except AlreadyDone:
            pass  # somebody granted it at this moment
    given = [
        purpose
        for purpose in purposes
        if give_consent(session, now=now, person_id=person_id, purpose=purpose, **said)
    ]
    return {"role": kind if granted else None, "consents": given}
