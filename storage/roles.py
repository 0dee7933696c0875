"""Roles: what a person may be, granted at once or ended."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.outbox.shown import withdraw_all
from storage.partners import look_at_pairs
from storage.refusals import AlreadyDone, NotAllowed
from storage.tables import claim, need, person, role


def grant(
    session: Session,
    *,
    now: datetime,
    person_id: int,
    kind: str,
    actor_id: int | None,
    ground: str = "",
    organisation_id: int | None = None,
) -> None:
    """Give a role at once, or approve the one that waits; raises AlreadyDone when held.

    ``organisation_id`` is where a coordinator works; None is the programme's office. The caller
    knows why it may be given; ``ground`` says it in the journal.
    """
    decided = {
        "state": "approved",
        "organisation_id": organisation_id,
        "decided_by": actor_id,
        "decided_at": now,
    }
    approved = session.change(
        update(role)
        .where(role.c.person_id == person_id, role.c.kind == kind, role.c.state == "waiting")
        .values(**decided, version=role.c.version + 1)
    )
    if approved == 0:
        row = {"person_id": person_id, "kind": kind, "created_at": now, "version": 1}
        try:
            with session.savepoint():
                session.execute(insert(role), row | decided)
        except IntegrityError as error:
            raise AlreadyDone from error
    note(
        session,
        now=now,
        what="role_granted",
        actor_id=actor_id,
        subject_id=person_id,
        thing="organisation" if organisation_id else None,
        thing_id=organisation_id,
        ground=ground,
        detail=kind,
    )


def end_role(
    session: Session, *, now: datetime, person_id: int, kind: str, actor_id: int, ground: str = ""
) -> None:
    """End a live role; of somebody with none left nothing that waits is sent any more."""
    ended = session.change(
        update(role)
        .where(
            role.c.person_id == person_id,
            role.c.kind == kind,
            role.c.state.in_(("waiting", "approved")),
        )
        .values(state="ended", decided_by=actor_id, decided_at=now, version=role.c.version + 1)
    )
    if ended == 0:
        raise NotAllowed
    note(
        session,
        now=now,
        what="role_ended",
        actor_id=actor_id,
        subject_id=person_id,
        ground=ground,
        detail=kind,
    )
    look_at_pairs(session, now=now, person_id=person_id)
    if kind == "volunteer":
        _free_tasks(session, now=now, person_id=person_id)
    _withdraw_from(session, now=now, person_id=person_id)


def _free_tasks(session: Session, *, now: datetime, person_id: int) -> None:
    """Whatever they have in hand is due now: the needs' own step frees it and tells who waits."""
    theirs = select(claim.c.need_id).where(
        claim.c.volunteer_id == person_id, claim.c.state == "active"
    )
    session.change(update(need).where(need.c.id.in_(theirs)).values(next_step_at=now))


def _withdraw_from(session: Session, *, now: datetime, person_id: int) -> None:
    """What waits for the morning, or behind others, is about people whom they see no more."""
    live = select(role.c.id).where(
        role.c.person_id == person_id, role.c.state.in_(("waiting", "approved"))
    )
    chat_id = session.value(select(person.c.telegram_id).where(person.c.id == person_id))
    if chat_id is not None and session.find(live) is None:
        withdraw_all(session, now=now, chat_id=chat_id)


def is_approved(session: Session, *, person_id: int, kind: str) -> bool:
    """Whether the person holds the role now."""
    held = select(role.c.id).where(
        role.c.person_id == person_id, role.c.kind == kind, role.c.state == "approved"
    )
    return session.find(held) is not None
