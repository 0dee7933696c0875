"""How content people are with a rehabilitation site: asked once a quarter, shown from five on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.choices import Button
from storage.database import Session
from storage.outbox import MessageClass, say
from storage.refusals import AlreadyDone, NotAllowed
from storage.rules.home_visits import quarter_of
from storage.rules.weeks import FEW
from storage.tables import attachment, guidance, person, site_rating

SCORES = (1, 2, 3, 4, 5)
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a site: guidance visits made, and satisfaction in tenths where enough said."""

    quarter: int
    visits: int
    answers: int
    tenths: int | None


def ask_people(
    session: Session, *, now: datetime, organisation_id: int, name: str, day: date
) -> int:
    """Ask everybody tied to a site how content they are; once a quarter, in the day's hours."""
    quarter = quarter_of(day)
    asked = select(site_rating.c.person_id).where(
        site_rating.c.organisation_id == organisation_id, site_rating.c.quarter == quarter
    )
    rows = session.all(
        select(attachment.c.person_id)
        .join(person, person.c.id == attachment.c.person_id)
        .where(attachment.c.organisation_id == organisation_id, attachment.c.state == "active")
        .where(person.c.telegram_id.is_not(None), attachment.c.person_id.not_in(asked))
        .order_by(attachment.c.person_id)
    )
    return sum(
        _ask(session, now=now, organisation_id=organisation_id, name=name, quarter=quarter, to=to)
        for (to,) in rows
    )


def _ask(
    session: Session, *, now: datetime, organisation_id: int, name: str, quarter: int, to: int
) -> bool:
    row = {
        "organisation_id": organisation_id,
        "person_id": to,
        "quarter": quarter,
        "asked_at": now,
    }
    try:
        with session.savepoint():
            session.execute(insert(site_rating), row)
    except IntegrityError:
        return False
    line = [
        Button(f"rating.{score}", f"rate:give:{organisation_id}:{quarter}:{score}")
        for score in SCORES
    ]
    return say(
        session,
        now=now,
        to=to,
        key=f"rate:{organisation_id}:{quarter}:{to}",
        template="rate_ask",
        message_class=MessageClass.INFO,
        facts={"name": name},
        buttons=[[one] for one in reversed(line)],
        card=f"rate:{organisation_id}:{quarter}",
    )


def rate_site(
    session: Session,
    *,
    now: datetime,
    person_id: int,
    organisation_id: int,
    quarter: int,
    score: int,
) -> None:
    """Answer from 1 to 5; only who was asked may, and a second answer changes nothing."""
    mine = (
        site_rating.c.organisation_id == organisation_id,
        site_rating.c.person_id == person_id,
        site_rating.c.quarter == quarter,
    )
    if score not in SCORES or session.find(select(site_rating.c.quarter).where(*mine)) is None:
        raise NotAllowed
    changed = session.change(
        update(site_rating).where(*mine, site_rating.c.score.is_(None)).values(score=score)
    )
    if changed == 0:
        raise AlreadyDone


def list_quarters(session: Session, *, organisation_id: int, today: date) -> Sequence[Quarter]:
    """The last quarters, the newest first: visits, answers, and how content people are."""
    said = {
        row.quarter: row
        for row in session.all(
            select(
                site_rating.c.quarter,
                func.count(site_rating.c.score).label("answers"),
                func.sum(site_rating.c.score).label("total"),
            )
            .where(site_rating.c.organisation_id == organisation_id)
            .group_by(site_rating.c.quarter)
        )
    }
    days = session.all(
        select(guidance.c.visited_on).where(guidance.c.organisation_id == organisation_id)
    )
    made = [quarter_of(row.visited_on) for row in days]
    known = sorted({*said, *made, quarter_of(today)}, reverse=True)[:SHOWN]
    found = []
    for quarter in known:
        answers = said[quarter].answers if quarter in said else 0
        # Of fewer one could guess who said what.
        enough = answers >= FEW
        tenths = round(10 * said[quarter].total / answers) if enough else None
        found.append(Quarter(quarter, made.count(quarter), answers if enough else 0, tenths))
    return found
