"""One household, one message: near calls of one caller are asked about together, each by a line."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select

from storage.check_ins.cases import Case, get_case
from storage.check_ins.day.notes import last_notes
from storage.check_ins.facts import Facts, name_of, show_phone
from storage.database import Session
from storage.outbox import Button, MessageClass, say
from storage.rules.ladder import CALLER_OUTCOMES, CALLER_RUNGS, ORDER
from storage.tables import (
    check_in,
    check_in_plan,
    claim,
    household_member,
    need,
    shared_prompt,
)

# So near to each other nobody wants to be rung twice; the one who waits loses half an hour at most.
NEAR = timedelta(minutes=30)
# A moment after it, so that the other is there to be asked about.
_AFTER = timedelta(seconds=1)
VISIT_NEAR = timedelta(hours=3)
AT_MOST = 4
# Stands on the buttons of such a message.
OF_HOUSEHOLD = "home"
# A message that an outage held back this long asks for calls whose hour is over.
SHELF = timedelta(hours=3)
# Whoever is written to, seen on video or visited is asked about in words of their own.
PHONED = "phone"


@dataclass(frozen=True, slots=True)
class Asked:
    """One check-in of a message about a household, as it stands now."""

    id: int
    version: int
    name: str
    is_open: bool
    outcome: str | None
    # The number, as long as somebody of the plan still has to call.
    phone: str | None = None


def near_due_at(session: Session, case: Case, *, now: datetime) -> datetime | None:
    """When another call of this caller to the household falls due shortly; then both are asked.

    Somebody who is looked after most closely waits for nobody.
    """
    if case.rung is not CALLER_RUNGS[0] or case.tier == "a" or case.channel != PHONED:
        return None
    others = _live_with(session, case)
    if not others:
        return None
    moment: datetime | None = session.value(
        select(func.max(check_in_plan.c.next_due_at)).where(
            check_in_plan.c.caller_id == case.caller_id,
            check_in_plan.c.state == "active",
            check_in_plan.c.channel == PHONED,
            check_in_plan.c.next_due_at > now,
            check_in_plan.c.next_due_at <= case.due_at + NEAR,
            check_in_plan.c.resident_id.in_(others),
        )
    )
    return moment + _AFTER if moment is not None else None


def list_others(session: Session, case: Case) -> list[Case]:
    """The other calls of the household that wait for this caller's first prompt."""
    if case.rung is not CALLER_RUNGS[0] or case.channel != PHONED:
        return []
    others = _live_with(session, case)
    if not others:
        return []
    rows = session.all(
        select(check_in.c.id)
        .where(check_in.c.next_step_at.is_not(None), check_in.c.caller_id == case.caller_id)
        .where(check_in.c.rung == ORDER[CALLER_RUNGS[0]], check_in.c.repeat == 0)
        .where(check_in.c.holder_id.is_(None), check_in.c.last_outcome.is_(None))
        .where(check_in.c.channel == PHONED)
        .where(check_in.c.id != case.id, check_in.c.resident_id.in_(others))
        .order_by(check_in.c.due_at, check_in.c.id)
        .limit(AT_MOST - 1)
    )
    return [get_case(session, check_in_id=row.id) for row in rows]


def _live_with(session: Session, case: Case) -> list[int]:
    """The others of the household; asked first, for most who are called live alone.

    In one statement with the plans, all plans of the caller were looked through for each call.
    """
    mine = household_member.alias("mine")
    rows = session.all(
        select(household_member.c.person_id)
        .join(mine, mine.c.household_id == household_member.c.household_id)
        .where(mine.c.person_id == case.resident_id)
        .where(household_member.c.person_id != case.resident_id)
    )
    return [row.person_id for row in rows]


def ask_about_household(session: Session, cases: list[Case], *, now: datetime) -> None:
    """Ask the caller about all of them in one message, a line and buttons for each."""
    cases = sorted(cases, key=lambda one: (one.due_at, one.id))
    first = cases[0]
    key = first.ask_key
    session.execute(
        insert(shared_prompt),
        [{"key": key, "check_in_id": one.id, "case_version": one.version} for one in cases],
    )
    notes = [last_notes(session, resident_id=one.resident_id, before=one.id) for one in cases]
    phones = [show_phone(session, one, now=now, to=first.caller_id) for one in cases]
    say(
        session,
        now=now,
        to=first.caller_id,
        key=key,
        template="check_in_household",
        message_class=MessageClass.MUST,
        facts={
            "names": [name_of(session, one.resident_id) or "" for one in cases],
            "dues": [one.due_at.isoformat() for one in cases],
            "phones": [phone or "" for phone in phones],
            "marks": [_newest(one, "last_marks") for one in notes],
            "words": [_newest(one, "last_words") for one in notes],
            **_visits(session, first, now=now),
        },
        buttons=household_buttons(list_asked_in(session, key)),
        card=card_of(key),
        shelf=SHELF,
        chosen_time=True,
    )


