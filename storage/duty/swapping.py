"""Swaps: one asks for another in their slot, the first who says yes has it; both are told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.duty.filling import refresh_holes
from storage.duty.refusals import NotThere, RotaMoved, SlotOver, SwapOver
from storage.duty.slots import ends_at, list_colleagues
from storage.duty.telling import name_of, span_facts
from storage.journal import note
from storage.outbox import Button, MessageClass, Wanted, say
from storage.people import Person
from storage.refusals import AlreadyDone, Fact, NotAllowed
from storage.rules.duty import Part, Span
from storage.tables import shift, shift_swap


@dataclass(frozen=True, slots=True)
class Swap:
    """A swap: who asked, for which slot, and for which of the other's, if for one."""

    id: int
    organisation_id: int
    asked_by: int
    asker: str
    span: Span
    other: Span | None
    state: str
    accepted_by: str | None
    version: int

    @property
    def card(self) -> str:
        """The name under which it stands in a chat."""
        return f"shift_swap:{self.id}"

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for the wording."""
        theirs = span_facts(self.other) if self.other else dict.fromkeys(("first", "last", "part"))
        return {
            "asker": self.asker,
            **span_facts(self.span),
            **{f"other_{key}": value for key, value in theirs.items()},
        }


def ask_swap(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    shift_id: int,
    version: int,
    other_id: int | None = None,
) -> int:
    """Ask everybody who works there to take a slot of mine, or one colleague for one of theirs.

    Returns how many were asked.
    """
    mine = _own(session, actor, shift_id)
    if mine.version != version:
        raise RotaMoved
    other = _slot(session, other_id) if other_id is not None else None
    _check_open(session, mine, now=now)
    if other is not None:
        _check_open(session, other, now=now)
        same = other.organisation_id == mine.organisation_id
        if not same or other.person_id in (None, actor.id):
            raise RotaMoved
    asked = _receivers(session, actor, mine, other)
    if not asked:
        raise NotThere
    row = {
        "shift_id": mine.id,
        "shift_version": mine.version,
        "asked_by": actor.id,
        "asked_to": other.person_id if other else None,
        "other_id": other.id if other else None,
        "other_version": other.version if other else None,
        "state": "asked",
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            swap_id = int(session.value(insert(shift_swap).values(row).returning(shift_swap.c.id)))
    except IntegrityError as error:
        raise AlreadyDone from error
    swap = get_swap(session, swap_id=swap_id)
    _note(session, swap, now=now, actor_id=actor.id, what="swap_asked")
    for to in asked:
        say(
            session,
            now=now,
            to=to,
            key=f"swap:{swap.id}:asked:{to}",
            template="swap_asked",
            message_class=MessageClass.MUST,
            facts=swap.facts,
            buttons=[[_button("yes", swap)], *([[_button("no", swap)]] if other else [])],
            card=swap.card,
            wanted=Wanted("shift_swap", swap.id, swap.version),
        )
    return len(asked)


def accept_swap(session: Session, *, now: datetime, actor: Person, swap_id: int) -> Swap:
    """Say yes: the first has it. Asked for a slot of their own, that one becomes the asker's."""
    swap, row = _asked(session, actor, swap_id)
    # The slots before the swap, as whoever fills a slot does: neither waits for the other in vain.
    slots = [one for one in (row.shift_id, row.other_id) if one is not None]
    held = select(shift.c.id).where(shift.c.id.in_(slots)).order_by(shift.c.id)
    session.all(held.with_for_update())
    mine = _slot(session, row.shift_id)
    _check_open(session, mine, now=now)
    here = {one.id for one in list_colleagues(session, organisation_id=swap.organisation_id)}
    if row.other_id is not None and row.asked_by not in here:
        # Whoever asked works there no more: the other's slot would be nobody's.
        raise RotaMoved
    _end(session, row, state="accepted", now=now, accepted_by=actor.id)
    _hand_over(session, mine.id, row.shift_version, row.asked_by, actor, now=now)
    if row.other_id is not None:
        _hand_over(session, row.other_id, row.other_version, actor.id, row.asked_by, now=now)
    refresh_holes(session, now=now, organisation_id=swap.organisation_id)
    _note(session, swap, now=now, actor_id=actor.id, what="swap_accepted")
    _tell_asker(session, swap, now=now, template="swap_accepted", by=actor.name)
    return swap


def decline_swap(session: Session, *, now: datetime, actor: Person, swap_id: int) -> Swap:
    """The colleague who was asked for a slot of theirs says no."""
    swap, row = _asked(session, actor, swap_id)
    if row.asked_to is None:
        raise NotAllowed
    _end(session, row, state="declined", now=now)
    _note(session, swap, now=now, actor_id=actor.id, what="swap_declined")
    _tell_asker(session, swap, now=now, template="swap_declined", by=actor.name)
    return swap


def withdraw_swap(session: Session, *, now: datetime, actor: Person, swap_id: int) -> Swap:
    """Whoever asked stays on after all."""
    row = _find(session, swap_id)
    if row.asked_by != actor.id:
        raise NotAllowed
    swap = get_swap(session, swap_id=swap_id)
    _end(session, row, state="withdrawn", now=now)
    _note(session, swap, now=now, actor_id=actor.id, what="swap_withdrawn")
    return swap


