"""Looks at a child's data: asked for with a reason, approved by another, journalled each time.

未成年人网络保护条例 art. 36: least privilege, approval by who is responsible, and a record of
each access. In an emergency nothing is waited for, and the ground is written down.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.duty import list_duty
from storage.guardians import is_known_child, list_guardians, list_speakers
from storage.journal import note
from storage.outbox import Button, MessageClass, Wanted, say
from storage.people import Person, get_person
from storage.refusals import AlreadyDecided, AlreadyDone, Fact, NotAllowed, Refusal
from storage.scope import check_sees, seen_people, sees
from storage.tables import alarm, check_in, look, person

GOOD_FOR = timedelta(hours=24)


class LookNeedsApproval(Refusal):
    """This is a child's data: a reason is wanted first, and somebody else's yes."""

    key = "look_needs_approval"

    def __init__(self, *, child_id: int) -> None:
        super().__init__()
        self.offer = ("look.ask", f"look:ask:{child_id}:0")


@dataclass(frozen=True, slots=True)
class Decided:
    """Whom it was about, and who asked."""

    child: str
    asker: str


def check_look(session: Session, *, now: datetime, actor: Person, person_id: int) -> None:
    """Let staff look at somebody's record; for a child only after approval, and written down.

    Call it wherever staff are shown what is known of a person. Family are let through: their own
    use cases check them.
    """
    if actor.id == person_id or not is_known_child(session, now=now, person_id=person_id):
        return
    if actor.id in list_speakers(session, person_id=person_id):
        return
    approved = session.value(
        select(look.c.id)
        .where(look.c.child_id == person_id, look.c.asked_by == actor.id)
        .where(look.c.state == "approved", look.c.good_until > now)
        .order_by(look.c.id.desc())
        .limit(1)
    )
    emergency = approved is None and _is_emergency(session, person_id=person_id)
    if approved is None and not emergency:
        raise LookNeedsApproval(child_id=person_id)
    note(
        session,
        now=now,
        what="child_looked_at",
        actor_id=actor.id,
        subject_id=person_id,
        thing="look" if approved is not None else None,
        thing_id=approved,
        ground="emergency" if emergency else "approved",
    )


def may_look(session: Session, *, now: datetime, actor: Person, person_id: int) -> bool:
    """Whether staff may look now, written down like ``check_look``: for lists, which go on."""
    try:
        check_look(session, now=now, actor=actor, person_id=person_id)
    except LookNeedsApproval:
        return False
    return True


def _is_emergency(session: Session, *, person_id: int) -> bool:
    """Whether an alarm or a call without an answer is open about them now."""
    ringing = select(alarm.c.id).where(alarm.c.person_id == person_id, alarm.c.state != "closed")
    calling = select(check_in.c.id).where(
        check_in.c.resident_id == person_id,
        check_in.c.state == "open",
        or_(check_in.c.rung > 0, check_in.c.last_outcome.is_not(None)),
    )
    return session.find(ringing) is not None or session.find(calling) is not None


def check_may_ask(session: Session, *, now: datetime, actor: Person, child_id: int) -> None:
    """Raise unless this is a child in whose scope the member of staff works."""
    check_sees(session, actor=actor, person_id=child_id)
    if not is_known_child(session, now=now, person_id=child_id):
        raise NotAllowed


def ask_look(session: Session, *, now: datetime, actor: Person, child_id: int, reason: str) -> int:
    """Ask for a look with a reason; returns how many were asked to decide.

    Asked again while it waits, whoever may decide only since then is asked too.
    """
    check_may_ask(session, now=now, actor=actor, child_id=child_id)
    if waiting := _find_waiting(session, actor=actor, child_id=child_id):
        told = _ask_deciders(session, now, actor, waiting)
        if not told and _list_deciders(session, now, actor, child_id):
            raise AlreadyDone
        return told
    uid = secrets.token_hex(16)
    row = {
        "uid": uid,
        "child_id": child_id,
        "asked_by": actor.id,
        "reason": session.vault.seal(reason, place=f"look.reason:{uid}"),
        "state": "asked",
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            look_id = int(session.value(insert(look).values(row).returning(look.c.id)))
    except IntegrityError as error:
        raise AlreadyDone from error
    _note(session, now, actor, child_id, look_id, "look_asked")
    return _ask_deciders(
        session, now, actor, session.all(select(look).where(look.c.id == look_id))[0]
    )


def _find_waiting(session: Session, *, actor: Person, child_id: int) -> Row[Any] | None:
    return session.find(
        select(look).where(
            look.c.child_id == child_id, look.c.asked_by == actor.id, look.c.state == "asked"
        )
    )


def _list_deciders(session: Session, now: datetime, actor: Person, child_id: int) -> set[int]:
    staff = {
        one.id for one in list_duty(session, now=now, about=child_id, without=actor.id, near=True)
    }
    return (staff | set(list_guardians(session, person_id=child_id))) - {actor.id}


def _ask_deciders(session: Session, now: datetime, actor: Person, row: Row[Any]) -> int:
    """Ask each who may decide, once; returns how many were asked just now."""
    asked = _asked(session, row)
    return sum(
        say(
            session,
            now=now,
            to=one,
            key=f"look:{row.id}:v{row.version}:{one}",
            template="look_waits",
            message_class=MessageClass.MUST,
            facts=asked.facts,
            buttons=asked.buttons,
            card=asked.card,
            wanted=Wanted("look", row.id, row.version),
        )
        for one in sorted(_list_deciders(session, now, actor, row.child_id))
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A look that waits for somebody's yes."""

    id: int
    version: int
    child: str
    asker: str
    reason: str

    @property
    def card(self) -> str:
        """The name under which it stands in a chat."""
        return f"look:{self.id}"

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for the wording."""
        return {"child": self.child, "asker": self.asker, "reason": self.reason}

    @property
    def buttons(self) -> list[list[Button]]:
        """The answers."""
        return [
            [Button("look.yes", f"look:yes:{self.id}:{self.version}")],
            [Button("look.no", f"look:no:{self.id}:{self.version}")],
        ]


def list_looks(session: Session, *, actor: Person, limit: int = 20) -> list[Asked]:
    """List the looks on which this member of staff may decide, the longest waiting first."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    rows = session.all(
        select(look)
        .join(person, person.c.id == look.c.child_id)
        .where(look.c.state == "asked", look.c.asked_by != actor.id, seen_people(actor))
        .order_by(look.c.id)
        .limit(limit)
    )
    return [_asked(session, row) for row in rows]


