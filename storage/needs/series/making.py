"""A need becomes a service that recurs: the same help, again and again."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import insert

from storage.database import Session
from storage.needs.cards import get_need
from storage.needs.series.cards import Series, get_series
from storage.needs.series.planning import DAY, note_series
from storage.needs.series.telling import tell_series
from storage.needs.standing import check
from storage.refusals import NotAllowed, TooLate
from storage.rules.access import Act
from storage.rules.recurring import Pattern
from storage.tables import need_series

HELPERS = ("any", "same", "fixed")


@dataclass(frozen=True, slots=True)
class Recurring:
    """How a service recurs; ``helper``: anybody, the one of last time first, or one alone."""

    pattern: Pattern
    clock: time
    ends_on: date | None = None
    visits: int | None = None
    skips_holidays: bool = False
    helper: str = "any"
    starts_on: date | None = None


def make_series(
    session: Session, *, now: datetime, actor_id: int, need_id: int, how: Recurring
) -> Series:
    """Let the help of a need recur; the need itself goes on as it stands.

    Whoever has the need now, or had it last, is the one who may be asked first.
    """
    card = get_need(session, need_id=need_id)
    check(session, Act.STATE_NEED, actor_id=actor_id, card=card)
    if card.served_id is not None:
        # Its visits would go to the home of whoever answers for the institution.
        raise NotAllowed
    today = session.house.local(now).date()
    starts = max(how.starts_on or today + DAY, today)
    first = how.pattern.next_from(starts)
    helper_id = card.claim.volunteer_id if card.claim is not None else None
    if how.helper not in HELPERS or (how.helper == "fixed" and helper_id is None):
        raise NotAllowed
    if how.ends_on is not None and how.ends_on < first:
        raise TooLate
    uid = secrets.token_hex(16)
    series_id = session.add(
        insert(need_series).values(
            uid=uid,
            resident_id=card.resident_id,
            made_by=actor_id,
            category=card.category.value,
            words=session.vault.seal(card.words, place=f"need_series.words:{uid}"),
            pattern=str(how.pattern),
            local_time=f"{how.clock:%H:%M}",
            starts_on=starts,
            ends_on=how.ends_on,
            visits_left=how.visits,
            skips_holidays=how.skips_holidays,
            helper=how.helper,
            helper_id=helper_id if how.helper != "any" else None,
            state="active",
            next_on=first,
            due_at=now,
            created_at=now,
            version=1,
        )
    )
    made = get_series(session, series_id=series_id)
    note_series(session, made, now=now, what="series_made", actor_id=actor_id)
    tell_series(session, made, now=now, template="series_made", but=actor_id)
    return made
