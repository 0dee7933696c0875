"""Leasing an e-mail, and what became of it: never twice for one ring without saying so."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update

from storage.database import Session
from storage.refusals import Fact
from storage.rules.lateness import Lateness, limit
from storage.tables import alarm, check_in, mail

LEASE = timedelta(minutes=5)
WAITS = tuple(timedelta(seconds=one) for one in (15, 60, 120, 300, 600))
UNCLEAR_LIMIT = 2
BODY_KEPT = timedelta(hours=24)
ROW_KEPT = timedelta(days=90)
ERROR_LIMIT = 60


class MailEnd(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    LATER = "later"  # certainly not delivered: no server, or it said not now
    UNCLEAR = "unclear"  # the words were handed over and no answer came
    REFUSED = "refused"  # the server will never take it


@dataclass(frozen=True, slots=True)
class ToMail:
    """A leased e-mail."""

    id: int
    uid: str
    about: str
    address: str
    facts: dict[str, Fact]
    created_at: datetime
    is_repeat: bool


def lease_mail(session: Session, *, now: datetime) -> ToMail | None:
    """Take the next one that is due and still wanted; what a killed process held comes back."""
    _take_back(session, now=now)
    while True:
        row = session.find(
            select(mail)
            .where(mail.c.state == "pending", mail.c.not_before <= now)
            .order_by(mail.c.not_before, mail.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        mine = update(mail).where(mail.c.id == row.id, mail.c.state == "pending")
        if not _still_wanted(session, about=row.about, thing_id=row.thing_id):
            session.change(mine.values(state="dead", ended_at=now, error="no longer wanted"))
            continue
        taken = session.change(
            mine.values(state="sending", lease_until=now + LEASE, attempts=row.attempts + 1)
        )
        if taken != 1:
            continue
        return ToMail(
            id=row.id,
            uid=row.uid,
            about=row.about,
            address=session.vault.unseal(row.address, place=f"mail.address:{row.uid}"),
            facts=json.loads(session.vault.unseal(row.facts, place=f"mail.facts:{row.uid}")),
            created_at=row.created_at,
            is_repeat=row.unclear > 0,
        )


def _take_back(session: Session, *, now: datetime) -> None:
    rows = session.all(select(mail.c.id).where(mail.c.state == "sending", mail.c.lease_until < now))
    for row in rows:
        record_mail(session, now=now, mail_id=row.id, end=MailEnd.UNCLEAR, error="killed")


def _still_wanted(session: Session, *, about: str, thing_id: int) -> bool:
    """Whether nobody has taken it meanwhile."""
    if about == "alarm":
        found = select(alarm.c.id).where(alarm.c.id == thing_id, alarm.c.state == "open")
        return session.find(found) is not None
    if about == "check_in":
        found = select(check_in.c.id).where(
            check_in.c.id == thing_id,
            check_in.c.next_step_at.is_not(None),
            check_in.c.holder_id.is_(None),
        )
        return session.find(found) is not None
    return True


def record_mail(
    session: Session, *, now: datetime, mail_id: int, end: MailEnd, error: str | None = None
) -> None:
    """Write down how an attempt ended, and when the next one is due."""
    row = session.find(select(mail).where(mail.c.id == mail_id, mail.c.state == "sending"))
    if row is None:
        return
    mine = update(mail).where(mail.c.id == mail_id, mail.c.state == "sending")
    why = error[:ERROR_LIMIT] if error else None
    over = now - row.created_at > limit(Lateness.MAIL_DEAD)
    if end is MailEnd.SENT:
        session.change(mine.values(state="sent", lease_until=None, ended_at=now, error=None))
    elif end is MailEnd.UNCLEAR and row.unclear + 1 >= UNCLEAR_LIMIT:
        session.change(mine.values(state="unknown", lease_until=None, ended_at=now, error=why))
    elif end is MailEnd.REFUSED or over:
        session.change(mine.values(state="dead", lease_until=None, ended_at=now, error=why))
    else:
        wait = WAITS[min(row.attempts, len(WAITS)) - 1]
        session.change(
            mine.values(
                state="pending",
                lease_until=None,
                not_before=now + wait,
                unclear=row.unclear + (end is MailEnd.UNCLEAR),
                error=why,
            )
        )


def count_undelivered(session: Session, *, since: datetime) -> tuple[int, str | None]:
    """Count the mails that did not go out, or may not have; with the last reason."""
    failed = (mail.c.state.in_(("dead", "unknown")), mail.c.error != "no longer wanted")
    waiting = (mail.c.state == "pending", mail.c.attempts > 0)
    count = 0
    why: str | None = None
    for condition in (failed, waiting):
        rows = session.all(
            select(func.count().label("many"), func.max(mail.c.error).label("why")).where(
                *condition, mail.c.created_at >= since
            )
        )
        count += rows[0].many
        why = why or rows[0].why
    return count, why


def wipe_mail(session: Session, *, now: datetime) -> None:
    """Wipe names and addresses a day after the end; key and times stay for a while."""
    session.change(delete(mail).where(mail.c.ended_at < now - ROW_KEPT))
    session.change(
        update(mail)
        .where(mail.c.facts.is_not(None), mail.c.ended_at < now - BODY_KEPT)
        .values(facts=None, address=None)
    )
