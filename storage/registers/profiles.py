"""Profiles: the register's columns of a person, sealed in one row, changed a few at a time."""

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.consents import own_no_stands
from storage.database import Session
from storage.journal import note
from storage.partners import look_at_pairs
from storage.people import Person, move_person, rename_person, set_address, set_phone
from storage.refusals import NotAllowed, Refusal
from storage.registers.permission import check_may_change
from storage.rules.ages import read_day
from storage.rules.fields import Place, Register, find_field
from storage.rules.purposes import Purpose
from storage.rules.shown_to import DISABILITY_FIELDS
from storage.tables import person, resident, volunteer_profile

Value = str | int | bool | None | list[str]
Profile = dict[str, Value]

TABLES: Mapping[Register, Table] = {
    Register.RESIDENT: resident,
    Register.VOLUNTEER: volunteer_profile,
}
# Written once: an import runs them for each row.
_PROFILE = {
    register: select(table).where(table.c.person_id == bindparam("one"))
    for register, table in TABLES.items()
}
_OURS = select(person).where(person.c.id == bindparam("one"))
# Of two that write one profile at the same moment the slower reads again, so often at most.
TRIES = 8
DETAIL = 200
BATCH = 500


class UnknownField(Refusal):
    """The register has no such column, or it is kept elsewhere."""

    key = "unknown_field"


def open_profile(
    session: Session, *, person_id: int, register: Register = Register.RESIDENT
) -> Profile:
    """Open the columns known of a person. The caller checks who may see, and journals the look."""
    return _open(session, register, [person_id]).get(person_id, {})


def list_profiles(
    session: Session, *, person_ids: Collection[int], register: Register = Register.RESIDENT
) -> dict[int, Profile]:
    """Open the profiles of many, for lists and counts; who has none is left out."""
    return _open(session, register, person_ids)


def profile_version(
    session: Session, *, person_id: int, register: Register = Register.RESIDENT
) -> int:
    """The version of the profile, 0 while there is none."""
    table = TABLES[register]
    return session.value(select(table.c.version).where(table.c.person_id == person_id)) or 0


def change_profile(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    person_id: int,
    values: Mapping[str, Value],
    ground: str,
    register: Register = Register.RESIDENT,
) -> list[str]:
    """Write some columns down and return the keys that are different now; None forgets one.

    Takes the columns of a profile, and name, phone, address and community (its id), which belong
    to the person. The journal gets the keys, never the values.
    """
    check_may_change(session, actor=actor, person_id=person_id)
    check_may_record(session, person_id=person_id, register=register, values=values)
    ours, kept = _sort(register, values)
    changed = _change_person(session, now, person_id, ours)
    changed += _change_kept(session, now, person_id, register, kept)
    if changed:
        note(
            session,
            now=now,
            what="profile_changed",
            actor_id=actor.id,
            subject_id=person_id,
            thing=TABLES[register].name,
            ground=ground[:64],
            detail=_joined(changed),
        )
    return changed


class DisabilityRefused(Refusal):
    """The person said no to recording a disability: it is not written down over that."""

    key = "disability_refused"


def check_may_record(
    session: Session, *, person_id: int, register: Register, values: Mapping[str, Value]
) -> None:
    """Raise DisabilityRefused where somebody's own no to recording a disability stands."""
    told = {key for key, value in values.items() if value is not None}
    if told & DISABILITY_FIELDS[register] and own_no_stands(
        session, person_id=person_id, purpose=Purpose.RECORD_DISABILITY
    ):
        raise DisabilityRefused


def find_born_on(session: Session, *, person_id: int) -> date | None:
    """The day of birth that either register knows."""
    for register in Register:
        born_on = read_day(
            open_profile(session, person_id=person_id, register=register).get("born_on")
        )
        if born_on is not None:
            return born_on
    return None


def _sort(register: Register, values: Mapping[str, Value]) -> tuple[Profile, Profile]:
    """What belongs to the person, and what to the profile."""
    ours: Profile = {}
    kept: Profile = {}
    for key, value in values.items():
        field = find_field(register, key)
        if field is not None and field.place is Place.PERSON:
            ours[key] = value
        elif field is not None and (
            field.place in (Place.PROFILE, Place.LANGUAGES) or key in ("category", "grade")
        ):
            kept[key] = value
        else:
            raise UnknownField(field=key)
    return ours, kept


