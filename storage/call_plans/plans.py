"""A call plan as it stands: whom, who, how, when, and who is behind the caller."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, Select, select

from storage.call_times import rhythm_of
from storage.database import Session
from storage.guardians import list_speakers
from storage.people import find_person
from storage.refusals import Fact, NotAllowed, OutsideScope, Refusal, TooLate
from storage.rules.access import Act, Relation, Role, may
from storage.rules.rhythm import Every, Rhythm, next_due
from storage.rules.tiers import Channel, Tier, tier_on
from storage.scope import seen_people, staff_relations
from storage.tables import check_in_plan, person

PAGE = 5


class PlanExists(Refusal):
    """The same person is phoned at the same time by another plan."""

    key = "plan_exists"


class PlanAtNight(Refusal):
    """Nobody is phoned in the quiet hours."""

    key = "plan_at_night"


class PlanOver(TooLate):
    """The plan has ended."""

    key = "plan_over"


class PlanChanged(TooLate):
    """Somebody changed the plan meanwhile."""

    key = "plan_changed"


class PlanUnfit(Refusal):
    """Somebody named in the plan is not what the plan needs any more, or is named twice."""

    key = "plan_unfit"


class PlanNotByPhone(Refusal):
    """The person may not hear or speak: they are written to, seen on video or visited."""

    key = "plan_not_by_phone"


class PlanTooSeldom(Refusal):
    """The tier asks for calls more often than this."""

    key = "plan_too_seldom"


class PlanButtonShared(Refusal):
    """A button of one's own needs a chat of one's own."""

    key = "plan_button_shared"


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What a coordinator decides about a plan.

    ``stand_in_id`` is somebody who has said yes. ``contact_said``: how the emergency contact's own
    yes came to the one who writes it down (in_person, phone, paper); None: they were not asked.
    ``contact_id``: the contact uses the chat, and is asked there.
    """

    caller_id: int
    weekdays: frozenset[int]
    clock: time
    stand_in_id: int | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    contact_id: int | None = None
    contact_said: str | None = None
    tier: Tier = Tier.C
    channel: Channel = Channel.PHONE
    own_button: str = "none"
    every: Every = Every.WEEK
    monthday: int | None = None
    nth: int | None = None
    starts_on: date | None = None
    until: time | None = None

    @property
    def rhythm(self) -> Rhythm:
        """On which days it calls."""
        return Rhythm(self.every, self.weekdays, self.monthday, self.nth, self.starts_on)


@dataclass(frozen=True, slots=True)
class CallPlan:
    """A plan as people see it."""

    id: int
    version: int
    is_active: bool
    resident_id: int
    resident: str
    caller_id: int
    caller: str
    stand_in_id: int | None
    stand_in: str | None
    contact_name: str | None
    contact_id: int | None
    contact_answer: str
    rhythm: Rhythm
    clock: time
    until: time | None
    tier: Tier
    raised_to: Tier | None
    raised_until: date | None
    channel: Channel
    own_button: str
    next_due_at: datetime | None
    created_by: int

    @property
    def weekdays(self) -> frozenset[int]:
        """The days of the week, of a plan that counts by them."""
        return self.rhythm.weekdays

    @property
    def time(self) -> str:
        """The hour, or from when until when."""
        until = f"–{self.until:%H:%M}" if self.until else ""
        return f"{self.clock:%H:%M}{until}"

    @property
    def asks(self) -> tuple[object, ...]:
        """What it asks of whom: if none of it changed, the caller need not be told."""
        return self.caller_id, self.rhythm, self.clock, self.until, self.channel

    @property
    def card(self) -> str:
        """The card that its messages share in a chat."""
        return f"plan:{self.id}"

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for the wording; the contact's number is not among them."""
        return {
            "resident": self.resident,
            "caller": self.caller,
            "stand_in": self.stand_in,
            "contact_name": self.contact_name,
            "contact_answer": self.contact_answer if self.contact_name else None,
            "tier": self.tier.value,
            "raised_to": self.raised_to.value if self.raised_to else None,
            "raised_until": self.raised_until.isoformat() if self.raised_until else None,
            "channel": self.channel.value,
            "own_button": self.own_button,
            **when_facts(self.rhythm, self.clock, self.until),
            "next_due": self.next_due_at.isoformat() if self.next_due_at else None,
        }


