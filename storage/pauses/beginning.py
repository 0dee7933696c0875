"""A pause begins: nothing more is sent that falls inside, and those concerned are told."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.consents import has_consent
from storage.database import Session
from storage.duty import tell_duty
from storage.guardians import is_known_child
from storage.journal import note
from storage.outbox import Button, MessageClass, Wanted, say
from storage.outbox.shown import withdraw_all
from storage.pauses.ending import go_on_without
from storage.pauses.standing import Around, PauseCard, check_may, find_card, get_card, list_people
from storage.people import Person, get_person
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.rules.pauses import FOR_GOOD, SETTLES_AFTER, Reason, ends_at
from storage.rules.purposes import Purpose
from storage.tables import check_in, check_in_plan, claim, household_member, need, pause, person


class AlreadyEnded(Refusal):
    """The person has moved away or died: nothing can be paused any more."""

    key = "pause_ended"


def begin_pause(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    person_id: int,
    reason: Reason,
    last_day: date | None = None,
    household_id: int | None = None,
) -> PauseCard:
    """Pause somebody, or say the pause that holds differently.

    Moved or died takes effect an hour later, so that a slip can be taken back whole.
    """
    check_may(session, actor=actor, person_id=person_id, reason=reason)
    if reason in FOR_GOOD:
        household_id = None  # whoever lives with them is here
    if household_id is not None:
        _check_lives_there(session, person_id=person_id, household_id=household_id)
    values = _values(session, now=now, reason=reason, last_day=last_day)
    values["household_id"] = household_id
    before = _same(session, person_id=person_id, household_id=household_id)
    if before is None:
        pause_id = _insert(session, now=now, actor=actor, person_id=person_id, values=values)
    else:
        pause_id = _change(session, before, values=values)
    card = get_card(session, actor=actor, pause_id=pause_id)
    if before is not None and before.household_id is not None and household_id is None:
        go_on_without(session, before, now=now, actor_id=actor.id)
    people = list_people(session, card)
    for one in people:
        chat_id = get_person(session, person_id=one).telegram_id
        if chat_id is not None:
            # What waits for the end of the night would fall inside.
            withdraw_all(session, now=now, chat_id=chat_id)
    note(
        session,
        now=now,
        what="pause_begun" if before is None else "pause_changed",
        actor_id=actor.id,
        subject_id=person_id,
        thing="pause",
        thing_id=pause_id,
        detail=reason.value,
    )
    if reason in FOR_GOOD:
        _stand_still(session, card)
    else:
        _tell_callers(session, card, people, now=now, actor_id=actor.id)
        _tell_helpers(session, card, people, now=now)
    return card


def _same(session: Session, *, person_id: int, household_id: int | None) -> PauseCard | None:
    """The pause that is said differently now: the person's own, or their whole household's.

    What is said of one of a household is not said of who had the household paused.
    """
    found = find_card(session, person_id=person_id)
    if found is None or found.person_id == person_id:
        return found
    return found if household_id is not None else None


def _values(
    session: Session, *, now: datetime, reason: Reason, last_day: date | None
) -> dict[str, object]:
    if reason in FOR_GOOD:
        return {"reason": reason.value, "last_day": None, "due_at": now + SETTLES_AFTER}
    due_at = ends_at(last_day, session.house.zone) if last_day is not None else None
    return {"reason": reason.value, "last_day": last_day, "due_at": due_at}


def _insert(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    person_id: int,
    values: dict[str, object],
) -> int:
    row = {"person_id": person_id, "starts_at": now, "state": "live", "version": 1}
    try:
        with session.savepoint():
            made = session.value(
                insert(pause).values(**row, **values, made_by=actor.id).returning(pause.c.id)
            )
    except IntegrityError as error:
        # Somebody else said it at this moment: one pause holds, said last by this hand.
        household = values["household_id"]
        found = _same(
            session,
            person_id=person_id,
            household_id=household if isinstance(household, int) else None,
        )
        if found is None:
            raise TooLate from error
        return _change(session, found, values=values)
    return int(made)


def _change(session: Session, before: PauseCard, *, values: dict[str, object]) -> int:
    changed = session.change(
        update(pause)
        .where(pause.c.id == before.id, pause.c.version == before.version)
        .where(pause.c.state == "live", pause.c.settled_at.is_(None))
        .values(**values, version=before.version + 1)
    )
    if changed != 1:
        raise AlreadyEnded(name=before.name)
    return before.id


def _stand_still(session: Session, card: PauseCard) -> None:
    """No prompt about somebody who died goes out any more; undone, the case moves again."""
    session.change(
        update(check_in)
        .where(check_in.c.resident_id == card.person_id, check_in.c.state == "open")
        .values(next_step_at=card.due_at, version=check_in.c.version + 1)
    )


def _check_lives_there(session: Session, *, person_id: int, household_id: int) -> None:
    lives_there = select(household_member.c.person_id).where(
        household_member.c.person_id == person_id,
        household_member.c.household_id == household_id,
    )
    if session.find(lives_there) is None:
        raise NotAllowed


def _tell_callers(
    session: Session, card: PauseCard, people: list[int], *, now: datetime, actor_id: int
) -> None:
    """Those who phone need not phone; why is nobody's business but the staff's."""
    rows = session.all(
        select(check_in_plan.c.caller_id, person.c.id, person.c.name)
        .join(person, person.c.id == check_in_plan.c.resident_id)
        .where(check_in_plan.c.resident_id.in_(people), check_in_plan.c.state == "active")
        .distinct()
        .order_by(check_in_plan.c.caller_id, person.c.id)
    )
    for row in rows:
        if row.caller_id != actor_id:
            _tell(
                session,
                card,
                row,
                now=now,
                to=row.caller_id,
                template="pause_no_calls",
                name=row.name,
            )


def _tell_helpers(session: Session, card: PauseCard, people: list[int], *, now: datetime) -> None:
    rows = session.all(
        select(claim.c.volunteer_id, person.c.id, person.c.name)
        .join(need, need.c.id == claim.c.need_id)
        .join(person, person.c.id == need.c.resident_id)
        .where(need.c.resident_id.in_(people), claim.c.state == "active")
        .distinct()
        .order_by(claim.c.volunteer_id, person.c.id)
    )
    for row in rows:
        shows = _may_be_known(session, now=now, person_id=row.id)
        _tell(
            session,
            card,
            row,
            now=now,
            to=row.volunteer_id,
            template="pause_task_waits",
            name=row.name if shows else None,
        )


def _may_be_known(session: Session, *, now: datetime, person_id: int) -> bool:
    """Whether who helps somebody may know who it is: their yes stands, and it is no child."""
    share = Purpose.SHARE_CONTACT
    says_yes = has_consent(session, person_id=person_id, purpose=share, now=now)
    return says_yes and not is_known_child(session, now=now, person_id=person_id)


def _tell(
    session: Session,
    card: PauseCard,
    row: Row[Any],
    *,
    now: datetime,
    to: int,
    template: str,
    name: str | None,
) -> None:
    say(
        session,
        now=now,
        to=to,
        key=f"pause:{card.id}:v{card.version}:{template}:{row.id}:{to}",
        template=template,
        message_class=MessageClass.MUST,
        facts={"name": name, "last_day": card.facts["last_day"]},
        # Before they set out or dial, also at night.
        chosen_time=True,
    )


def tell_staff(
    session: Session,
    *,
    now: datetime,
    card: PauseCard,
    around: Around,
    buttons: Sequence[Sequence[Button]],
    without: int,
) -> None:
    """The person or a caregiver said it: those on duty decide what becomes of what goes on."""
    tell_duty(
        session,
        now=now,
        key=f"pause:{card.id}:v{card.version}:staff",
        template="pause_card",
        message_class=MessageClass.MUST,
        facts={**card.facts, **around.facts, "own": False, "staff": True},
        about=card.person_id,
        buttons=buttons,
        card=f"pause:{card.id}",
        wanted=Wanted("pause", card.id, card.version),
        without=without,
    )
