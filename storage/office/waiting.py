"""The list that must become empty: what waits for the office, how many, and how long."""

from dataclasses import dataclass
from datetime import date, datetime, time

from storage.choices import Button
from storage.database import Session
from storage.office.kinds import KINDS
from storage.people import Person
from storage.refusals import Fact, NotAllowed

# More lines than a screen of a phone holds are read by nobody; the rest moves up.
SHOWN_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: so many of a kind wait, the oldest for so many minutes.

    Of what runs out, ``minutes`` is below zero: the first does so in so many.
    """

    key: str
    count: int
    minutes: int
    opens: str


def list_waiting(session: Session, *, now: datetime, actor: Person) -> list[Waiting]:
    """Return what waits within the actor's sight, the most urgent kind first; [] when empty."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    found = []
    for kind in KINDS:
        ((count, since),) = (tuple(row) for row in session.all(kind.count(actor, now)))
        if count:
            minutes = int((now - _moment(session, since)).total_seconds() // 60)
            found.append(Waiting(kind.key, count, minutes, kind.opens))
    return found


def _moment(session: Session, since: date | datetime) -> datetime:
    """A day counts up to its end."""
    if isinstance(since, datetime):
        return since
    return datetime.combine(since, time.max, tzinfo=session.house.zone)


def desk_facts(waiting: list[Waiting]) -> dict[str, Fact]:
    """The facts of the list's wording; what does not fit on a screen is only counted."""
    shown = waiting[:SHOWN_AT_MOST]
    return {
        "kinds": [one.key for one in shown],
        "counts": [str(one.count) for one in shown],
        "minutes": [str(one.minutes) for one in shown],
        "kinds_left": len(waiting) - len(shown),
    }


def desk_buttons(waiting: list[Waiting]) -> list[list[Button]]:
    """One button for each line shown."""
    return [[Button(f"office.{one.key}", one.opens)] for one in waiting[:SHOWN_AT_MOST]]
