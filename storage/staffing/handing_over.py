"""Handing over: one transaction moves all open work of a coordinator to another.

“加强制度建设，构建长效机制” (2020-116, part 4): what somebody looked after survives their leaving.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, exists, func, or_, select, update

from storage.database import Session
from storage.journal import note
from storage.needs.hiding import hide_from_staff
from storage.outbox import Button, MessageClass, say
from storage.people import Person, find_person, list_role_holders
from storage.refusals import AlreadyDone, Fact, NotAllowed, Refusal
from storage.roles import end_role
from storage.rules.duty import on_at
from storage.rules.lifecycle import UNFINISHED
from storage.tables import (
    alarm,
    call_round,
    call_stand_in,
    check_in,
    check_in_plan,
    claim,
    complaint,
    need,
    organisation,
    pair,
    pair_telling,
    shift,
    shift_swap,
)


class HeirIsPhoned(Refusal):
    """The one who is to take over is phoned by the one who leaves: nobody phones themselves."""

    key = "heir_is_phoned"


class WorkIsOpen(Refusal):
    """Somebody still counts on this person: hand over first."""

    key = "work_is_open"


@dataclass(frozen=True, slots=True)
class OpenWork:
    """How much of each kind somebody has in hand."""

    alarms: int
    check_ins: int
    calls: int
    stand_ins: int
    contacts: int
    pairs: int
    tellings: int
    asks: int
    rounds: int

    @property
    def total(self) -> int:
        """Everything together."""
        return sum(getattr(self, kind) for kind, *_ in _WORK)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What went to whom, and whether the work there ended with it."""

    name: str
    to: str
    work: OpenWork
    ended: bool


# Kind, table, the column that names who has it, and while which state it is open.
_WORK: Sequence[tuple[str, Table, str, ColumnElement[bool]]] = (
    ("alarms", alarm, "holder_id", alarm.c.state == "held"),
    ("check_ins", check_in, "holder_id", check_in.c.state == "open"),
    ("calls", check_in_plan, "caller_id", check_in_plan.c.state == "active"),
    ("stand_ins", check_in_plan, "stand_in_id", check_in_plan.c.state == "active"),
    ("pairs", pair, "keeper_id", pair.c.state != "ended"),
    ("tellings", pair_telling, "staff_id", pair_telling.c.state == "open"),
    # Whoever asked hears the answer, and the end of a round that they declared.
    ("asks", call_stand_in, "asked_by", call_stand_in.c.state == "asked"),
    ("rounds", call_round, "declared_by", call_round.c.state == "running"),
    ("contacts", organisation, "contact_id", organisation.c.contact_id.is_not(None)),
)


def count_work(session: Session, *, person_id: int) -> OpenWork:
    """Count what somebody has in hand."""
    counts = {}
    for kind, table, column, live in _WORK:
        mine = select(func.count()).select_from(table).where(table.c[column] == person_id, live)
        counts[kind] = int(session.value(mine))
    return OpenWork(**counts)


def list_successors(session: Session, *, actor: Person, person_id: int) -> list[Person]:
    """Who may take the work over: coordinators of the same organisation or above, in the chat."""
    leaving = _leaving(session, actor=actor, person_id=person_id)
    found = []
    for one in list_role_holders(session, kind="coordinator"):
        who = find_person(session, person_id=one)
        if who is not None and who.telegram_id is not None and _may_follow(who, leaving):
            found.append(who)
    return found


def hand_over(
    session: Session, *, now: datetime, actor: Person, person_id: int, to_id: int, end: bool
) -> HandedOver:
    """Give all open work of one coordinator to another, who is told; with ``end`` the role ends.

    Raises NotAllowed unless it is the actor's own work or that of somebody below them.
    """
    leaving = _leaving(session, actor=actor, person_id=person_id)
    heir = find_person(session, person_id=to_id)
    if heir is None or not _may_follow(heir, leaving):
        raise NotAllowed
    if _is_phoned_by(session, person_id=to_id, caller_id=person_id):
        raise HeirIsPhoned(name=leaving.name, to=heir.name)
    before = count_work(session, person_id=person_id)
    _join_plans(session, person_id=person_id, to_id=to_id)
    for _, table, column, live in _WORK:
        session.change(
            update(table)
            .where(table.c[column] == person_id, live)
            .values({column: to_id, **_newer(table)})
        )
    _pass_on_complaints(session, person_id=person_id, to_id=to_id)
    _answer_for(session, person_id=person_id, to_id=to_id)
    slots = _take_duty(session, now=now, leaving=leaving, heir=heir)
    note(
        session,
        now=now,
        what="handed_over",
        actor_id=actor.id,
        subject_id=person_id,
        thing="person",
        thing_id=to_id,
        detail=str(before.total),
    )
    if end:
        hide_from_staff(session, now=now, actor=leaving)
        end_role(
            session,
            now=now,
            person_id=person_id,
            kind="coordinator",
            actor_id=actor.id,
            ground="handed_over",
        )
    told = {**asdict(before), "slots": slots}
    _tell(session, now=now, actor=actor, leaving=leaving, heir=heir, work=told, end=end)
    return HandedOver(leaving.name, heir.name, before, end)


