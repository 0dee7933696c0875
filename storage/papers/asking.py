"""Asking for a paper: a row, and the card that says how far it is."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select

from storage.database import Session
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.people import Person
from storage.refusals import Fact, Refusal
from storage.tables import office_job

# For one person at a time: an impatient hand must not keep the others waiting.
MOST_OPEN = 3
CARD = "paper_card"


class PaperAskedAlready(Refusal):
    """The same paper for the same person is being made."""

    key = "paper_asked_already"


class TooManyPapers(Refusal):
    """This person waits for several papers already."""

    key = "too_many_papers"


def ask_for_paper(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    kind: str,
    facts: Mapping[str, Fact],
    file_id: int | None = None,
) -> int:
    """Queue long work and show its card to ``actor``; returns the job's id.

    ``kind`` is a maker of bot/papers; with ``file_id`` it waits until that file was fetched.
    Whether the actor may have it is checked by the use case that asks.
    """
    order = json.dumps(dict(facts), ensure_ascii=False, sort_keys=True)
    _check_open(session, actor=actor, kind=kind, order=order, file_id=file_id)
    uid = secrets.token_hex(16)
    job_id = session.add(
        insert(office_job).values(
            uid=uid,
            kind=kind,
            asker_id=actor.id,
            facts=session.vault.seal(order, place=f"office_job.facts:{uid}"),
            file_id=file_id,
            state="waiting",
            reports=0,
            attempts=0,
            created_at=now,
        )
    )
    note(
        session,
        now=now,
        what="paper_asked",
        actor_id=actor.id,
        thing="office_job",
        thing_id=job_id,
        detail=kind,
    )
    say(
        session,
        now=now,
        to=actor.id,
        key=f"paper:{job_id}:card",
        template=CARD,
        message_class=MessageClass.ANSWER,
        facts={"paper": kind, "state": "waiting", "done": 0, "total": 0, "percent": 0},
        card=f"paper:{job_id}",
    )
    return job_id


def _check_open(
    session: Session, *, actor: Person, kind: str, order: str, file_id: int | None
) -> None:
    rows = session.all(
        select(office_job.c.uid, office_job.c.kind, office_job.c.facts, office_job.c.file_id).where(
            office_job.c.asker_id == actor.id, office_job.c.state.in_(("waiting", "working"))
        )
    )
    for row in rows:
        asked = session.vault.unseal(row.facts, place=f"office_job.facts:{row.uid}")
        if (row.kind, asked, row.file_id) == (kind, order, file_id):
            raise PaperAskedAlready(paper=kind)
    if len(rows) >= MOST_OPEN:
        raise TooManyPapers(most=MOST_OPEN)
