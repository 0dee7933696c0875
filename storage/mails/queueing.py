"""What goes out by e-mail: alarms and calls in nobody's hand, and a messenger that is away.

The words are few: a name, a community, and where to look. No word of health, no certificate, no
address; a number only where the setting allows it. Mail is read by whoever runs its servers.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, insert, select
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Session
from storage.house import MailTo
from storage.outages import find_lasting
from storage.people import open_contact
from storage.refusals import Fact
from storage.rules.ladder import ORDER, Rung
from storage.rules.lateness import Lateness, limit
from storage.tables import alarm, check_in, community, mail, organisation, outage, person

MOST_AT_ONCE = 50
# Later than this, that the messenger is back is no news.
BACK_FOR = timedelta(hours=1)


def queue_mails(database: Database, *, now: datetime) -> bool:
    """Write the mails that are due; there is never more to do at once."""
    if not database.house.mail_to:
        return False
    with database.transaction() as session:
        for row in session.all(_alarms()):
            _queue(session, row, now=now, about="alarm")
        for row in session.all(_cases()):
            _queue(session, row, now=now, about="check_in")
        _queue_outage(session, now=now)
    return False


def _alarms() -> Select[Any]:
    return (
        select(alarm.c.id, alarm.c.person_id, alarm.c.rings, alarm.c.created_at.label("since"))
        .where(alarm.c.next_step_at.is_not(None), alarm.c.state == "open", alarm.c.rings > 0)
        .order_by(alarm.c.id)
        .limit(MOST_AT_ONCE)
    )


def _cases() -> Select[Any]:
    one = check_in.c
    return (
        select(one.id, one.resident_id.label("person_id"), one.repeat.label("rings"))
        .add_columns(one.due_at.label("since"))
        .where(
            one.next_step_at.is_not(None), one.rung >= ORDER[Rung.OFFICE], one.holder_id.is_(None)
        )
        .where(one.repeat > 0)
        .order_by(one.id)
        .limit(MOST_AT_ONCE)
    )


def _queue(session: Session, row: Row[Any], *, now: datetime, about: str) -> None:
    """One mail for this ring, unless the last one about it is fresh."""
    before = _last(session, about=about, thing_id=row.id)
    if before is not None and now - before < limit(Lateness.MAIL_AGAIN):
        return
    facts = _facts(session, row.person_id) | {
        "since": row.since.isoformat(),
        "again": before is not None,
    }
    for one in _receivers(session, row.person_id):
        ring = str(row.rings)
        _insert(session, one, now=now, about=about, thing_id=row.id, ring=ring, facts=facts)


def _queue_outage(session: Session, *, now: datetime) -> None:
    """The messenger is away: said once, again after hours, and when it is back."""
    lasting = find_lasting(session)
    if lasting is not None:
        before = _last(session, about="outage", thing_id=lasting.id)
        if before is not None and now - before < limit(Lateness.MAIL_AWAY):
            return
        waiting = select(func.count()).select_from(check_in)
        facts: dict[str, Fact] = {
            "since": lasting.began.isoformat(),
            "until": "",
            "calls": session.value(waiting.where(check_in.c.next_step_at.is_not(None))) or 0,
        }
        _to_all(session, now=now, thing_id=lasting.id, ring=f"{now:%Y%m%d%H%M}", facts=facts)
        return
    over = session.find(
        select(outage.c.id, outage.c.began, outage.c.ended)
        .join(mail, (mail.c.about == "outage") & (mail.c.thing_id == outage.c.id))
        .where(outage.c.ended > now - BACK_FOR)
        .order_by(outage.c.id.desc())
        .limit(1)
    )
    if over is not None and not _is_said(session, f"outage:{over.id}:over:%"):
        facts = {"since": over.began.isoformat(), "until": over.ended.isoformat(), "calls": 0}
        _to_all(session, now=now, thing_id=over.id, ring="over", facts=facts)


def _is_said(session: Session, key: str) -> bool:
    return session.find(select(mail.c.id).where(mail.c.key.like(key)).limit(1)) is not None


def _to_all(
    session: Session, *, now: datetime, thing_id: int, ring: str, facts: dict[str, Fact]
) -> None:
    for one in session.house.mail_to:
        _insert(session, one, now=now, about="outage", thing_id=thing_id, ring=ring, facts=facts)


def _last(session: Session, *, about: str, thing_id: int) -> datetime | None:
    moment: datetime | None = session.value(
        select(func.max(mail.c.created_at)).where(
            mail.c.about == about, mail.c.thing_id == thing_id
        )
    )
    return moment


def _facts(session: Session, person_id: int | None) -> dict[str, Fact]:
    if person_id is None:
        return {"name": "", "community": "", "phone": ""}
    row = session.find(
        select(person.c.name, community.c.name.label("community"))
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(person.c.id == person_id)
    )
    assert row is not None
    phone = ""
    if session.house.mail_numbers:
        phone = open_contact(session, person_id=person_id, or_mark=True).phone or ""
    return {"name": row.name, "community": row.community or "", "phone": phone}


def _receivers(session: Session, person_id: int | None) -> Sequence[MailTo]:
    """Those of the person's organisations and those without one; with none of these, everybody."""
    path = session.value(
        select(organisation.c.path)
        .join(person, person.c.community_id == organisation.c.community_id)
        .where(person.c.id == person_id)
    )
    theirs = [
        one
        for one in session.house.mail_to
        if one.organisation is None or _is_above(session, one.organisation, path)
    ]
    return theirs or session.house.mail_to


def _is_above(session: Session, name: str, path: str | None) -> bool:
    of = session.value(select(organisation.c.path).where(organisation.c.name == name))
    return path is not None and of is not None and path.startswith(of)


def _insert(
    session: Session,
    to: MailTo,
    *,
    now: datetime,
    about: str,
    thing_id: int,
    ring: str,
    facts: dict[str, Fact],
) -> None:
    uid = secrets.token_hex(16)
    # The address itself stands nowhere in clear.
    whose = hashlib.blake2b(to.address.casefold().encode(), digest_size=8).hexdigest()
    words = json.dumps(facts, ensure_ascii=False)
    row = {
        "uid": uid,
        "key": f"{about}:{thing_id}:{ring}:{whose}",
        "about": about,
        "thing_id": thing_id,
        "address": session.vault.seal(to.address, place=f"mail.address:{uid}"),
        "facts": session.vault.seal(words, place=f"mail.facts:{uid}"),
        "state": "pending",
        "attempts": 0,
        "unclear": 0,
        "not_before": now,
        "created_at": now,
    }
    try:
        with session.savepoint():
            session.execute(insert(mail), row)
    except IntegrityError:
        # Said already, by this process or another.
        return
