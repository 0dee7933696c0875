"""Carrying a paper: taken by one worker, reported on, and ended once, whatever was killed."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update

from storage.database import Session
from storage.duty import tell_duty
from storage.files import AWAITED_AT_MOST
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.outbox.shown import list_shown, withdraw
from storage.papers.asking import CARD
from storage.refusals import Fact
from storage.tables import file, office_job, person
from storage.vault import VaultError

# Renewed with each report, so that another worker takes over only what nobody carries any more.
LEASE_SECONDS = 60.0
# A job during which the bot died each time would take it along for ever.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Job:
    """A paper that this worker carries."""

    id: int
    kind: str
    asker_id: int
    facts: dict[str, Fact]
    file_id: int | None
    attempts: int


def take_job(
    session: Session, *, owner: str, kinds: Collection[str], now: datetime, real: float
) -> Job | None:
    """Take the oldest paper of these kinds whose file, if it needs one, is here or will not be."""
    row = session.find(
        select(office_job)
        .outerjoin(file, file.c.id == office_job.c.file_id)
        .where(_is_free(real), office_job.c.kind.in_(kinds))
        .where(or_(file.c.id.is_(None), file.c.state != "awaited", _waited_too_long(now)))
        .order_by(office_job.c.id)
        .limit(1)
    )
    if row is None:
        return None
    taken = session.change(
        update(office_job)
        .where(office_job.c.id == row.id, _is_free(real))
        .values(
            state="working",
            owner=owner,
            lease_until=real + LEASE_SECONDS,
            attempts=office_job.c.attempts + 1,
        )
    )
    if taken == 0:
        return None
    try:
        facts = session.vault.unseal(row.facts, place=f"office_job.facts:{row.uid}")
    except VaultError:
        # One that no key opens must not keep the others waiting.
        fail_job(session, job_id=row.id, owner=owner, now=now, reason="crashed")
        return None
    return Job(row.id, row.kind, row.asker_id, json.loads(facts), row.file_id, row.attempts + 1)


def _is_free(real: float) -> ColumnElement[bool]:
    left_behind = and_(office_job.c.state == "working", office_job.c.lease_until < real)
    return or_(office_job.c.state == "waiting", left_behind)


def _waited_too_long(now: datetime) -> ColumnElement[bool]:
    return office_job.c.created_at < now - AWAITED_AT_MOST


def recover_jobs(session: Session, *, owner: str) -> int:
    """Take back what a killed process left half made; returns how many."""
    return session.change(
        update(office_job)
        .where(office_job.c.state == "working", office_job.c.owner != owner)
        .values(state="waiting", owner=None, lease_until=None)
    )


def release_job(session: Session, *, job_id: int, owner: str, tried: bool) -> None:
    """Give a paper back unfinished; ``tried`` says whether that counts as an attempt."""
    attempts = office_job.c.attempts if tried else office_job.c.attempts - 1
    session.change(
        update(office_job)
        .where(office_job.c.id == job_id, office_job.c.owner == owner)
        .values(state="waiting", owner=None, lease_until=None, attempts=attempts)
    )


def report_job(
    session: Session, *, job_id: int, owner: str, done: int, total: int, now: datetime, real: float
) -> bool:
    """Renew the lease and rewrite the card; False when the paper is another worker's by now."""
    renewed = session.change(
        update(office_job)
        .where(office_job.c.id == job_id, office_job.c.owner == owner)
        .values(lease_until=real + LEASE_SECONDS, reports=office_job.c.reports + 1)
    )
    if renewed == 1 and done:
        percent = min(99, done * 100 // total) if total else 0
        facts: dict[str, Fact] = {
            "state": "working",
            "done": done,
            "total": total,
            "percent": percent,
        }
        _rewrite_card(session, _get(session, job_id), facts, now=now)
    return renewed == 1


def finish_job(session: Session, *, job_id: int, owner: str, now: datetime) -> bool:
    """End a paper that is made; False when it is another worker's by now, and nothing is said."""
    ended = _end(session, job_id, owner, now=now, state="done", reason=None)
    if ended:
        _rewrite_card(session, _get(session, job_id), {"state": "done"}, now=now)
    return ended


def fail_job(
    session: Session,
    *,
    job_id: int,
    owner: str,
    now: datetime,
    reason: str,
    template: str = "paper_failed",
    facts: Mapping[str, Fact] | None = None,
) -> bool:
    """End a paper that cannot be made, with kind words; a crash is told to the office too."""
    if not _end(session, job_id, owner, now=now, state="failed", reason=reason):
        return False
    row = _get(session, job_id)
    _rewrite_card(session, row, {"state": "failed"}, now=now)
    say(
        session,
        now=now,
        to=row.asker_id,
        key=f"paper:{job_id}:failed",
        template=template,
        message_class=MessageClass.ANSWER,
        facts={"paper": row.kind, "reason": reason, **(facts or {})},
    )
    if reason == "crashed":
        tell_duty(
            session,
            now=now,
            key=f"paper:{job_id}:crashed",
            template="paper_crashed",
            message_class=MessageClass.MUST,
            facts={"paper": row.kind, "number": job_id},
            about=None,
            without=row.asker_id,
        )
    return True


def count_open_jobs(session: Session) -> int:
    """Count the papers that are not yet made."""
    open_ones = select(func.count()).where(office_job.c.state.in_(("waiting", "working")))
    return int(session.value(open_ones) or 0)


def _end(
    session: Session, job_id: int, owner: str, *, now: datetime, state: str, reason: str | None
) -> bool:
    ended = session.change(
        update(office_job)
        .where(office_job.c.id == job_id, office_job.c.owner == owner)
        .where(office_job.c.state == "working")
        .values(
            state=state,
            reason=reason,
            owner=None,
            lease_until=None,
            ended_at=now,
            reports=office_job.c.reports + 1,
        )
    )
    if ended:
        what, thing = f"paper_{state}", "office_job"
        detail = reason or ""
        note(
            session, now=now, what=what, actor_id=None, thing=thing, thing_id=job_id, detail=detail
        )
    return ended == 1


def _get(session: Session, job_id: int) -> Row[Any]:
    row = session.find(
        select(office_job, person.c.telegram_id)
        .join(person, person.c.id == office_job.c.asker_id)
        .where(office_job.c.id == job_id)
    )
    if row is None:
        raise LookupError(f"no paper {job_id}")
    return row


def _rewrite_card(
    session: Session, row: Row[Any], facts: Mapping[str, Fact], *, now: datetime
) -> None:
    """Rewrite the card in its place. One that was not shown yet is left: the next report comes."""
    chat_id, card = row.telegram_id, f"paper:{row.id}"
    if chat_id is None:
        return
    shown = list_shown(session, chat_id=chat_id, card=card, template=CARD)
    if not shown:
        return
    # An older report that still waits to go out has been overtaken.
    withdraw(session, now=now, chat_id=chat_id, card=card, template=CARD)
    nothing: dict[str, Fact] = {"paper": row.kind, "done": 0, "total": 0, "percent": 0}
    say(
        session,
        now=now,
        chat_id=chat_id,
        key=f"{card}:{row.attempts}:{row.reports}",
        template=CARD,
        message_class=MessageClass.ANSWER,
        facts=nothing | dict(facts),
        card=card,
        edits=shown[-1],
    )
