"""Pairs of two entries of one person: none stands twice, and each recipient keeps a slot."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Row, or_, select, update

from storage.database import Session
from storage.journal import note
from storage.partners import look_at_pairs
from storage.rules.pairs import Ending, Kind
from storage.rules.ties import TIES, Bar
from storage.tables import pair, tie

MOST = TIES[Kind.MUTUAL].at_most


def join_pairs(session: Session, *, now: datetime, actor_id: int, gone: int, kept: int) -> None:
    """A pair that both have stands once, and nobody is paired with themselves.

    1. Of two that say the same the one that both sides agreed to stays, or that of ``kept``.
    2. What is left of ``gone`` gets a free slot of ``kept``.
    3. Beyond as many as one may help, the newest are for staff to look at: nothing is taken away.
    """
    live = _list_live(session, gone, kept)
    over = {row.id for row in live if {row.resident_id, row.helper_id} == {gone, kept}}
    staying = [row for row in live if row.id not in over]
    for same in _group(staying, gone=gone, kept=kept):
        over |= {row.id for row in _in_order(same, gone)[1:]}
    _end(session, over, now=now, actor_id=actor_id)
    helping = [
        row
        for row in staying
        if row.id not in over and row.slot is not None and row.helper_id in (gone, kept)
    ]
    _give_slots(session, helping, gone=gone)
    _leave_to_staff(session, helping, now=now, actor_id=actor_id)
    # Either may be written down elsewhere now.
    look_at_pairs(session, now=now, person_id=gone)


def _list_live(session: Session, *people: int) -> Sequence[Row[Any]]:
    theirs = or_(pair.c.resident_id.in_(people), pair.c.helper_id.in_(people))
    return session.all(
        select(pair).where(theirs, pair.c.state != "ended").order_by(pair.c.created_at, pair.c.id)
    )


def _group(live: Iterable[Row[Any]], *, gone: int, kept: int) -> list[list[Row[Any]]]:
    """Pairs that would say the same of ``kept``, as the constraints of the table see it."""

    def of(person_id: int | None) -> int | None:
        return kept if person_id == gone else person_id

    found: defaultdict[Hashable, list[Row[Any]]] = defaultdict(list)
    for row in live:
        # A neighbour looks in on a household, whoever of it the pair is about.
        home = row.kind == Kind.NEIGHBOUR.value and row.helper_id in (gone, kept)
        whom = ("home", row.household_id) if home else ("person", of(row.resident_id))
        found[row.kind, whom, of(row.helper_id), row.organisation_id].append(row)
    return list(found.values())


def _in_order(same: list[Row[Any]], gone: int) -> list[Row[Any]]:
    return sorted(
        same, key=lambda row: (row.agreed_at is None, gone in (row.resident_id, row.helper_id))
    )


def _end(session: Session, over: Iterable[int], *, now: datetime, actor_id: int) -> None:
    session.change(
        update(pair)
        .where(pair.c.id.in_(list(over)), pair.c.state != "ended")
        .values(
            state="ended",
            ended_reason=Ending.MERGED.value,
            ended_at=now,
            ended_by=actor_id,
            due_at=None,
            version=pair.c.version + 1,
        )
    )


def _give_slots(session: Session, helping: Sequence[Row[Any]], *, gone: int) -> None:
    taken = {row.slot for row in helping if row.helper_id != gone}
    named = {row.slot for row in helping}
    for row in helping:
        if row.helper_id != gone:
            continue
        slot = row.slot
        if slot in taken:
            slot = next(one for one in count(1) if one not in taken | named)
            session.change(
                update(pair)
                .where(pair.c.id == row.id)
                .values(slot=slot, version=pair.c.version + 1)
            )
        taken.add(slot)


def _leave_to_staff(
    session: Session, helping: Sequence[Row[Any]], *, now: datetime, actor_id: int
) -> None:
    """Each beyond the rule stands among those that staff let through, by whoever merged."""
    known = session.all(select(tie).where(tie.c.pair_id.in_([row.id for row in helping])))
    bars = {row.pair_id: [bar for bar in row.bars.split(",") if bar] for row in known}
    within = [row for row in helping if Bar.FULL.value not in bars.get(row.id, [])]
    for row in within[MOST:]:
        session.change(
            update(tie)
            .where(tie.c.pair_id == row.id)
            .values(
                bars=",".join([*bars.get(row.id, []), Bar.FULL.value]),
                overridden_by=actor_id,
                overridden_at=now,
            )
        )
        note(
            session,
            now=now,
            what="tie_overridden",
            actor_id=actor_id,
            subject_id=row.resident_id,
            thing="pair",
            thing_id=row.id,
            ground="merged",
            detail=Bar.FULL.value,
        )
