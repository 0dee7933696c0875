"""Records of home visits by an institution: what was done, the advice, the next date; sealed."""

import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.guardians import list_copied
from storage.journal import note
from storage.organisations import check_reach, get_organisation
from storage.outbox import MessageClass, say
from storage.people import Person, get_person
from storage.refusals import NotAllowed, TooLate
from storage.rehab.reading import HomeVisit, Record, open_visit, select_visits
from storage.rules.home_visits import HOME_ACTS
from storage.rules.times import local_moment
from storage.tables import attachment, home_visit
from storage.ties import keep_rhythm

# The day before, when there is time to arrange it.
REMIND_AT = time(9)
DAY = timedelta(days=1)
SHOWN = 8


def record_home_visit(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    organisation_id: int,
    person_id: int,
    record: Record,
    channel: str = "chat",
) -> int:
    """Write a visit down, by staff of the institution, or by the office from their paper.

    Only of somebody who is tied to the institution; with a next date both sides are reminded.
    """
    one = get_organisation(session, organisation_id=organisation_id)
    check_reach(actor, one)
    if not _is_tied(session, person_id=person_id, organisation_id=one.id):
        raise NotAllowed
    today = session.house.local(now).date()
    known = set(HOME_ACTS[record.category])
    late = record.next_on is not None and record.next_on <= today
    if record.visited_on > today or late or not record.acts or not known >= set(record.acts):
        raise TooLate
    uid = secrets.token_hex(16)
    visit_id = session.add(
        insert(home_visit).values(
            uid=uid,
            person_id=person_id,
            organisation_id=one.id,
            visited_on=record.visited_on,
            record=session.vault.seal(_words(record), place=f"home_visit.record:{uid}"),
            next_on=record.next_on,
            remind_at=_remind_at(session, record.next_on, now=now),
            channel=channel,
            written_by=actor.id,
            created_at=now,
        )
    )
    keep_rhythm(session, now=now, organisation_id=one.id, person_id=person_id, on=record.visited_on)
    note(
        session,
        now=now,
        what="home_visit_written",
        actor_id=actor.id,
        subject_id=person_id,
        thing="organisation",
        thing_id=one.id,
        detail=channel,
    )
    return visit_id


def _words(record: Record) -> str:
    kept = {
        "category": record.category.value,
        "acts": list(record.acts),
        "advice": record.advice,
    }
    return json.dumps(kept, ensure_ascii=False)


def _remind_at(session: Session, next_on: date | None, *, now: datetime) -> datetime | None:
    if next_on is None:
        return None
    return max(local_moment(next_on - DAY, REMIND_AT, session.house.zone), now)


def _is_tied(session: Session, *, person_id: int, organisation_id: int) -> bool:
    tied = select(attachment.c.id).where(
        attachment.c.person_id == person_id,
        attachment.c.organisation_id == organisation_id,
        attachment.c.state == "active",
    )
    return session.find(tied) is not None


def list_home_visits(
    session: Session, *, now: datetime, actor: Person, organisation_id: int, person_id: int
) -> Sequence[HomeVisit]:
    """Open an institution's own records of one person, to its staff; each look is journalled."""
    one = get_organisation(session, organisation_id=organisation_id)
    check_reach(actor, one)
    note(
        session,
        now=now,
        what="home_visits_seen",
        actor_id=actor.id,
        subject_id=person_id,
        thing="organisation",
        thing_id=one.id,
    )
    mine = select_visits().where(
        home_visit.c.organisation_id == one.id, home_visit.c.person_id == person_id
    )
    return [open_visit(session, row) for row in session.all(mine.limit(SHOWN))]


def remind_of_visits(database: Database, *, now: datetime) -> bool:
    """Remind both sides of one next date, the day before; returns whether there may be more."""
    return move_oldest(database, _remind, now=now, due=home_visit.c.remind_at)


def _remind(session: Session, row: Row[Any], *, now: datetime) -> None:
    session.change(update(home_visit).where(home_visit.c.id == row.id).values(remind_at=None))
    if row.next_on < session.house.local(now).date():
        return  # slept through: a reminder of a day that is over helps nobody
    name = get_person(session, person_id=row.person_id).name
    one = get_organisation(session, organisation_id=row.organisation_id)
    people = {row.person_id, *list_copied(session, person_id=row.person_id)}
    writer = get_person(session, person_id=row.written_by)
    if writer.is_approved("coordinator"):
        people.add(writer.id)
    for to in sorted(people):
        say(
            session,
            now=now,
            to=to,
            key=f"home_visit:{row.id}:reminder:{to}",
            template="home_visit_reminder",
            message_class=MessageClass.INFO,
            facts={
                "name": name,
                "organisation": one.name,
                "day": row.next_on.isoformat(),
                "own": to == row.person_id,
                "staff": to == row.written_by,
            },
        )


def next_reminder_at(session: Session) -> datetime | None:
    """Return when the next reminder of a home visit falls due, or None."""
    return find_soonest(session, due=home_visit.c.remind_at)