def lapse_swap(session: Session, *, now: datetime, swap_id: int) -> None:
    """Nobody said yes and it is nearly time: whoever asked is told that they are still on."""
    row = _find(session, swap_id)
    swap = get_swap(session, swap_id=swap_id)
    _end(session, row, state="lapsed", now=now)
    _note(session, swap, now=now, actor_id=None, what="swap_lapsed")
    _tell_asker(session, swap, now=now, template="swap_lapsed", by=None)


def find_asked(session: Session, *, shift_id: int) -> Swap | None:
    """Return the swap that is asked for a slot now, if there is one."""
    found = session.value(
        select(shift_swap.c.id).where(
            shift_swap.c.shift_id == shift_id, shift_swap.c.state == "asked"
        )
    )
    return get_swap(session, swap_id=found) if found is not None else None


def get_swap(session: Session, *, swap_id: int) -> Swap:
    """Return a swap; raises NotAllowed when there is none."""
    row = _find(session, swap_id)
    mine = _slot(session, row.shift_id)
    other = _slot(session, row.other_id) if row.other_id is not None else None
    return Swap(
        id=row.id,
        organisation_id=mine.organisation_id,
        asked_by=row.asked_by,
        asker=name_of(session, row.asked_by) or "",
        span=Span(mine.first_day, mine.last_day, Part(mine.part)),
        other=Span(other.first_day, other.last_day, Part(other.part)) if other else None,
        state=row.state,
        accepted_by=name_of(session, row.accepted_by),
        version=row.version,
    )


def _asked(session: Session, actor: Person, swap_id: int) -> tuple[Swap, Row[Any]]:
    """A swap on which this person was asked to say yes or no."""
    row = _find(session, swap_id)
    swap = get_swap(session, swap_id=swap_id)
    here = list_colleagues(session, organisation_id=swap.organisation_id)
    if actor.id not in {one.id for one in here} or actor.id == row.asked_by:
        raise NotAllowed
    if row.asked_to not in (None, actor.id):
        raise NotAllowed
    return swap, row


def _find(session: Session, swap_id: int) -> Row[Any]:
    row = session.find(select(shift_swap).where(shift_swap.c.id == swap_id))
    if row is None:
        raise NotAllowed
    return row


def _own(session: Session, actor: Person, shift_id: int) -> Row[Any]:
    row = _slot(session, shift_id)
    if row.person_id != actor.id or not actor.is_approved("coordinator"):
        raise NotAllowed
    return row


def _slot(session: Session, shift_id: int) -> Row[Any]:
    row = session.find(select(shift).where(shift.c.id == shift_id))
    if row is None:
        raise NotAllowed
    return row


def _check_open(session: Session, row: Row[Any], *, now: datetime) -> None:
    if ends_at(session, Span(row.first_day, row.last_day, Part(row.part))) <= now:
        raise SlotOver


def _receivers(
    session: Session, actor: Person, mine: Row[Any], other: Row[Any] | None
) -> list[int]:
    here = list_colleagues(session, organisation_id=mine.organisation_id)
    wanted = {other.person_id} if other is not None else {one.id for one in here} - {actor.id}
    return [one.id for one in here if one.reachable and one.id in wanted]


def _end(
    session: Session,
    row: Row[Any],
    *,
    state: str,
    now: datetime,
    accepted_by: int | None = None,
) -> None:
    """The one step out of "asked": of two at once, one makes it."""
    ended = session.change(
        update(shift_swap)
        .where(shift_swap.c.id == row.id, shift_swap.c.state == "asked")
        .values(
            state=state,
            ended_at=now,
            accepted_by=accepted_by,
            version=shift_swap.c.version + 1,
        )
    )
    if ended == 0:
        present = _find(session, row.id)
        raise SwapOver(state=present.state, by=name_of(session, present.accepted_by))


def _hand_over(
    session: Session,
    shift_id: int,
    version: int,
    from_id: int,
    to: Person | int,
    *,
    now: datetime,
) -> None:
    taker = to if isinstance(to, int) else to.id
    changed = session.change(
        update(shift)
        .where(shift.c.id == shift_id, shift.c.version == version, shift.c.person_id == from_id)
        .values(person_id=taker, made_by=taker, made_at=now, version=shift.c.version + 1)
    )
    if changed == 0:
        raise RotaMoved


def _tell_asker(
    session: Session, swap: Swap, *, now: datetime, template: str, by: str | None
) -> None:
    say(
        session,
        now=now,
        to=swap.asked_by,
        key=f"swap:{swap.id}:{template}",
        template=template,
        message_class=MessageClass.MUST,
        facts=swap.facts | {"by": by},
        card=f"{swap.card}:mine",
    )


def _button(act: str, swap: Swap) -> Button:
    return Button(f"duty.swap_{act}", f"duty:swap_{act}:{swap.id}:{swap.version}")


def _note(session: Session, swap: Swap, *, now: datetime, actor_id: int | None, what: str) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=swap.asked_by,
        thing="organisation",
        thing_id=swap.organisation_id,
        detail=f"{swap.span.first}/{swap.span.last}/{swap.span.part.value}",
    )