def when_facts(rhythm: Rhythm, clock: time, until: time | None) -> dict[str, Fact]:
    """How often and when, as the wording says it."""
    return {
        "every": rhythm.every.value,
        "weekdays": [str(day) for day in sorted(rhythm.weekdays)],
        "monthday": rhythm.monthday,
        "nth": rhythm.nth,
        "time": f"{clock:%H:%M}",
        "until": f"{until:%H:%M}" if until else None,
    }


def plan_lines(plans: Sequence[CallPlan], *, today: date) -> dict[str, Fact]:
    """A list of plans in plain facts, a column each."""
    raised = [_raised(one, today) for one in plans]
    return {
        "residents": [one.resident for one in plans],
        "callers": [one.caller for one in plans],
        "tiers": [tier for tier, _ in raised],
        "raised_until": [until for _, until in raised],
        "channels": [one.channel.value for one in plans],
        "everys": [one.rhythm.every.value for one in plans],
        "days": ["".join(str(day) for day in sorted(one.weekdays)) for one in plans],
        "monthdays": [str(one.rhythm.monthday or "") for one in plans],
        "nths": [str(one.rhythm.nth or "") for one in plans],
        "times": [one.time for one in plans],
        "lacking": [_lacking(one) for one in plans],
    }


def _raised(plan: CallPlan, today: date) -> tuple[str, str]:
    """The tier that counts today, and until when it does after something grave."""
    until = plan.raised_until
    tier = tier_on(today, tier=plan.tier, raised_to=plan.raised_to, raised_until=until)
    return tier.value, until.isoformat() if until and until >= today else ""


def _lacking(plan: CallPlan) -> str:
    """What the plan waits for: the contact's yes, so that the ladder passes that step over."""
    return plan.contact_answer if plan.contact_name and plan.contact_answer != "agreed" else ""


_resident, _caller = person.alias("resident"), person.alias("caller")
_stand_in = person.alias("stand_in")


def _plans() -> Select[Any]:
    return (
        select(
            check_in_plan,
            _resident.c.name.label("resident"),
            _caller.c.name.label("caller"),
            _stand_in.c.name.label("stand_in"),
        )
        .join(_resident, _resident.c.id == check_in_plan.c.resident_id)
        .join(_caller, _caller.c.id == check_in_plan.c.caller_id)
        .outerjoin(_stand_in, _stand_in.c.id == check_in_plan.c.stand_in_id)
    )


def _plan(row: Row[Any]) -> CallPlan:
    return CallPlan(
        id=row.id,
        version=row.version,
        is_active=row.state == "active",
        resident_id=row.resident_id,
        resident=row.resident,
        caller_id=row.caller_id,
        caller=row.caller,
        stand_in_id=row.stand_in_id,
        stand_in=row.stand_in,
        contact_name=row.contact_name,
        contact_id=row.contact_id,
        contact_answer=row.contact_answer,
        rhythm=rhythm_of(row),
        clock=time.fromisoformat(row.local_time),
        until=time.fromisoformat(row.local_until) if row.local_until else None,
        tier=Tier(row.tier),
        raised_to=Tier(row.raised_to) if row.raised_to else None,
        raised_until=row.raised_until,
        channel=Channel(row.channel),
        own_button=row.own_button,
        next_due_at=row.next_due_at,
        created_by=row.created_by,
    )


def find_plan(session: Session, *, plan_id: int) -> CallPlan | None:
    """Return the plan, or None."""
    row = session.find(_plans().where(check_in_plan.c.id == plan_id))
    return _plan(row) if row is not None else None


def get_plan(session: Session, *, plan_id: int) -> CallPlan:
    """Return the plan; one that does not exist is answered like one that is not theirs."""
    found = find_plan(session, plan_id=plan_id)
    if found is None:
        raise NotAllowed
    return found