def _asked(session: Session, row: Row[Any]) -> Asked:
    return Asked(
        id=row.id,
        version=row.version,
        child=get_person(session, person_id=row.child_id).name,
        asker=get_person(session, person_id=row.asked_by).name,
        reason=session.vault.unseal(row.reason, place=f"look.reason:{row.uid}"),
    )


def decide_look(
    session: Session, *, now: datetime, actor: Person, look_id: int, version: int, yes: bool
) -> Decided:
    """Another member of staff, or the guardian, says yes for a day, or no; the asker hears it."""
    row = session.find(select(look).where(look.c.id == look_id))
    if row is None or not _may_decide(session, actor, row.child_id, row.asked_by):
        raise NotAllowed
    decided = session.change(
        update(look)
        .where(look.c.id == look_id, look.c.state == "asked", look.c.version == version)
        .values(
            state="approved" if yes else "declined",
            decided_by=actor.id,
            decided_at=now,
            good_until=now + GOOD_FOR if yes else None,
            version=look.c.version + 1,
        )
    )
    if decided == 0:
        by = session.value(
            select(person.c.name)
            .join(look, look.c.decided_by == person.c.id)
            .where(look.c.id == look_id)
        )
        raise AlreadyDecided(by=by, state=row.state)
    what = "look_approved" if yes else "look_declined"
    _note(session, now, actor, row.child_id, look_id, what)
    child = get_person(session, person_id=row.child_id).name
    say(
        session,
        now=now,
        to=row.asked_by,
        key=f"look:{look_id}:told",
        template="look_answered",
        message_class=MessageClass.MUST,
        facts={"child": child, "yes": yes, "by": actor.name},
    )
    return Decided(child=child, asker=get_person(session, person_id=row.asked_by).name)


def _may_decide(session: Session, actor: Person, child_id: int, asked_by: int) -> bool:
    if actor.id == asked_by:
        return False
    guardian = actor.id in list_guardians(session, person_id=child_id)
    return guardian or sees(session, actor=actor, person_id=child_id)


def _note(
    session: Session, now: datetime, actor: Person, child_id: int, look_id: int, what: str
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        subject_id=child_id,
        thing="look",
        thing_id=look_id,
    )
