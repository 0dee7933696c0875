"""Leaving: roles without open work end, ties with them, and with the last role the data."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.leaving.open_work import list_held_roles
from storage.needs.gone import end_services
from storage.needs.hiding import hide_from_staff
from storage.outbox import MessageClass, say
from storage.outbox.shown import withdraw_all
from storage.partners import look_at_pairs
from storage.people import Person
from storage.tables import caregiver, consent, home_access, role
from storage.tables import person as people


@dataclass(frozen=True, slots=True)
class Left:
    """Which roles ended, and which stay until their open work is handed over."""

    ended: list[str]
    kept: list[str]


def leave(session: Session, *, now: datetime, person: Person) -> Left:
    """End what can be ended; with nothing left, the yes is withdrawn and contact data forgotten."""
    kept = list_held_roles(session, person=person)
    ending = [kind for kind in person.roles if kind not in kept]
    if "coordinator" in ending:
        hide_from_staff(session, now=now, actor=person)
    end_roles(session, now=now, person=person, kinds=ending)
    end_ties(session, now=now, person=person, kinds=ending)
    if kept:
        hand_to_office(session, now=now, person=person, kept=kept)
    else:
        forget(session, now=now, person=person)
    note(
        session,
        now=now,
        what="left",
        actor_id=person.id,
        subject_id=person.id,
        detail=f"ended {','.join(ending)} kept {','.join(kept)}",
    )
    return Left(ended=ending, kept=kept)


def end_roles(
    session: Session, *, now: datetime, person: Person, kinds: list[str], by: int | None = None
) -> None:
    """End these roles, decided by the person themselves unless ``by`` says who."""
    session.change(
        update(role)
        .where(
            role.c.person_id == person.id,
            role.c.kind.in_(kinds),
            role.c.state.in_(("waiting", "approved")),
        )
        .values(
            state="ended",
            decided_by=by or person.id,
            decided_at=now,
            version=role.c.version + 1,
        )
    )
    look_at_pairs(session, now=now, person_id=person.id)
    if "resident" in kinds:
        end_services(session, now=now, resident_id=person.id, actor_id=person.id)


def end_ties(session: Session, *, now: datetime, person: Person, kinds: list[str]) -> None:
    """The side whose role ended is free; the other side hears it, if the tie was a real one."""
    for kind, mine, theirs in (
        ("resident", caregiver.c.resident_id, caregiver.c.caregiver_id),
        ("caregiver", caregiver.c.caregiver_id, caregiver.c.resident_id),
    ):
        if kind not in kinds:
            continue
        live = (mine == person.id, caregiver.c.state.in_(("asked", "confirmed")))
        ties = session.all(
            select(caregiver.c.id, caregiver.c.state, theirs.label("other")).where(*live)
        )
        session.change(
            update(caregiver)
            .where(*live)
            .values(
                state="ended",
                decided_by=person.id,
                decided_at=now,
                version=caregiver.c.version + 1,
            )
        )
        for tie in ties:
            if tie.state == "confirmed":
                say(
                    session,
                    now=now,
                    to=tie.other,
                    key=f"caregiver:{tie.id}:left:{tie.other}",
                    template="caregiver_ended",
                    message_class=MessageClass.MUST,
                    facts={"name": person.name},
                )


def hand_to_office(session: Session, *, now: datetime, person: Person, kept: list[str]) -> None:
    """Ask the office, once a day, to hand over what keeps somebody."""
    tell_duty(
        session,
        now=now,
        key=f"leaving:{person.id}:{now:%Y%m%d}",
        template="leaving_with_work",
        message_class=MessageClass.INFO,
        facts={"name": person.name, "roles": kept},
        about=person.id,
        without=person.id,
    )


def forget(session: Session, *, now: datetime, person: Person) -> None:
    """Withdraw every yes and forget how to reach the person; what was done stays on record."""
    if person.telegram_id is not None:
        # It could be about somebody who is none of their business any more.
        withdraw_all(session, now=now, chat_id=person.telegram_id)
    session.change(
        update(consent)
        .where(consent.c.person_id == person.id, consent.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_by=person.id, ended="withdrawn", due_at=None)
    )
    session.change(delete(home_access).where(home_access.c.person_id == person.id))
    session.change(
        update(people)
        .where(people.c.id == person.id)
        .values(
            phone=None,
            phone_key=None,
            address=None,
            door_words=None,
            day_reminders=False,
            version=people.c.version + 1,
        )
    )
