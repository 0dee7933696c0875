"""What the two sides and staff say of a pair: what was done, nothing, or what is wrong."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.choices import Button
from storage.database import Session
from storage.outbox import MessageClass
from storage.pairs.rows import (
    Pair,
    change_pair,
    check_keeps,
    check_staff_of,
    get_pair,
    note_pair,
    side_of,
)
from storage.pairs.saying import button, tell_keeper
from storage.pairs.ties.money import answer_money
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rules.pairs import ASK_EVERY, Kind, Outcome, PairState
from storage.rules.ties import GAVE_BACK, mentions_money
from storage.tables import pair_log, person

SHOWN = 6


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of a pair's log; ``words`` only for those who may know them."""

    id: int
    at: datetime
    side: str
    by: str
    outcome: Outcome
    acts: tuple[str, ...]
    words: str | None
    waits: bool
    version: int


def report_pair(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    pair_id: int,
    outcome: Outcome,
    acts: Sequence[str] = (),
    words: str | None = None,
    channel: str = "chat",
) -> Pair:
    """Write down what one side, or staff who asked them, says of an agreed pair.

    Any word is a sign: a pair that slept is awake again. A problem waits for staff.
    """
    one = get_pair(session, pair_id=pair_id, hold=True)
    found = side_of(session, one, actor)
    if found is None:
        check_staff_of(session, one, actor)
    if not one.is_agreed:
        raise TooLate
    if not set(acts) <= {*acts_of(one), *one.acts}:
        raise TooLate
    money = one.kind is not Kind.NEIGHBOUR and mentions_money(words or "")
    side = found[0].value if found is not None else "staff"
    uid = secrets.token_hex(16)
    log_id = session.add(
        insert(pair_log).values(
            uid=uid,
            pair_id=one.id,
            side=side,
            outcome=outcome.value,
            acts=",".join(acts),
            words=session.vault.seal(words, place=f"pair_log.words:{uid}") if words else None,
            channel=channel,
            waits=money or outcome is Outcome.PROBLEM,
            written_by=actor.id,
            at=now,
            version=1,
        )
    )
    heard = change_pair(
        session,
        one,
        {
            "state": PairState.ACTIVE.value,
            "asked": 0,
            "sign_at": now,
            "due_at": now + ASK_EVERY,
        },
    )
    note_pair(
        session,
        heard,
        now=now,
        what="pair_reported",
        actor_id=actor.id,
        ground=side,
        detail=outcome.value,
    )
    if money:
        answer_money(session, heard, now=now, actor=actor, log_id=log_id, words=words or "")
    elif outcome is Outcome.PROBLEM:
        tell_keeper(
            session,
            heard,
            now=now,
            template="pair_problem",
            message_class=MessageClass.MUST,
            facts={"side": side, "by": actor.name, "words": words},
            buttons=[
                [Button("pair.looked", f"pair:looked:{log_id}:1")],
                [button("see", heard)],
            ],
            without=actor.id if found is None else None,
        )
    return heard


def acts_of(one: Pair) -> tuple[str, ...]:
    """What may be ticked when something was done."""
    return (*one.acts, GAVE_BACK) if one.kind is Kind.MUTUAL else one.acts


def list_log(session: Session, one: Pair, *, words: bool) -> list[LogEntry]:
    """The last lines of a pair's log, the newest first; who may read them is the caller's."""
    rows = session.all(
        select(pair_log, person.c.name)
        .join(person, person.c.id == pair_log.c.written_by)
        .where(pair_log.c.pair_id == one.id)
        .order_by(pair_log.c.at.desc(), pair_log.c.id.desc())
        .limit(SHOWN)
    )
    return [
        LogEntry(
            id=row.id,
            at=row.at,
            side=row.side,
            by=row.name,
            outcome=Outcome(row.outcome),
            acts=tuple(act for act in row.acts.split(",") if act),
            words=session.vault.unseal(row.words, place=f"pair_log.words:{row.uid}") or None
            if words and row.words
            else None,
            waits=row.waits,
            version=row.version,
        )
        for row in rows
    ]


def close_problem(
    session: Session, *, now: datetime, actor: Person, log_id: int, version: int
) -> Pair:
    """Staff have looked into what was wrong."""
    row = session.find(select(pair_log.c.pair_id).where(pair_log.c.id == log_id))
    if row is None:
        raise NotAllowed
    one = get_pair(session, pair_id=row.pair_id)
    check_keeps(session, one, actor)
    closed = session.change(
        update(pair_log)
        .where(pair_log.c.id == log_id, pair_log.c.waits, pair_log.c.version == version)
        .values(waits=False, version=pair_log.c.version + 1)
    )
    if closed != 1:
        raise AlreadyDone
    note_pair(session, one, now=now, what="pair_problem_closed", actor_id=actor.id)
    return one