def _newest(notes: Facts, key: str) -> str:
    found = notes[key]
    return found[0] if isinstance(found, list) and found else ""


def _visits(session: Session, case: Case, *, now: datetime) -> Facts:
    """When the caller has also agreed to visit somebody of the household, shortly."""
    home = select(household_member.c.household_id).where(
        household_member.c.person_id == case.resident_id
    )
    members = select(household_member.c.person_id).where(
        household_member.c.household_id == home.scalar_subquery()
    )
    rows = session.all(
        select(claim.c.arrives_at, need.c.category)
        .join(need, need.c.id == claim.c.need_id)
        .where(claim.c.volunteer_id == case.caller_id, claim.c.state == "active")
        .where(claim.c.arrives_at >= now, claim.c.arrives_at <= now + VISIT_NEAR)
        .where(need.c.resident_id.in_(members))
        .order_by(claim.c.arrives_at)
        .limit(AT_MOST)
    )
    return {
        "visits": [row.arrives_at.isoformat() for row in rows],
        "visit_kinds": [row.category for row in rows],
    }


def visits_beside(session: Session, case: Case, *, now: datetime) -> Facts:
    """The visits to name in the prompt of a single call."""
    if case.rung is not CALLER_RUNGS[0]:
        return {}
    return _visits(session, case, now=now)


def prompt_key(session: Session, case: Case) -> str:
    """The key of the message that asks about this version of the case: its own, or a shared one."""
    shared: str | None = session.value(
        select(shared_prompt.c.key).where(
            shared_prompt.c.check_in_id == case.id, shared_prompt.c.case_version == case.version
        )
    )
    return shared or case.ask_key


def keep_prompt(session: Session, case: Case, *, key: str) -> None:
    """The message that is out asks about this version of the case as well."""
    session.execute(
        insert(shared_prompt),
        {"key": key, "check_in_id": case.id, "case_version": case.version},
    )


def list_household(
    session: Session, *, now: datetime, actor_id: int, check_in_id: int
) -> tuple[str, list[Asked]]:
    """The message about several people that a press of it came from, and all it asks about."""
    key: str | None = session.value(
        select(shared_prompt.c.key)
        .where(shared_prompt.c.check_in_id == check_in_id)
        .order_by(shared_prompt.c.id.desc())
        .limit(1)
    )
    if key is None or get_case(session, check_in_id=check_in_id).caller_id != actor_id:
        return "", []
    asked = list_asked_in(session, key)
    return card_of(key), [_with_phone(session, one, now=now, to=actor_id) for one in asked]


def _with_phone(session: Session, one: Asked, *, now: datetime, to: int) -> Asked:
    """The message is written anew: the number of whoever is still to be phoned must stay in it."""
    case = get_case(session, check_in_id=one.id)
    if not one.is_open or to != case.caller_id:
        return one
    return replace(one, phone=show_phone(session, case, now=now, to=to))


def card_of(key: str) -> str:
    """The card of a message about a household."""
    return f"household:{key}"


def list_asked_in(session: Session, key: str) -> list[Asked]:
    """Return what one message asks about, in its order."""
    rows = session.all(
        select(shared_prompt.c.check_in_id)
        .where(shared_prompt.c.key == key)
        .group_by(shared_prompt.c.check_in_id)
        .order_by(func.min(shared_prompt.c.id))
    )
    cases = [get_case(session, check_in_id=row.check_in_id) for row in rows]
    return [
        Asked(
            id=one.id,
            version=one.version,
            name=name_of(session, one.resident_id) or "",
            is_open=one.is_open,
            outcome=one.last_outcome,
        )
        for one in cases
    ]


def household_buttons(asked: list[Asked]) -> list[list[Button]]:
    """The outcomes of each that is open, with the name on every button."""
    return [
        [
            Button(
                f"check_in_of.{act}",
                f"check_in:{act}:{one.id}:{one.version}:{OF_HOUSEHOLD}",
                {"name": one.name},
            )
        ]
        for one in asked
        if one.is_open
        for act in (outcome.value for outcome in CALLER_OUTCOMES)
    ]
