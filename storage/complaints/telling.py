"""Who hears of a complaint: the staff whose it is, never the one it is about."""

from datetime import datetime

from sqlalchemy import select

from storage.choices import Button
from storage.complaints.rows import Complaint
from storage.database import Session
from storage.hotlines import numbers_to_report
from storage.outbox import MessageClass, Wanted, say
from storage.people import get_person
from storage.refusals import Fact
from storage.scope import list_staff_of
from storage.tables import check_in_plan, role

Facts = dict[str, Fact]


def tell_staff(session: Session, row: Complaint, *, now: datetime, template: str) -> int:
    """Tell everybody of the staff who may deal with it; what is serious waits for no morning.

    Returns how many there are. With nobody left, because it is about the only one there is, it
    stays on the list of whoever comes to the office next.
    """
    receivers = list_handlers(session, row)
    buttons = [[row.button("see")]] if row.is_live else []
    for person_id in receivers:
        say(
            session,
            now=now,
            to=person_id,
            key=f"complaint:{row.id}:v{row.version}:{row.reminders}:{template}:{person_id}",
            template=template,
            # Somebody may be in danger: held back by nothing.
            message_class=MessageClass.ALARM if row.wrong.serious else MessageClass.MUST,
            facts=row.facts | duty_facts(session, row) | {"calls": has_calls(session, row)},
            buttons=buttons,
            card=row.card,
            wanted=Wanted("complaint", row.id, row.version) if row.is_live else None,
        )
    return len(receivers)


def list_handlers(session: Session, row: Complaint) -> list[int]:
    """Return who of the staff may deal with it: the owner alone once somebody has it."""
    if row.state == "taken" and row.owner_id is not None and not row.reminders:
        return [row.owner_id]
    staff = [one for one, _ in list_staff_of(session, person_id=row.for_id)]
    if row.to_office:
        everybody = session.all(
            select(role.c.person_id).where(role.c.kind == "coordinator", role.c.state == "approved")
        )
        ids = sorted({one.person_id for one in everybody})
        staff = [one for one in ids if get_person(session, person_id=one).is_office]
    return [one for one in staff if one not in (row.reported_id, row.reporter_id)]


def tell_reporter(
    session: Session, row: Complaint, *, now: datetime, template: str, **facts: Fact
) -> None:
    """Tell who said it where it stands."""
    buttons: list[list[Button]] = [[row.button("withdraw")]] if row.state == "open" else []
    say(
        session,
        now=now,
        to=row.reporter_id,
        key=f"complaint:{row.id}:v{row.version}:{row.reminders}:reporter",
        template=template,
        message_class=MessageClass.MUST,
        facts={"number": row.id, "owner": row.owner, "ending": row.ending, **facts},
        buttons=buttons,
        card=row.card,
    )


def duty_facts(session: Session, row: Complaint) -> Facts:
    """Whom to tell of violence, and of harm to children and to who cannot speak for themselves."""
    shown = numbers_to_report(session) if row.wrong.serious else []
    return {
        "duty_keys": [one.key.value for one in shown],
        "duty_digits": [one.number for one in shown],
    }


def has_calls(session: Session, row: Complaint) -> bool:
    """Whether one of the two still phones the other by a plan: staff have to move it."""
    if row.reported_id is None:
        return False
    both = (row.for_id, row.reported_id)
    found = select(check_in_plan.c.id).where(
        check_in_plan.c.state == "active",
        check_in_plan.c.resident_id.in_(both),
        check_in_plan.c.caller_id.in_(both) | check_in_plan.c.stand_in_id.in_(both),
    )
    return session.find(found.limit(1)) is not None