def _newer(table: Table) -> dict[str, object]:
    """The next version; an ask stays as it was asked, so that its buttons still fit."""
    return {} if table is call_stand_in else {"version": table.c.version + 1}


def _take_duty(session: Session, *, now: datetime, leaving: Person, heir: Person) -> int:
    """Slots of the rota go along within an organisation; else they are holes, and warned about.

    Returns how many went; swaps that were asked for them are over.
    """
    if leaving.organisation_id != heir.organisation_id:
        return 0
    of = shift_swap.c
    session.change(
        update(shift_swap)
        .where(of.state == "asked", or_(of.asked_by == leaving.id, of.asked_to == leaving.id))
        .values(state="withdrawn", ended_at=now, version=of.version + 1)
    )
    today, _ = on_at(session.house.local(now))
    return session.change(
        update(shift)
        .where(shift.c.person_id == leaving.id, shift.c.last_day >= today)
        .values(person_id=heir.id, version=shift.c.version + 1)
    )


def end_staff(session: Session, *, now: datetime, actor: Person, person_id: int, kind: str) -> None:
    """End somebody's work in an organisation; refused while they have open work."""
    who = find_person(session, person_id=person_id)
    if who is None or kind not in who.roles:
        raise AlreadyDone
    if kind == "coordinator":
        _leaving(session, actor=actor, person_id=person_id)
        if count_work(session, person_id=person_id).total:
            raise WorkIsOpen(name=who.name)
        if list_role_holders(session, kind="coordinator") == [person_id]:
            raise WorkIsOpen(name=who.name)
        hide_from_staff(session, now=now, actor=who)
    elif not actor.is_office:
        raise NotAllowed
    end_role(session, now=now, person_id=person_id, kind=kind, actor_id=actor.id, ground="office")


def _leaving(session: Session, *, actor: Person, person_id: int) -> Person:
    """Whose work it is: the actor's own, or that of somebody who works below them."""
    who = find_person(session, person_id=person_id)
    if who is None or who.scope is None or actor.scope is None:
        raise NotAllowed
    if who.id != actor.id and not who.scope.startswith(actor.scope):
        raise NotAllowed
    return who


def _may_follow(heir: Person, leaving: Person) -> bool:
    if heir.scope is None or leaving.scope is None or heir.id == leaving.id:
        return False
    return heir.is_office or leaving.scope.startswith(heir.scope)


def _is_phoned_by(session: Session, *, person_id: int, caller_id: int) -> bool:
    plan = check_in_plan.c
    theirs = (plan.caller_id == caller_id) | (plan.stand_in_id == caller_id)
    mine = select(plan.id).where(plan.state == "active", plan.resident_id == person_id, theirs)
    return session.find(mine.limit(1)) is not None


def _join_plans(session: Session, *, person_id: int, to_id: int) -> None:
    """Nobody stands in for themselves: a plan that names both keeps the one who stays."""
    plan: Any = check_in_plan.c
    live = plan.state == "active"
    both = ((plan.caller_id == person_id) & (plan.stand_in_id == to_id)) | (
        (plan.caller_id == to_id) & (plan.stand_in_id == person_id)
    )
    session.change(
        update(check_in_plan)
        .where(live, both)
        .values(caller_id=to_id, stand_in_id=None, version=plan.version + 1)
    )


def _pass_on_complaints(session: Session, *, person_id: int, to_id: int) -> None:
    """What they have taken is the heir's; open again if it is about the heir or said by them."""
    of: Any = complaint.c
    taken = (of.owner_id == person_id, of.state == "taken")
    concerned = or_(of.reporter_id == to_id, func.coalesce(of.reported_id, 0) == to_id)
    for where, values in (
        (concerned, {"owner_id": None, "state": "open"}),
        (~concerned, {"owner_id": to_id}),
    ):
        session.change(
            update(complaint).where(*taken, where).values(**values, version=of.version + 1)
        )


def _answer_for(session: Session, *, person_id: int, to_id: int) -> None:
    """Whoever answers for an institution's open needs is the heir, unless they help there."""
    helps = exists().where(
        claim.c.need_id == need.c.id,
        claim.c.volunteer_id == to_id,
        claim.c.state.in_(("active", "done")),
    )
    session.change(
        update(need)
        .where(need.c.resident_id == person_id, need.c.served_organisation_id.is_not(None))
        .where(need.c.state.in_(UNFINISHED), ~helps)
        .values(resident_id=to_id)
    )


def _tell(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    leaving: Person,
    heir: Person,
    work: Mapping[str, int],
    end: bool,
) -> None:
    facts: dict[str, Fact] = {"name": leaving.name, **work}
    moment = f"{now:%Y%m%d%H%M%S}"
    if heir.id != actor.id:
        say(
            session,
            now=now,
            to=heir.id,
            key=f"handed_over:{leaving.id}:{heir.id}:{moment}",
            template="handed_over_to_you",
            message_class=MessageClass.MUST,
            facts=facts,
            buttons=[[Button("office.list", "office:list:0:0")]],
        )
    if leaving.id != actor.id:
        say(
            session,
            now=now,
            to=leaving.id,
            key=f"handed_over:{leaving.id}:{moment}:told",
            template="handed_over_from_you",
            message_class=MessageClass.MUST,
            facts={"to": heir.name, "ended": end},
        )
