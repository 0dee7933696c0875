"""Contact persons, gaps, invitations by organisation, and handing over with nothing orphaned."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from storage.call_plans import PlanDraft, make_plan
from storage.database import Database, Session
from storage.invitations import invite_staff, use_code
from storage.needs.statements.serving import Visit, ask_visit
from storage.people import Person, find_person, get_person
from storage.refusals import NotAllowed, OutsideScope, Refusal, TooLate
from storage.roles import grant
from storage.rules.areas import Category
from storage.staffing import (
    WorkIsOpen,
    count_work,
    end_staff,
    hand_over,
    list_gaps,
    list_staff,
    list_successors,
    name_contact,
)
from storage.tables import call_round, call_stand_in, check_in_plan, complaint, need
from tests.storage.organisations.street import Street, a_street, place, staff
from tests.storage.residents import heard, register


@pytest.fixture
def street(database: Database, now: datetime) -> Street:
    return database.do(a_street, now)


def plan_call(session: Session, now: datetime, street: Street, *, caller: Person) -> int:
    draft = PlanDraft(
        caller_id=caller.id,
        weekdays=frozenset({0, 3}),
        clock=time(9),
        stand_in_id=None,
        contact_name=None,
        contact_phone=None,
    )
    return make_plan(
        session, now=now, actor_id=street.office.id, resident_id=street.resident.id, draft=draft
    ).id


def test_a_community_with_residents_and_no_contact_is_a_gap_until_one_is_named(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        gaps = list_gaps(session, actor=street.office)
        assert [(gap.organisation_id, gap.residents) for gap in gaps] == [(street.first.id, 1)]
        assert list_gaps(session, actor=street.of_second) == []
        name: dict[str, Any] = {
            "now": now,
            "organisation_id": street.first.id,
            "version": street.first.version,
        }
        named = name_contact(session, actor=street.of_first, person_id=street.of_first.id, **name)
        assert named.contact == "周群"
        assert list_gaps(session, actor=street.office) == []
        with pytest.raises(TooLate):
            name_contact(session, actor=street.office, person_id=None, **name)


def test_somebody_of_another_village_is_not_named_by_this_one(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session, pytest.raises(OutsideScope):
        name_contact(
            session,
            now=now,
            actor=street.of_second,
            organisation_id=street.second.id,
            version=street.second.version,
            person_id=street.resident.id,
        )


def test_a_code_lets_somebody_work_just_there(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        code = invite_staff(
            session,
            now=now,
            actor=street.of_first,
            organisation_id=street.first.id,
            kind="coordinator",
        )
        sun = register(session, now=now, name="孙丽", chat=77)
        invited = use_code(session, now=now, chat_id=77, person_id=sun.id, code=code)
        assert invited is not None
        assert (invited.role, invited.organisation_id) == ("coordinator", street.first.id)


@pytest.mark.parametrize(
    ("who", "where", "kind"),
    [
        ("of_first", "second", "coordinator"),
        ("of_first", "first", "leading_group"),
        ("resident", "first", "coordinator"),
    ],
)
def test_nobody_invites_beyond_their_own(
    database: Database, now: datetime, street: Street, who: str, where: str, kind: str
) -> None:
    with database.transaction() as session, pytest.raises(NotAllowed):
        invite_staff(
            session,
            now=now,
            actor=getattr(street, who),
            organisation_id=getattr(street, where).id,
            kind=kind,
        )


def test_the_leading_group_has_no_scope(database: Database, now: datetime, street: Street) -> None:
    with database.transaction() as session:
        head = register(session, now=now, name="主任", chat=88)
        grant(
            session,
            now=now,
            person_id=head.id,
            kind="leading_group",
            actor_id=street.office.id,
            organisation_id=place(session, "桂阳街道办事处").id,
        )
        head = get_person(session, person_id=head.id)
        assert head.is_approved("leading_group")
        assert head.scope is None
        assert not head.is_office


def test_all_open_work_goes_to_the_heir_who_is_told(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        plan_id = plan_call(session, now, street, caller=street.of_first)
        name_contact(
            session,
            now=now,
            actor=street.office,
            organisation_id=street.first.id,
            version=street.first.version,
            person_id=street.of_first.id,
        )
        with pytest.raises(WorkIsOpen):
            end_staff(
                session,
                now=now,
                actor=street.office,
                person_id=street.of_first.id,
                kind="coordinator",
            )
        done = hand_over(
            session,
            now=now,
            actor=street.of_first,
            person_id=street.of_first.id,
            to_id=street.office.id,
            end=True,
        )
        assert (done.work.calls, done.work.contacts, done.ended) == (1, 1, True)
        assert count_work(session, person_id=street.of_first.id).total == 0
        caller = session.value(
            select(check_in_plan.c.caller_id).where(check_in_plan.c.id == plan_id)
        )
        assert caller == street.office.id
        assert "handed_over_to_you" in heard(session, 1)
        gone = find_person(session, person_id=street.of_first.id)
        assert gone is not None
        assert gone.scope is None


def test_who_was_asked_and_running_rounds_go_to_the_heir_with_buttons_that_still_fit(
    database: Database, now: datetime, street: Street
) -> None:
    leaving = street.of_first.id
    with database.transaction() as session:
        plan_id = plan_call(session, now, street, caller=street.office)
        asked = {"plan_id": plan_id, "asked_id": street.resident.id, "asked_by": leaving}
        session.execute(insert(call_stand_in).values(created_at=now, **asked))
        session.execute(
            insert(call_round).values(
                kind="heat",
                tiers="a",
                path=street.first.path,
                starts_on=now.date(),
                declared_by=leaving,
                created_at=now,
            )
        )
        done = hand_over(
            session,
            now=now,
            actor=street.of_first,
            person_id=leaving,
            to_id=street.office.id,
            end=True,
        )
        assert (done.work.asks, done.work.rounds) == (1, 1)
        (ask,) = session.all(select(call_stand_in))
        assert (ask.asked_by, ask.version) == (street.office.id, 1)
        assert session.value(select(call_round.c.declared_by)) == street.office.id
        assert count_work(session, person_id=leaving).total == 0


def test_a_plan_that_names_both_keeps_the_one_who_stays(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        plan_id = plan_call(session, now, street, caller=street.of_first)
        session.change(
            check_in_plan.update()
            .where(check_in_plan.c.id == plan_id)
            .values(stand_in_id=street.office.id)
        )
        hand_over(
            session,
            now=now,
            actor=street.office,
            person_id=street.of_first.id,
            to_id=street.office.id,
            end=False,
        )
        row = session.all(select(check_in_plan))[0]
        assert (row.caller_id, row.stand_in_id) == (street.office.id, None)


@pytest.mark.parametrize(
    ("who", "leaving", "heir"),
    [
        ("of_second", "of_first", "of_second"),  # not theirs to hand over
        ("of_first", "of_first", "of_second"),  # the heir would not see the people
        ("of_first", "of_first", "of_first"),
        ("of_first", "of_first", "resident"),
        ("of_first", "office", "of_first"),  # the office's work does not go down
    ],
)
def test_work_goes_only_to_somebody_who_sees_the_people(
    database: Database, now: datetime, street: Street, who: str, leaving: str, heir: str
) -> None:
    with database.transaction() as session, pytest.raises(NotAllowed):
        hand_over(
            session,
            now=now,
            actor=getattr(street, who),
            person_id=getattr(street, leaving).id,
            to_id=getattr(street, heir).id,
            end=False,
        )


def test_of_two_who_end_each_other_somebody_stays(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        office = place(session, "桂阳街道残联")
        second = staff(session, now, "刘洋", 9, office)
    sides = [(street.office, second), (second, street.office)]

    def end(pair: tuple[Person, Person]) -> bool:
        with database.transaction() as session:
            fresh = get_person(session, person_id=pair[0].id)
            try:
                end_staff(session, now=now, actor=fresh, person_id=pair[1].id, kind="coordinator")
            except Refusal:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(end, sides))
    assert sum(ended) == 1
    with database.transaction() as session:
        assert len(list_staff(session, organisation_id=office.id)) == 1


def test_successors_are_colleagues_and_those_above(database: Database, street: Street) -> None:
    with database.transaction() as session:
        heirs = list_successors(session, actor=street.of_first, person_id=street.of_first.id)
        assert [one.name for one in heirs] == ["王珊"]


def test_complaints_and_an_institutions_open_needs_go_to_the_heir(
    database: Database, now: datetime, street: Street
) -> None:
    heir, leaving = street.office.id, street.of_first.id
    with database.transaction() as session:
        visit = Visit(Category.COMPANIONSHIP, 9, "陪老人说话", now + timedelta(days=3), "村委会")
        need_id = ask_visit(
            session, now=now, actor_id=leaving, organisation_id=street.first.id, visit=visit
        )
        for uid, reported_id in (("a", street.resident.id), ("b", heir)):
            session.execute(
                insert(complaint).values(
                    uid=uid,
                    reporter_id=street.resident.id,
                    for_id=street.resident.id,
                    reported_id=reported_id,
                    side="resident",
                    what="rude",
                    words=b"",
                    serious=False,
                    to_office=False,
                    state="taken",
                    owner_id=leaving,
                    due_at=now,
                    created_at=now,
                    version=1,
                )
            )
        actor = street.office
        hand_over(session, now=now, actor=actor, person_id=leaving, to_id=heir, end=True)
        rows = session.all(select(complaint.c.state, complaint.c.owner_id).order_by(complaint.c.id))
        assert [tuple(row) for row in rows] == [("taken", heir), ("open", None)]
        answers = session.value(select(need.c.resident_id).where(need.c.id == need_id))
        assert answers == heir