def _change_person(session: Session, now: datetime, person_id: int, values: Profile) -> list[str]:
    if not values:
        return []
    row = session.execute(_OURS, {"one": person_id}).first()
    if row is None:
        raise NotAllowed
    unseal = session.vault.unseal
    old: Profile = {
        "name": row.name,
        "community": row.community_id,
        "phone": unseal(row.phone, place=f"person.phone:{row.uid}") if row.phone else None,
        "address": unseal(row.address, place=f"person.address:{row.uid}") if row.address else None,
    }
    changed = [key for key, value in values.items() if value != old[key]]
    if "community" in changed:
        look_at_pairs(session, now=now, person_id=person_id)
    for key in changed:
        _set_of_person(session, person_id, key, values[key])
    return changed


def _set_of_person(session: Session, person_id: int, key: str, value: Value) -> None:
    if key == "name" and isinstance(value, str):
        rename_person(session, person_id=person_id, name=value)
    elif key == "phone" and (value is None or isinstance(value, str)):
        set_phone(session, person_id=person_id, phone=value)
    elif key == "address" and (value is None or isinstance(value, str)):
        set_address(session, person_id=person_id, address=value or "")
    elif key == "community" and (value is None or isinstance(value, int)):
        move_person(session, person_id=person_id, community_id=value)
    else:
        raise UnknownField(field=key)


def _change_kept(
    session: Session, now: datetime, person_id: int, register: Register, values: Profile
) -> list[str]:
    if not values:
        return []
    table = TABLES[register]
    for _ in range(TRIES):
        row = session.execute(_PROFILE[register], {"one": person_id}).first()
        old = _unseal(session, table, row) if row is not None else {}
        changed = [key for key, value in values.items() if old.get(key) != value]
        if not changed:
            return []
        new = {key: value for key, value in (old | values).items() if value not in (None, [], "")}
        uid = row.uid if row is not None else secrets.token_hex(16)
        written = _sealed(session, table, uid, new) | {"updated_at": now}
        if row is None:
            done = _add(session, table, written | {"person_id": person_id, "uid": uid})
        else:
            done = session.change(
                update(table)
                .where(table.c.person_id == person_id, table.c.version == row.version)
                .values(**written, version=row.version + 1)
            )
        if done:
            return changed
    raise RuntimeError("a profile was changed by others again and again")


def _add(session: Session, table: Table, row: Mapping[str, object]) -> int:
    try:
        with session.savepoint():
            session.execute(insert(table), dict(row) | {"version": 1})
    except IntegrityError:
        return 0
    return 1


def _sealed(
    session: Session, table: Table, uid: str, profile: Mapping[str, Value]
) -> dict[str, object]:
    kept = dict(profile)
    row: dict[str, object] = {}
    if "languages" in table.c:
        languages = kept.pop("languages", None)
        row["languages"] = ",".join(languages) if isinstance(languages, list) else ""
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    return row | {"profile": session.vault.seal(text, place=_place(table, uid))}


def _unseal(session: Session, table: Table, row: Any) -> Profile:
    text = session.vault.unseal(row.profile, place=_place(table, row.uid))
    profile: Profile = json.loads(text)
    if "languages" in table.c and row.languages:
        profile["languages"] = row.languages.split(",")
    return profile


def _place(table: Table, uid: str) -> str:
    if table is volunteer_profile:
        place = f"volunteer_profile.profile:{uid}"
    else:
        place = f"resident.profile:{uid}"
    return place


def _open(session: Session, register: Register, person_ids: Collection[int]) -> dict[int, Profile]:
    table, wanted = TABLES[register], list(person_ids)
    some = select(table).where(table.c.person_id.in_(bindparam("some", expanding=True)))
    return {
        row.person_id: _unseal(session, table, row)
        for first in range(0, len(wanted), BATCH)
        for row in session.execute(some, {"some": wanted[first : first + BATCH]})
    }


def _joined(keys: list[str]) -> str:
    """The keys, as many as the journal's column holds."""
    text = ",".join(keys)
    return text if len(text) <= DETAIL else f"{len(keys)} fields"
