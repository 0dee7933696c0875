"""Invitations: one-use codes that let staff in; of a code only its keyed hash is kept."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, insert, or_, select, update

from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.organisations import check_reach, get_organisation
from storage.outbox import MessageClass
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.tables import invitation, wrong_code
from storage.tables import role as held

INVITED = ("coordinator", "leading_group")
GOOD_FOR = timedelta(hours=72)
TRIES = 6
TRIES_WITHIN = timedelta(minutes=10)
CLOSED_FOR = timedelta(hours=1)
_ALPHABET = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Code(StrEnum):
    """What a code tried from a chat comes to. Wrong, used and expired are told apart by nobody."""

    GOOD = "good"
    WRONG = "wrong"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Invited:
    """What a code gives: a role, and where; None is the programme's office."""

    role: str
    organisation_id: int | None


def make_invitation(
    session: Session,
    *,
    now: datetime,
    role: str = "coordinator",
    organisation_id: int | None = None,
    made_by: int | None = None,
) -> str:
    """Make a code for a role and return it; it is shown once and cannot be shown again.

    The caller knows that whoever asked may invite there.
    """
    code = secrets.token_urlsafe(16)
    row = {
        "code_key": _key(session, code),
        "role": role,
        "organisation_id": organisation_id,
        "made_by": made_by,
        "created_at": now,
        "expires_at": now + GOOD_FOR,
    }
    added = session.value(insert(invitation).values(row).returning(invitation.c.id))
    note(
        session,
        now=now,
        what="invitation_made",
        actor_id=made_by,
        thing="invitation",
        thing_id=added,
        detail=role,
    )
    return code


def invite_staff(
    session: Session, *, now: datetime, actor: Person, organisation_id: int, kind: str
) -> str:
    """Make a code for a role in an organisation; only whoever works there or above may.

    The leading group is let in by the office alone.
    """
    one = get_organisation(session, organisation_id=organisation_id)
    check_reach(actor, one)
    if kind == "leading_group" and not actor.is_office:
        raise NotAllowed
    if kind not in INVITED or not one.active:
        raise TooLate
    return make_invitation(
        session, now=now, role=kind, organisation_id=organisation_id, made_by=actor.id
    )


def check_code(session: Session, *, now: datetime, chat_id: int, code: str) -> Code:
    """Say whether a code would open, and count it when it would not.

    It answers instead of refusing: a refusal would roll the count back.
    """
    if not _ALPHABET.fullmatch(code):
        return Code.WRONG
    if _is_closed(session, now=now, chat_id=chat_id):
        return Code.CLOSED
    if session.find(select(invitation.c.id).where(*_open(session, now, code))) is not None:
        return Code.GOOD
    _count_wrong(session, now=now, chat_id=chat_id)
    return Code.WRONG


def use_code(
    session: Session, *, now: datetime, chat_id: int, person_id: int, code: str
) -> Invited | None:
    """Use a code up and return what it gives; of two who use it at once, one gets None."""
    if not _ALPHABET.fullmatch(code) or _is_closed(session, now=now, chat_id=chat_id):
        return None
    used = session.change(
        update(invitation).where(*_open(session, now, code)).values(used_by=chat_id, used_at=now)
    )
    if used == 0:
        _count_wrong(session, now=now, chat_id=chat_id)
        return None
    mine = invitation.c.code_key == _key(session, code)
    row = session.all(select(invitation).where(mine))[0]
    note(
        session,
        now=now,
        what="invitation_used",
        actor_id=person_id,
        thing="invitation",
        thing_id=row.id,
        detail=row.role,
    )
    return Invited(row.role, row.organisation_id)


def _is_closed(session: Session, *, now: datetime, chat_id: int) -> bool:
    until = session.value(select(wrong_code.c.closed_until).where(wrong_code.c.chat_id == chat_id))
    return until is not None and now < until


def _open(session: Session, now: datetime, code: str) -> tuple[ColumnElement[bool], ...]:
    # Whoever leaves must not come back by a code of their own.
    still_there = exists().where(
        held.c.person_id == invitation.c.made_by,
        held.c.kind == "coordinator",
        held.c.state == "approved",
    )
    return (
        invitation.c.code_key == _key(session, code),
        invitation.c.used_by.is_(None),
        invitation.c.expires_at > now,
        or_(invitation.c.made_by.is_(None), still_there),
    )


def _key(session: Session, code: str) -> bytes:
    return session.vault.fingerprint(code, field="invitation")


def _count_wrong(session: Session, *, now: datetime, chat_id: int) -> None:
    tries = session.find(select(wrong_code).where(wrong_code.c.chat_id == chat_id))
    if tries is None:
        row = {"chat_id": chat_id, "tries": 1, "since": now}
        session.execute(insert(wrong_code), row)
        return
    fresh = now - tries.since > TRIES_WITHIN
    count = 1 if fresh else tries.tries + 1
    closes = count >= TRIES
    session.change(
        update(wrong_code)
        .where(wrong_code.c.chat_id == chat_id)
        .values(
            tries=count,
            since=now if fresh else tries.since,
            closed_until=now + CLOSED_FOR if closes else None,
        )
    )
    if closes:
        # Somebody may be guessing: one message to each coordinator for each closing.
        note(session, now=now, what="codes_closed", actor_id=None)
        tell_duty(
            session,
            now=now,
            key=f"codes_closed:{chat_id}:{now:%Y%m%d%H%M%S}",
            template="join_codes_closed",
            message_class=MessageClass.MUST,
            facts={},
            about=None,
        )
