"""Referral: to whom a need goes, how they answer, and what the resident is told of it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from storage.consents import withdraw
from storage.database import Database
from storage.needs import Statement, cancel_need, change_need
from storage.needs.hiding import hide_contacts_of
from storage.needs.referral import (
    accept_referral,
    answer_question,
    ask_back,
    confirm_solved,
    decline_referral,
    deny_solved,
    finish_referral,
    organisation_facts,
    refer_need,
    show_referred_contact,
)
from storage.needs.referral.closing import take_back_referral
from storage.needs.refusals import NotDesignated, ReferralMoved, ReferralOver
from storage.outbox import MessageClass, say
from storage.people import get_person, set_phone
from storage.refusals import NotAllowed
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import NeedState
from storage.rules.purposes import Purpose
from storage.rules.referring import DeclineReason, ReferralState
from storage.staffing import end_staff
from storage.tables import licence, organisation, outbox, referral
from tests.storage.needs.hall import AFFAIRS, CLINIC, OFFICE, SUBSIDY, Hall, organisation_id
from tests.storage.town import a_town

REHAB = Statement(Category.HOME_REHAB, Urgency.U2, "想有人上门教做康复，我的电话 10012345678")


@pytest.fixture
def hall(database: Database, now: datetime) -> Iterator[Hall]:
    made = Hall(a_town(database, now))
    made.hire("周科长", at=AFFAIRS, chat=21)
    made.hire("吴干事", at=AFFAIRS, chat=22)
    yield made
    assert made.read_all()


def _decline(hall: Hall, need_id: int, by: str = "周科长") -> None:
    hall.act(decline_referral, need_id, by=by, reason=DeclineReason.NOT_OURS, words="请找民政窗口")


def _finish(hall: Hall, need_id: int, by: str = "周科长") -> None:
    hall.act(finish_referral, need_id, by=by, result="申请交上去了")


def test_a_need_for_a_department_goes_there_at_once_and_the_resident_knows(hall: Hall) -> None:
    need_id = hall.state()
    card = hall.need(need_id)
    assert (card.state, card.referred.organisation) == (NeedState.REFERRED, AFFAIRS)
    assert hall.said_to("周科长") == ["referral_card"]
    assert hall.said_to("吴干事") == ["referral_card"]
    assert hall.said_to("孙丽") == []


def test_where_nobody_of_it_is_in_the_chat_the_desk_phones_and_notes_the_answer(
    hall: Hall,
) -> None:
    need_id = hall.state(Statement(Category.JOB_SEEK, Urgency.U2, "想找个手工活"))
    assert hall.need(need_id).referred.with_desk
    assert hall.said_to("孙丽") == ["desk_referral"]
    hall.accept(need_id, by="孙丽")
    had = hall.need(need_id).referred
    assert (had.state, had.with_desk) == (ReferralState.ACCEPTED, False)
    with hall.town.database.transaction() as session:
        assert session.value(select(referral.c.by_phone).where(referral.c.id == had.id))


def test_accepted_asked_back_done_and_solved_each_step_is_told(hall: Hall) -> None:
    need_id = hall.state()
    hall.act(ask_back, need_id, by="周科长", question="办过残疾人证没有？")
    assert hall.need(need_id).referred.asked == "resident"
    due = hall.need(need_id).referred.due_at
    hall.wait(hours=3)
    hall.act(answer_question, need_id, by="陈素芬", answer="办过，二级")
    assert hall.need(need_id).referred.due_at >= due
    hall.accept(need_id, by="吴干事")
    _finish(hall, need_id)
    card = hall.act(confirm_solved, need_id, by="陈素芬")
    assert hall.need(need_id).state is NeedState.CLOSED
    assert card.referred.state is ReferralState.DONE
    assert hall.said_to("陈素芬") == [
        "need_referral_asks",
        "need_referral_accepted",
        "need_is_it_solved",
    ]
    assert hall.said_to("周科长")[-1] == "referral_over"


def test_a_phone_that_stands_in_an_answer_is_not_passed_on_before_the_yes(hall: Hall) -> None:
    need_id = hall.state()
    hall.act(ask_back, need_id, by="周科长", question="电话多少？")
    hall.act(answer_question, need_id, by="陈素芬", answer="打 10012345678 找我")
    card = hall.need(need_id)
    facts = hall.town.database.do(organisation_facts, card)
    assert "找我" in str(facts["answer"])
    assert "12345678" not in str(facts)
    assert not any("12345678" in text for text in hall.read_all())


def test_who_stops_working_there_keeps_no_contact_data_in_their_chat(hall: Hall) -> None:
    need_id = hall.state()
    hall.accept(need_id, by="周科长")
    had = hall.need(need_id).referred
    with hall.town.database.transaction() as session:
        for name in ("周科长", "吴干事"):
            say(
                session,
                now=hall.town.now,
                to=hall.id(name),
                key=f"shown:{name}",
                template="referral_contact",
                message_class=MessageClass.ANSWER,
                card=f"referral:{had.id}:contact",
            )
        session.change(
            update(outbox).where(outbox.c.template == "referral_contact").values(message_id=70)
        )
        office, gone = (get_person(session, person_id=hall.id(one)) for one in ("王珊", "周科长"))
        end_staff(session, now=hall.town.now, actor=office, person_id=gone.id, kind="coordinator")
        session.change(delete(outbox).where(outbox.c.template == "referral_contact"))
    assert hall.said_to("周科长")[-1] == "referral_contact_hidden"
    assert "referral_contact_hidden" not in hall.said_to("吴干事")


def test_who_cannot_says_why_and_the_next_one_is_asked(hall: Hall) -> None:
    hall.add_service(OFFICE, "two_subsidies", provider="dpf")
    need_id = hall.state()
    _decline(hall, need_id)
    assert hall.referrals(need_id) == [(AFFAIRS, "declined"), (OFFICE, "offered")]
    assert hall.said_to("陈素芬") == ["need_referred"]
    assert hall.said_to("吴干事")[-1] == "referral_over"


def test_when_nobody_else_can_the_desk_has_it_with_the_reason(hall: Hall) -> None:
    need_id = hall.state()
    _decline(hall, need_id)
    assert hall.need(need_id).state is NeedState.UNCLAIMED
    assert hall.said_to("孙丽") == ["desk_referral"]
    assert hall.said_to("陈素芬") == ["need_back_at_desk"]


def test_what_is_not_solved_comes_back_to_the_desk(hall: Hall) -> None:
    need_id = hall.state()
    hall.accept(need_id, by="周科长")
    _finish(hall, need_id)
    hall.act(deny_solved, need_id, by="陈素芬")
    assert hall.need(need_id).state is NeedState.UNCLAIMED
    assert hall.referrals(need_id) == [(AFFAIRS, "done")]


def test_of_two_colleagues_who_accept_at_once_the_second_hears_who_did(hall: Hall) -> None:
    need_id = hall.state()
    had = hall.need(need_id).referred
    hall.accept(need_id, by="周科长")
    with pytest.raises(ReferralMoved) as refused:
        hall.do(
            accept_referral,
            actor_id=hall.id("吴干事"),
            referral_id=had.id,
            version=had.version,
            expected_at=hall.town.now + timedelta(days=3),
        )
    assert refused.value.facts["by"] == "周科长"
    assert hall.said_to("吴干事") == ["referral_card", "referral_card"]


@pytest.mark.parametrize("name", ["钱进", "陈素芬", "王大夫"])
def test_nobody_but_the_organisation_and_the_desk_answers(hall: Hall, name: str) -> None:
    hall.hire("王大夫", at=CLINIC, chat=23)
    need_id = hall.state()
    with pytest.raises(NotAllowed):
        hall.accept(need_id, by=name)
    assert hall.need(need_id).referred.state is ReferralState.OFFERED


def test_before_it_accepts_an_organisation_reads_no_name_and_no_phone(hall: Hall) -> None:
    need_id = hall.state(Statement(Category.TWO_SUBSIDIES, Urgency.U2, "补贴，电话10012345678"))
    card = hall.need(need_id)
    facts = hall.town.database.do(organisation_facts, card=card)
    assert "10012345678" not in str(facts)
    assert "陈素芬" not in str(facts)
    looking = {"actor_id": hall.id("周科长"), "referral_id": card.referred.id}
    with pytest.raises(ReferralMoved):
        hall.do(show_referred_contact, **looking)


def test_contact_data_only_while_accepted_and_only_with_the_resident_s_yes(hall: Hall) -> None:
    with hall.town.database.transaction() as session:
        set_phone(session, person_id=hall.id("陈素芬"), phone="+8610012345679")
    need_id = hall.state()
    hall.accept(need_id, by="周科长")
    had = hall.need(need_id).referred
    looking = {"actor_id": hall.id("周科长"), "referral_id": had.id}
    _, contact, _ = hall.do(show_referred_contact, **looking)
    assert contact.phone == "+8610012345679"
    assert "contact_shown" in hall.noted()
    resident = hall.id("陈素芬")
    no = {"person_id": resident, "purpose": Purpose.SHARE_CONTACT, "actor_id": resident}
    assert hall.do(withdraw, **no)
    assert hall.do(hide_contacts_of, person_id=resident) == 1
    _, contact, asker = hall.do(show_referred_contact, **looking)
    assert (contact, asker) == (None, None)
    assert hall.said_to("孙丽") == ["desk_referral"]
    _finish(hall, need_id)
    with pytest.raises(ReferralMoved):
        hall.do(show_referred_contact, **looking)


def test_who_withdraws_the_need_ends_the_referral_and_a_late_answer_is_told(hall: Hall) -> None:
    need_id = hall.state()
    had = hall.need(need_id).referred
    hall.do(
        cancel_need,
        actor_id=hall.id("陈素芬"),
        need_id=need_id,
        version=hall.need(need_id).version,
    )
    assert hall.referrals(need_id) == [(AFFAIRS, "withdrawn")]
    assert hall.said_to("周科长")[-1] == "referral_over"
    with pytest.raises(ReferralOver):
        hall.do(
            decline_referral,
            actor_id=hall.id("周科长"),
            referral_id=had.id,
            version=had.version,
            reason=DeclineReason.OTHER,
        )


def test_who_needs_something_else_takes_it_out_of_the_organisation(hall: Hall) -> None:
    need_id = hall.state()
    hall.do(
        change_need,
        actor_id=hall.id("陈素芬"),
        need_id=need_id,
        version=hall.need(need_id).version,
        said=Statement(Category.ERRAND, Urgency.U2, "帮我买米"),
    )
    assert hall.referrals(need_id) == [(AFFAIRS, "withdrawn")]
    assert hall.need(need_id).referral is None


def test_silence_is_met_with_a_second_question_and_then_with_the_desk(hall: Hall) -> None:
    need_id = hall.state()
    hall.wait(days=2)
    assert hall.said_to("周科长") == ["referral_card", "referral_card"]
    hall.wait(days=3)
    assert "desk_referral" in hall.said_to("孙丽")
    assert hall.need(need_id).referred.with_desk
    assert hall.need(need_id).state is NeedState.REFERRED


def test_a_question_nobody_answers_is_asked_again_and_then_by_the_desk(hall: Hall) -> None:
    need_id = hall.state()
    hall.act(ask_back, need_id, by="周科长", question="几口人？")
    hall.wait(days=2)
    assert hall.said_to("陈素芬") == ["need_referral_asks"] * 2
    hall.wait(days=2)
    assert "desk_referral" in hall.said_to("孙丽")
    hall.act(answer_question, need_id, by="孙丽", answer="三口人")
    assert hall.need(need_id).referred.state is ReferralState.OFFERED


def test_the_desk_takes_back_and_refers_elsewhere_but_only_where_it_is_allowed(
    hall: Hall,
) -> None:
    need_id = hall.state()
    had = hall.need(need_id).referred
    hall.do(
        take_back_referral,
        coordinator_id=hall.id("孙丽"),
        referral_id=had.id,
        version=had.version,
    )
    assert hall.need(need_id).state is NeedState.UNCLAIMED
    _refer(hall, need_id, to=OFFICE)
    assert hall.referrals(need_id) == [(AFFAIRS, "withdrawn"), (OFFICE, "offered")]
    rehab = hall.state(REHAB)
    hall.verify(rehab)
    assert hall.need(rehab).state is NeedState.UNCLAIMED
    with pytest.raises(NotDesignated):
        _refer(hall, rehab, to=CLINIC)
    _designate(hall, until=hall.town.now.date())
    _refer(hall, rehab, to=CLINIC)
    assert hall.need(rehab).referred.organisation == CLINIC


def _refer(hall: Hall, need_id: int, *, to: str) -> None:
    with hall.town.database.transaction() as session:
        there = organisation_id(session, to)
    hall.do(
        refer_need,
        coordinator_id=hall.id("孙丽"),
        need_id=need_id,
        version=hall.need(need_id).version,
        organisation_id=there,
    )


def _designate(hall: Hall, *, until: date | None) -> None:
    with hall.town.database.transaction() as session:
        session.execute(
            insert(licence).values(
                organisation_id=organisation_id(session, CLINIC),
                kind="designated",
                expires_on=until,
                state="live",
                made_by=hall.id("王珊"),
                created_at=hall.town.now,
                version=1,
            )
        )


def test_an_organisation_that_ends_gives_its_open_referrals_back(hall: Hall) -> None:
    need_ids: Sequence[int] = [hall.state(), hall.state(SUBSIDY, by="周小兰")]
    hall.accept(need_ids[0], by="周科长")
    with hall.town.database.transaction() as session:
        session.change(
            update(organisation).where(organisation.c.name == AFFAIRS).values(active=False)
        )
    hall.wait(days=9)
    assert [hall.need(one).state for one in need_ids] == [NeedState.UNCLAIMED] * 2


def test_a_need_stated_for_a_service_of_the_catalogue_goes_to_whoever_provides_it(
    hall: Hall,
) -> None:
    entry = hall.add_service(AFFAIRS, "haircut")
    said = Statement(Category.HAIRCUT, Urgency.U2, "想剪头发", service_id=entry)
    assert hall.need(hall.state(said)).referred.organisation == AFFAIRS