def get_plan_for(session: Session, *, plan_id: int, actor_id: int, act: Act) -> CallPlan:
    """Return the active plan if this person may do this with it."""
    found = get_plan(session, plan_id=plan_id)
    check_may(session, actor_id=actor_id, act=act, resident_id=found.resident_id)
    if not found.is_active:
        raise PlanOver(resident=found.resident)
    return found


def get_draft(
    session: Session, *, actor_id: int, plan_id: int, act: Act = Act.MAKE_CALL_PLAN
) -> PlanDraft:
    """Return what was decided about an active plan, to change a part of it."""
    found = get_plan_for(session, plan_id=plan_id, actor_id=actor_id, act=act)
    (row,) = session.all(
        select(check_in_plan.c.uid, check_in_plan.c.contact_phone).where(
            check_in_plan.c.id == plan_id
        )
    )
    place = f"check_in_plan.contact_phone:{row.uid}"
    return PlanDraft(
        caller_id=found.caller_id,
        weekdays=found.weekdays,
        clock=found.clock,
        stand_in_id=found.stand_in_id,
        contact_name=found.contact_name,
        contact_phone=session.vault.unseal(row.contact_phone, place=place)
        if row.contact_phone is not None
        else None,
        contact_id=found.contact_id,
        tier=found.tier,
        channel=found.channel,
        own_button=found.own_button,
        every=found.rhythm.every,
        monthday=found.rhythm.monthday,
        nth=found.rhythm.nth,
        starts_on=found.rhythm.starts_on,
        until=found.until,
    )


def check_may(session: Session, *, actor_id: int, act: Act, resident_id: int) -> None:
    """Raise NotAllowed unless the person may do it now for this resident."""
    actor = find_person(session, person_id=actor_id)
    if actor is None:
        raise NotAllowed
    roles = {Role(kind) for kind, state in actor.roles.items() if state == "approved"}
    relations = [Relation.OWN] if resident_id == actor_id else []
    if actor_id in list_speakers(session, person_id=resident_id):
        relations.append(Relation.CAREGIVER)
    relations += staff_relations(session, actor=actor, person_id=resident_id)
    if not may(act, roles, *relations):
        raise OutsideScope(subject_id=resident_id)


def list_plans(session: Session, *, actor_id: int, after: int = 0) -> list[CallPlan]:
    """Return a page of active plans, one more than shown when there is another page."""
    actor = find_person(session, person_id=actor_id)
    if actor is None or actor.scope is None:
        raise NotAllowed
    residents = select(person.c.id).where(seen_people(actor))
    rows = session.all(
        _plans()
        .where(check_in_plan.c.state == "active", check_in_plan.c.id > after)
        .where(check_in_plan.c.resident_id.in_(residents))
        .order_by(check_in_plan.c.id)
        .limit(PAGE + 1)
    )
    return [_plan(row) for row in rows]


def list_own_plans(session: Session, *, person_id: int) -> list[CallPlan]:
    """Return the active plans by which somebody is phoned."""
    rows = session.all(
        _plans()
        .where(check_in_plan.c.state == "active", check_in_plan.c.resident_id == person_id)
        .order_by(check_in_plan.c.id)
        .limit(PAGE)
    )
    return [_plan(row) for row in rows]


def due_after(session: Session, moment: datetime, *, draft: PlanDraft) -> datetime:
    """Return when the plan falls due first after a moment, by the wall clock of the house."""
    return next_due(session.house.local(moment), draft.clock, draft.rhythm).at


def with_start(session: Session, draft: PlanDraft, *, now: datetime) -> PlanDraft:
    """The draft with the day from which two weeks or three months are counted: its first one."""
    if draft.starts_on is not None or draft.every in (Every.WEEK, Every.MONTH):
        return draft
    shorter = Every.WEEK if draft.every is Every.FORTNIGHT else Every.MONTH
    first = next_due(session.house.local(now), draft.clock, replace(draft.rhythm, every=shorter))
    return replace(draft, starts_on=first.at.date())
