"""Moved away or died: an hour later everything ends quietly, and staff tell people themselves."""

from datetime import datetime

from sqlalchemy import select, update

from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.needs.gone import end_services, free_tasks, put_away
from storage.outbox import MessageClass
from storage.outbox.shown import withdraw_all
from storage.partners import look_at_pairs
from storage.pauses.standing import PauseCard, look_around
from storage.rules.lifecycle import UNFINISHED
from storage.rules.pauses import Reason
from storage.tables import (
    caregiver,
    check_in,
    check_in_plan,
    claim,
    need,
    offer,
    pause,
    person,
    role,
    to_tell,
)

LIVE_ROLES = ("waiting", "approved")


def settle(session: Session, card: PauseCard, *, now: datetime) -> None:
    """End what is left of somebody's part in the programme.

    Nobody is written to but staff, and whoever waits for a helper who died: the news is for a
    person to bring. The pause of somebody who died holds on for ever, so that nothing is ever
    sent to or about them.
    """
    around = look_around(session, people=[card.person_id])
    died = card.reason is Reason.DIED
    values: dict[str, object] = {"settled_at": now, "due_at": None, "version": card.version + 1}
    if not died:
        values |= {"state": "over", "ended_at": now}
    settled = session.change(
        update(pause)
        .where(pause.c.id == card.id, pause.c.state == "live", pause.c.settled_at.is_(None))
        .values(**values)
    )
    if settled != 1:
        return
    _end_calls(session, card, now=now)
    put_away(session, now=now, resident_id=card.person_id)
    _end_needs(session, card, now=now)
    _end_standing(session, card, now=now, kinds=None if died else ("resident",))
    look_at_pairs(session, now=now, person_id=card.person_id)
    if died:
        free_tasks(session, now=now, volunteer_id=card.person_id)
        _close_chat(session, card, now=now)
    note(
        session,
        now=now,
        what="pause_settled",
        actor_id=card.made_by,
        subject_id=card.person_id,
        thing="pause",
        thing_id=card.id,
        detail=card.reason.value,
    )
    tell_duty(
        session,
        now=now,
        key=f"pause:{card.id}:settled",
        template="pause_settled",
        message_class=MessageClass.MUST,
        facts={**card.facts, **around.facts},
        about=card.person_id,
        without=card.person_id,
    )


def _end_calls(session: Session, card: PauseCard, *, now: datetime) -> None:
    session.change(
        update(check_in)
        .where(check_in.c.resident_id == card.person_id, check_in.c.state == "open")
        .values(
            state="closed",
            next_step_at=None,
            holder_id=None,
            held_until=None,
            confirmed_as=None,
            ending="away",
            ended_by=card.made_by,
            closed_at=now,
            version=check_in.c.version + 1,
        )
    )
    session.change(
        update(check_in_plan)
        .where(check_in_plan.c.resident_id == card.person_id, check_in_plan.c.state == "active")
        .values(
            state="ended", next_due_at=None, button_at=None, version=check_in_plan.c.version + 1
        )
    )


def _end_needs(session: Session, card: PauseCard, *, now: datetime) -> None:
    end_services(session, now=now, resident_id=card.person_id, actor_id=card.made_by)
    theirs = select(need.c.id).where(
        need.c.resident_id == card.person_id, need.c.state.in_(UNFINISHED)
    )
    session.change(
        update(claim)
        .where(claim.c.need_id.in_(theirs), claim.c.state.in_(("active", "done")))
        .values(state="released", ended_at=now, version=claim.c.version + 1)
    )
    session.change(
        update(offer)
        .where(offer.c.need_id.in_(theirs), offer.c.state.in_(("offered", "willing")))
        .values(state="closed")
    )
    session.change(
        update(need)
        .where(need.c.resident_id == card.person_id, need.c.state.in_(UNFINISHED))
        .values(
            state="cancelled",
            next_step_at=None,
            ended_at=now,
            ended_by=card.made_by,
            version=need.c.version + 1,
            due_at=None,
            overdue_at=None,
        )
    )


def _end_standing(
    session: Session, card: PauseCard, *, now: datetime, kinds: tuple[str, ...] | None
) -> None:
    """End roles and ties; with ``kinds`` only these roles."""
    live = (role.c.person_id == card.person_id, role.c.state.in_(LIVE_ROLES))
    ending = update(role).where(*live)
    if kinds is not None:
        ending = ending.where(role.c.kind.in_(kinds))
    decided = {"decided_by": card.made_by, "decided_at": now}
    session.change(ending.values(state="ended", **decided, version=role.c.version + 1))
    tied = caregiver.c.resident_id == card.person_id
    if kinds is None:
        tied |= caregiver.c.caregiver_id == card.person_id
    session.change(
        update(caregiver)
        .where(tied, caregiver.c.state.in_(("asked", "confirmed")))
        .values(state="ended", **decided, version=caregiver.c.version + 1)
    )
    session.change(
        update(to_tell)
        .where(to_tell.c.person_id == card.person_id, to_tell.c.state == "open")
        .values(state="dropped", done_by=card.made_by, done_at=now, version=to_tell.c.version + 1)
    )


def _close_chat(session: Session, card: PauseCard, *, now: datetime) -> None:
    """Nothing is sent to this chat any more, and whoever has the phone now is a stranger."""
    chat_id = session.value(select(person.c.telegram_id).where(person.c.id == card.person_id))
    if chat_id is not None:
        withdraw_all(session, now=now, chat_id=chat_id)
    session.change(
        update(person)
        .where(person.c.id == card.person_id)
        .values(telegram_id=None, day_reminders=False, version=person.c.version + 1)
    )
