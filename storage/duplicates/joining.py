"""What two entries both have becomes one: roles, consents, ties, offers, profiles, contact data."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, exists, select, update

from storage.database import Session
from storage.tables import (
    caregiver,
    consent,
    disability_certificate,
    home_access,
    household_member,
    offer,
    person,
    qualification,
    resident,
    role,
    volunteer,
    volunteer_profile,
)

LIVE = ("waiting", "approved")


def join_roles(session: Session, *, now: datetime, actor_id: int, gone: int, kept: int) -> None:
    """Of two live roles of a kind one ends: the one that waits, else that of ``gone``."""
    ended = {"state": "ended", "decided_by": actor_id, "decided_at": now}
    mine, theirs = (_live_roles(session, one) for one in (kept, gone))
    for kind in mine.keys() & theirs.keys():
        waits = mine[kind].state == "waiting" and theirs[kind].state == "approved"
        loser = mine[kind] if waits else theirs[kind]
        session.change(
            update(role)
            .where(role.c.id == loser.id, role.c.state == loser.state)
            .values(**ended, version=role.c.version + 1)
        )


def _live_roles(session: Session, person_id: int) -> dict[str, Any]:
    rows = session.all(
        select(role.c.id, role.c.kind, role.c.state).where(
            role.c.person_id == person_id, role.c.state.in_(LIVE)
        )
    )
    return {row.kind: row for row in rows}


def join_consents(session: Session, *, now: datetime, actor_id: int, gone: int, kept: int) -> None:
    """The same yes given twice stands once."""
    same = consent.alias()
    twice = exists().where(
        same.c.person_id == kept,
        same.c.purpose == consent.c.purpose,
        same.c.withdrawn_at.is_(None),
    )
    session.change(
        update(consent)
        .where(consent.c.person_id == gone, consent.c.withdrawn_at.is_(None), twice)
        .values(withdrawn_at=now, withdrawn_by=actor_id, ended="replaced", due_at=None)
    )


def join_ties(session: Session, *, now: datetime, actor_id: int, gone: int, kept: int) -> None:
    """A tie that both have stands once, and nobody is tied to themselves."""
    for mine, theirs in (
        (caregiver.c.resident_id, caregiver.c.caregiver_id),
        (caregiver.c.caregiver_id, caregiver.c.resident_id),
    ):
        same = caregiver.alias()
        twice = exists().where(
            same.c[mine.name] == kept,
            same.c[theirs.name] == theirs,
            same.c.state.in_(("asked", "confirmed")),
        )
        session.change(
            update(caregiver)
            .where(mine == gone, caregiver.c.state.in_(("asked", "confirmed")))
            .where((theirs == kept) | twice)
            .values(
                state="ended",
                decided_by=actor_id,
                decided_at=now,
                version=caregiver.c.version + 1,
            )
        )


def join_offers(session: Session, *, gone: int, kept: int) -> None:
    """Asked twice for one need: the answer that was given counts."""
    both = offer.alias()
    answers = session.all(
        select(offer.c.id, offer.c.state, both.c.id.label("kept_id"), both.c.state.label("now"))
        .join(both, (both.c.need_id == offer.c.need_id) & (both.c.round == offer.c.round))
        .where(offer.c.volunteer_id == gone, both.c.volunteer_id == kept)
    )
    for one in answers:
        if one.state == "taken" or one.now in ("offered", "closed"):
            session.change(update(offer).where(offer.c.id == one.kept_id).values(state=one.state))
        session.execute(delete(offer).where(offer.c.id == one.id))


def join_registers(session: Session, *, gone: int, kept: int) -> None:
    """Profiles, certificates, qualifications and the household: what ``kept`` lacks is added."""
    for table in (resident, volunteer_profile):
        _join_profile(session, table, gone=gone, kept=kept)
    _join_volunteer(session, gone=gone, kept=kept)
    latest = disability_certificate.c.latest
    if _has(session, disability_certificate, latest, person_id=kept):
        session.change(
            update(disability_certificate)
            .where(disability_certificate.c.person_id == gone, latest)
            .values(latest=False, due_at=None)
        )
    same = qualification.alias()
    live = ("waiting", "confirmed", "ending")
    twice = exists().where(
        same.c.person_id == kept, same.c.kind == qualification.c.kind, same.c.state.in_(live)
    )
    session.change(
        update(qualification)
        .where(qualification.c.person_id == gone, qualification.c.state.in_(live), twice)
        .values(state="ended", confirmed_by=None, due_at=None)
    )
    for single in (household_member, home_access):
        if _has(session, single, person_id=kept):
            session.execute(delete(single).where(single.c.person_id == gone))


def _has(session: Session, table: Table, *conditions: ColumnElement[bool], person_id: int) -> bool:
    statement = select(table.c.person_id).where(table.c.person_id == person_id, *conditions)
    return session.find(statement.limit(1)) is not None


def _join_profile(session: Session, table: Table, *, gone: int, kept: int) -> None:
    mine, theirs = (
        session.find(select(table).where(table.c.person_id == one)) for one in (kept, gone)
    )
    if mine is None or theirs is None:
        return
    place = f"{table.name}.profile"
    joined: Mapping[str, object] = {
        **_open(session, theirs, place),
        **{key: value for key, value in _open(session, mine, place).items() if value is not None},
    }
    sealed = session.vault.seal(json.dumps(joined, ensure_ascii=False), place=f"{place}:{mine.uid}")
    values: dict[str, object] = {"profile": sealed, "version": table.c.version + 1}
    if "languages" in table.c:
        values["languages"] = _union(mine.languages, theirs.languages)
    session.change(update(table).where(table.c.person_id == kept).values(values))
    session.execute(delete(table).where(table.c.person_id == gone))


def _open(session: Session, row: Any, place: str) -> dict[str, object]:
    text = session.vault.unseal(row.profile, place=f"{place}:{row.uid}")
    opened: dict[str, object] = json.loads(text)
    return opened


def _join_volunteer(session: Session, *, gone: int, kept: int) -> None:
    # The row of ``gone`` is locked by whoever is just claiming as them: we wait for each other.
    mine, theirs = (
        session.find(select(volunteer).where(volunteer.c.person_id == one).with_for_update())
        for one in (kept, gone)
    )
    if mine is None or theirs is None:
        return
    session.change(
        update(volunteer)
        .where(volunteer.c.person_id == kept)
        .values(skills=_union(mine.skills, theirs.skills), times=_union(mine.times, theirs.times))
    )
    session.execute(delete(volunteer).where(volunteer.c.person_id == gone))


def _union(first: str, second: str) -> str:
    """Two lists with commas as one, in their order."""
    both = dict.fromkeys(part for part in (*first.split(","), *second.split(",")) if part)
    return ",".join(both)


def join_contact(session: Session, *, gone: int, kept: int) -> None:
    """Phone, address, door words, community and chat that ``kept`` lacks come over.

    Where both have a chat, that of ``gone`` stays with it, and leads to ``kept`` from there.
    """
    mine, theirs = (session.find(select(person).where(person.c.id == one)) for one in (kept, gone))
    if mine is None or theirs is None:
        raise LookupError("both people must be there")
    values: dict[str, object] = {"day_reminders": mine.day_reminders and theirs.day_reminders}
    for column in ("phone", "address", "door_words"):
        sealed = getattr(theirs, column)
        if sealed is not None and getattr(mine, column) is None:
            place = f"person.{column}"
            opened = session.vault.unseal(sealed, place=f"{place}:{theirs.uid}")
            values[column] = session.vault.seal(opened, place=f"{place}:{mine.uid}")
    if "phone" in values:
        values["phone_key"] = theirs.phone_key
    if mine.community_id is None:
        values["community_id"] = theirs.community_id
    left: dict[str, object] = dict.fromkeys(("phone", "phone_key", "address", "door_words"))
    if mine.telegram_id is None and theirs.telegram_id is not None:
        values["telegram_id"] = theirs.telegram_id
        left["telegram_id"] = None
    session.change(update(person).where(person.c.id == gone).values(left))
    session.change(update(person).where(person.c.id == kept).values(values))
