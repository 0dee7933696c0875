"""The office's answers by edition; questions to a person, never lost."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from storage.answers import (
    add_answer,
    answer_question,
    ask_staff,
    change_answer,
    find_answer,
    get_answer,
    get_question,
    list_answers,
    list_questions,
    plant_answers,
    remind_of_questions,
    restore_answer,
    review_answer,
    withdraw_answer,
    withdraw_question,
)
from storage.database import Database
from storage.office import list_waiting
from storage.refusals import AlreadyDecided, NotAllowed, TooLate
from tests.storage.residents import heard
from tests.storage.town import CHEN, SUN, WANG, Town, a_town

TODAY = date(2026, 11, 25)
SUBSIDIES = "两项补贴怎么申请"


@pytest.fixture
def town(database: Database, now: datetime) -> Town:
    made = a_town(database, now)
    database.do(plant_answers, now=now)
    return made


def office(town: Town, act: Any, who: str = "王珊", at: int = 1, **facts: str) -> None:
    town.database.do(act, now=town.now, actor=town[who], answer_id=1, version=at, **facts)


def waiting(town: Town, who: str) -> dict[str, int]:
    found = town.database.do(list_waiting, now=town.now, actor=town[who])
    return {one.key: one.count for one in found}


def test_an_empty_register_begins_with_the_shipped_ones_once(town: Town) -> None:
    assert len(town.database.do(list_answers, actor=None, today=TODAY)) == 10
    assert town.database.do(plant_answers, now=town.now) == 0


def test_a_question_finds_its_answer_with_source_and_date(town: Town) -> None:
    found = town.database.do(find_answer, today=TODAY, words=SUBSIDIES)
    assert found is not None
    assert "国发〔2015〕52号" in found.newest.source
    assert found.reviewed_on == date(2026, 11, 23)


def test_the_office_supersedes_a_text_and_the_earlier_one_stays(town: Town) -> None:
    office(town, change_answer, text="每月100元，以社事办答复为准", source="垫残联发1号")
    found = town.database.do(find_answer, today=TODAY, words=SUBSIDIES)
    assert found is not None
    assert found.newest.text.startswith("每月100元")
    assert [one.number for one in found.texts] == [1, 2]
    assert found.newest.by == "王珊"
    with pytest.raises(TooLate):
        office(town, change_answer, text="旧按钮", source="x")


def test_only_the_office_keeps_answers(town: Town) -> None:
    for act in (review_answer, withdraw_answer, restore_answer):
        with pytest.raises(NotAllowed):
            office(town, act, "孙丽")
    with pytest.raises(NotAllowed):
        office(town, change_answer, "陈素芬", text="x", source="x")
    new = {"title": "x", "text": "x", "source": "x"}
    with pytest.raises(NotAllowed):
        town.database.do(add_answer, now=town.now, actor=town["孙丽"], words=["x"], **new)


def test_what_is_withdrawn_is_given_to_nobody_and_can_be_put_back(town: Town) -> None:
    office(town, withdraw_answer)
    assert town.database.do(find_answer, today=TODAY, words=SUBSIDIES) is None
    with pytest.raises(NotAllowed):
        town.database.do(get_answer, actor=town["陈素芬"], today=TODAY, answer_id=1)
    office(town, restore_answer, at=2)
    assert town.database.do(find_answer, today=TODAY, words=SUBSIDIES) is not None


def test_what_nobody_read_for_a_year_is_not_given_and_waits_on_the_offices_list(
    town: Town,
) -> None:
    assert "answers" not in waiting(town, "王珊")
    town.now += timedelta(days=370)
    later = town.now.date()
    assert town.database.do(find_answer, today=later, words=SUBSIDIES) is None
    assert town.database.do(list_answers, actor=town["陈素芬"], today=later) == []
    assert waiting(town, "王珊")["answers"] == 10
    assert "answers" not in waiting(town, "孙丽")
    office(town, review_answer)
    assert town.database.do(find_answer, today=later, words=SUBSIDIES) is not None
    assert waiting(town, "王珊")["answers"] == 9


def ask(town: Town) -> None:
    town.database.do(ask_staff, now=town.now, actor=town["陈素芬"], words="街道办几点上班")


def reply(town: Town, who: str) -> None:
    town.database.do(
        answer_question, now=town.now, actor=town[who], question_id=1, reply="九点到五点"
    )


def test_a_question_waits_on_the_staffs_list_until_it_is_answered(town: Town) -> None:
    ask(town)
    assert waiting(town, "孙丽")["questions"] == 1
    assert "questions" not in waiting(town, "钱进")
    (asked,) = town.database.do(list_questions, actor=town["孙丽"])
    assert asked.words == "街道办几点上班"
    reply(town, "孙丽")
    assert "questions" not in waiting(town, "孙丽")
    with town.database.transaction() as session:
        assert heard(session, CHEN)[-1] == "question_answered"
        assert heard(session, SUN)[-1] == "question_new"
    with pytest.raises(AlreadyDecided) as decided:
        reply(town, "王珊")
    assert decided.value.facts["by"] == "孙丽"


def test_only_staff_of_theirs_see_and_answer_it(town: Town) -> None:
    ask(town)
    for who in ("钱进", "陈素芬"):
        with pytest.raises(NotAllowed):
            reply(town, who)
        with pytest.raises(NotAllowed):
            town.database.do(get_question, actor=town[who], question_id=1)
    with pytest.raises(NotAllowed):
        town.database.do(list_questions, actor=town["陈素芬"])


def test_nobody_answers_and_it_is_brought_up_each_day(town: Town) -> None:
    ask(town)
    for _ in range(2):
        town.now += timedelta(days=1)
        while remind_of_questions(town.database, now=town.now):
            pass
    with town.database.transaction() as session:
        assert heard(session, WANG).count("question_late") == 2
    assert waiting(town, "孙丽")["questions"] == 1


def test_who_asked_may_take_it_back(town: Town) -> None:
    ask(town)
    with pytest.raises(NotAllowed):
        town.database.do(withdraw_question, now=town.now, actor=town["孙丽"], question_id=1)
    town.database.do(withdraw_question, now=town.now, actor=town["陈素芬"], question_id=1)
    with pytest.raises(TooLate):
        reply(town, "孙丽")
