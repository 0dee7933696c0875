"""What must hold of every need after every move, whoever made it: read off the database alone."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from storage.confirmations import minutes_count
from storage.database import Session
from storage.owners import owner_of
from storage.rules.lifecycle import LIVE_CLAIM, UNFINISHED, NeedState
from storage.tables import claim, climb, confirmation, journal, need, offer


def live_needs_have_an_owner_and_a_limit(session: Session) -> None:
    """Somebody by name answers for each need until it ends, up to a moment; then nobody."""
    for row in session.all(select(need)):
        owner = owner_of(session, need_id=row.id)
        if NeedState(row.state) in UNFINISHED:
            assert row.due_at is not None, row
            assert row.next_step_at is not None, row
            assert owner is not None, row
            assert owner.people or row.state == "open", (row.state, row.level)
        else:
            assert owner is None, row
            assert row.due_at is row.next_step_at is row.overdue_at is None, row
            assert row.ended_at is not None, row


def nothing_due_was_passed_over(session: Session, now: datetime) -> None:
    """When time has passed through it, whatever was due has moved."""
    late = session.all(select(need.c.id, need.c.state).where(need.c.due_at <= now))
    assert not late
    late = session.all(select(need.c.id, need.c.state).where(need.c.next_step_at <= now))
    assert not late
    assert not session.all(select(climb.c.id).where(climb.c.told_at.is_(None)))


def one_helper_for_each_place(session: Session) -> None:
    """A place has the live claim that its state says, and nobody has two places of one need."""
    live = session.all(
        select(claim.c.need_id, claim.c.state, claim.c.volunteer_id, need.c.parent_id)
        .join(need, need.c.id == claim.c.need_id)
        .where(claim.c.state.in_(("active", "done")))
    )
    states = {row.need_id: row.state for row in live}
    assert len(states) == len(live)
    for row in session.all(select(need.c.id, need.c.state)):
        assert states.get(row.id) == LIVE_CLAIM.get(NeedState(row.state)), row
    held = Counter((row.parent_id or row.need_id, row.volunteer_id) for row in live)
    assert max(held.values(), default=0) <= 1


def nobody_has_more_than_they_wanted(session: Session, limit: int) -> None:
    counting = select(func.count()).where(claim.c.state == "active").group_by(claim.c.volunteer_id)
    assert all(tasks <= limit for (tasks,) in session.all(counting))


def offers_belong_to_a_live_round(session: Session) -> None:
    """Whoever was asked in the round under way can still say yes, to this place or to another."""
    root = func.coalesce(need.c.parent_id, need.c.id).label("root")
    free = session.all(select(root).where(need.c.state.in_(("open", "unclaimed"))))
    standing = session.all(
        select(offer.c.id, offer.c.round, need.c.round.label("under_way"), need.c.state, root)
        .join(need, need.c.id == offer.c.need_id)
        .where(offer.c.state.in_(("offered", "willing")), offer.c.round == need.c.round)
    )
    takeable = {row.root for row in free}
    for row in standing:
        assert row.root in takeable, row


def minutes_count_with_two_marks_only(session: Session) -> None:
    """Never on the helper's own word, however often it is given."""
    for row in session.all(select(claim.c.id, claim.c.volunteer_id).where(minutes_count())):
        marks = session.all(select(confirmation).where(confirmation.c.claim_id == row.id))
        assert len({(mark.kind, mark.marked_by) for mark in marks}) >= 2
        assert any(mark.marked_by != row.volunteer_id for mark in marks)


def each_climb_is_journalled(session: Session) -> None:
    noted = select(func.count()).select_from(journal).where(journal.c.what == "need_climbed")
    assert session.value(noted) == session.value(select(func.count()).select_from(climb))


def may_look(session: Session, *, claim_id: int, volunteer_id: int) -> bool:
    """Whether this claim lets this volunteer see whom and where: theirs, live, and with an hour."""
    row: Row[Any] | None = session.find(
        select(claim, need.c.state.label("stands"))
        .join(need, need.c.id == claim.c.need_id)
        .where(claim.c.id == claim_id)
    )
    return (
        row is not None
        and (row.state, row.stands, row.volunteer_id) == ("active", "claimed", volunteer_id)
        and row.arrives_at is not None
    )
