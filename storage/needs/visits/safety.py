""" "I am out, safe": whoever goes where it may be risky is asked, and then looked for."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.alarms.raising import raise_alarm_about, say_safe
from storage.alarms.rows import find_alarm_about
from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.journal import note
from storage.needs.buttons import button
from storage.needs.cards import NeedCard, get_need, read_need
from storage.needs.held import ClaimCard
from storage.needs.standing import check
from storage.outbox import MessageClass, say
from storage.people import get_person, open_contact
from storage.refusals import NotAllowed, TooLate
from storage.rules.access import Act
from storage.rules.dangers import DangerKind, went_to
from storage.rules.visits import (
    SAFE_AFTER_DONE,
    SAFE_AFTER_USUAL,
    SAFE_AGAIN,
    SAFE_ASKS,
    visit_rule,
)
from storage.tables import claim

# An alarm belongs to a chat; of somebody without one there is none to write to.
NO_CHAT = 0


def safe_due(card: NeedCard, held: ClaimCard, *, now: datetime) -> dict[str, Any]:
    """When whoever sets out, or arrives, has to say that they are out; nothing if not risky."""
    if not held.risky:
        return {}
    usual = visit_rule(card.category).usual
    return {"safe_due_at": now + usual + SAFE_AFTER_USUAL, "safe_asked": 0, "safe_at": None}


def safe_due_when_done(held: ClaimCard, *, now: datetime) -> dict[str, Any]:
    """Done is not yet out: it is asked soon after."""
    return {"safe_due_at": now + SAFE_AFTER_DONE, "safe_asked": 0} if held.risky else {}


def say_out_safe(session: Session, *, now: datetime, volunteer_id: int, claim_id: int) -> bool:
    """The helper is out and safe; whoever was alarmed hears it, and a person ends the alarm.

    Returns whether the visit is done.
    """
    row = _own(session, volunteer_id=volunteer_id, claim_id=claim_id)
    said = session.change(
        update(claim)
        .where(claim.c.id == claim_id, claim.c.safe_at.is_(None))
        .values(safe_at=now, safe_due_at=None)
    )
    if said != 1:
        raise TooLate
    _note(session, row, now=now, what="out_safe", actor_id=volunteer_id)
    raised = find_alarm_about(session, person_id=volunteer_id)
    if raised is not None and raised.kind is DangerKind.NO_WORD:
        say_safe(session, now=now, chat_id=raised.chat_id, alarm_id=raised.id)
    return row.done_at is not None


def ask_for_help(session: Session, *, now: datetime, volunteer_id: int, claim_id: int) -> None:
    """The helper is not well there: whoever is on duty is rung at once."""
    row = _own(session, volunteer_id=volunteer_id, claim_id=claim_id)
    _ring(session, row, now=now)


def mark_risky(session: Session, *, now: datetime, actor_id: int, need_id: int) -> NeedCard:
    """The one who goes, or a coordinator, says that this visit may be risky: it is watched."""
    card = get_need(session, need_id=need_id)
    held = card.claim
    if held is None or held.state.value != "active":
        raise NotAllowed
    if actor_id != held.volunteer_id:
        check(session, Act.ASSIGN_NEED, actor_id=actor_id, card=card)
    values: dict[str, Any] = {"risky": True}
    if held.on_way_at is not None:
        values |= safe_due(card, replace(held, risky=True), now=now)
    marked = session.change(
        update(claim)
        .where(claim.c.id == held.id, claim.c.state == "active", claim.c.risky.is_(False))
        .values(values)
    )
    if marked:
        row = _find(session, held.id)
        _note(session, row, now=now, what="visit_marked_risky", actor_id=actor_id)
    return read_need(session, need_id=need_id)


def watch_visits(database: Database, *, now: datetime) -> bool:
    """Ask one helper who should be out by now, or ring for them; whether there may be more."""
    return move_oldest(database, _watch, now=now, due=claim.c.safe_due_at)


def _watch(session: Session, row: Row[Any], *, now: datetime) -> None:
    if row.safe_asked < SAFE_ASKS and _ask(session, row, now=now):
        values: dict[str, Any] = {"safe_due_at": now + SAFE_AGAIN}
        values |= {"safe_asked": claim.c.safe_asked + 1}
        session.change(update(claim).where(claim.c.id == row.id).values(values))
    else:
        _ring(session, row, now=now)


def next_watch_at(session: Session) -> datetime | None:
    """Return when the next helper has to be heard of."""
    return find_soonest(session, due=claim.c.safe_due_at)


def _ask(session: Session, row: Row[Any], *, now: datetime) -> bool:
    """Ask whether they are out; False when there is no way to them."""
    card = read_need(session, need_id=row.need_id)
    return say(
        session,
        now=now,
        to=row.volunteer_id,
        key=f"claim:{row.id}:safe:{row.safe_due_at:%Y%m%d%H%M}:{row.safe_asked}",
        template="visit_safe",
        message_class=MessageClass.MUST,
        facts={**card.public_facts, "again": row.safe_asked > 0},
        buttons=safe_buttons(row.id),
        card=f"safe:{row.id}",
        # Somebody may be unable to leave: the night does not hold this back.
        chosen_time=True,
        aloud=False,
    )


def safe_buttons(claim_id: int) -> list[list[Any]]:
    """The two answers."""
    return [
        [button("visit.safe", "visit", "safe", claim_id, 0)],
        [button("visit.help", "visit", "help", claim_id, 0)],
    ]


def _ring(session: Session, row: Row[Any], *, now: datetime) -> None:
    """Everyone on duty is rung about the helper: who, and where they went."""
    helper = get_person(session, person_id=row.volunteer_id)
    card = read_need(session, need_id=row.need_id)
    where = open_contact(session, person_id=card.resident_id)
    known = (where.name, where.address, where.phone, card.served)
    session.change(update(claim).where(claim.c.id == row.id).values(safe_due_at=None))
    raise_alarm_about(
        session,
        now=now,
        chat_id=helper.telegram_id or NO_CHAT,
        person_id=row.volunteer_id,
        words=went_to(known),
        kind=DangerKind.NO_WORD,
    )
    _note(session, row, now=now, what="helper_looked_for", actor_id=None)
    note(
        session,
        now=now,
        what="contact_shown",
        actor_id=None,
        subject_id=card.resident_id,
        thing="need",
        thing_id=card.id,
        ground="alarm",
    )


def _own(session: Session, *, volunteer_id: int, claim_id: int) -> Row[Any]:
    row = session.find(
        select(claim).where(claim.c.id == claim_id, claim.c.volunteer_id == volunteer_id)
    )
    if row is None:
        raise NotAllowed
    return row


def _find(session: Session, claim_id: int) -> Row[Any]:
    row = session.find(select(claim).where(claim.c.id == claim_id))
    if row is None:
        raise NotAllowed
    return row


def _note(
    session: Session, row: Row[Any], *, now: datetime, what: str, actor_id: int | None
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=row.volunteer_id,
        thing="claim",
        thing_id=row.id,
    )
