"""Before a visit: the helper says that they can do it, words for the door are drawn."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from storage.categories import rule_of
from storage.database import Session
from storage.journal import note
from storage.needs.cards import NeedCard
from storage.needs.held import ClaimCard
from storage.needs.refusals import NeedMoved, NotChecked
from storage.rules.visits import DoorWords, asks_first, draw_words, read_words, visit_rule
from storage.tables import claim


def needs_self_check(card: NeedCard, held: ClaimCard) -> bool:
    """Whether the helper has to say first that they can do it; else naming the time says so."""
    return held.checked_at is None and asks_first(card.category, card.urgency)


def keep_self_check(
    session: Session, *, now: datetime, card: NeedCard, held: ClaimCard, version: int
) -> None:
    """The helper read what it takes and what to mind, and says that they can do it."""
    changed = session.change(
        update(claim)
        .where(claim.c.id == held.id, claim.c.version == version, claim.c.state == "active")
        .where(claim.c.checked_at.is_(None))
        .values(checked_at=now, version=claim.c.version + 1)
    )
    if changed != 1:
        raise NeedMoved(state=card.state.value)
    _note_check(session, card, now=now, helper_id=held.volunteer_id)


def prepare(session: Session, *, now: datetime, card: NeedCard, held: ClaimCard) -> dict[str, Any]:
    """The values of a claim whose time is named for the first time. Raises NotChecked."""
    if needs_self_check(card, held):
        raise NotChecked
    if held.checked_at is None:
        # For simple things, and where nothing may be delayed, the time is the yes.
        _note_check(session, card, now=now, helper_id=held.volunteer_id)
    uid = session.value(select(claim.c.uid).where(claim.c.id == held.id))
    words = draw_words(secrets.choice)
    return {
        "checked_at": held.checked_at or now,
        "door_words": session.vault.seal(words.kept, place=f"claim.door_words:{uid}"),
        "risky": held.risky or is_risky(session, card),
    }


def is_risky(session: Session, card: NeedCard) -> bool:
    """Whether a visit ends with "I am out, safe": its kind says so, or somebody marked it."""
    marked = select(func.count()).where(claim.c.need_id == card.id, claim.c.risky)
    return rule_of(session, card.category).risky or bool(session.value(marked))


def open_door_words(session: Session, *, claim_id: int) -> DoorWords | None:
    """Open the words of a claim; None before a time was named, or when they were wiped."""
    row = session.find(select(claim.c.uid, claim.c.door_words).where(claim.c.id == claim_id))
    if row is None or row.door_words is None:
        return None
    kept = session.vault.unseal(row.door_words, place=f"claim.door_words:{row.uid}")
    return read_words(kept) if kept else None


def _note_check(session: Session, card: NeedCard, *, now: datetime, helper_id: int) -> None:
    rule = visit_rule(card.category)
    note(
        session,
        now=now,
        what="self_checked",
        actor_id=helper_id,
        subject_id=helper_id,
        thing="need",
        thing_id=card.id,
        detail=",".join((*rule.checks, *rule.risks))[:120],
    )
