"""Documents: shipped, added, superseded with their history kept, withdrawn and put back."""

from datetime import date

import pytest

from storage.documents import (
    Document,
    Draft,
    DraftProblem,
    add_document,
    add_edition,
    get_document,
    list_documents,
    plant_documents,
    restore_document,
    withdraw_document,
)
from storage.refusals import NotAllowed, TooLate
from storage.rules.documents import DocumentKind, RuleTopic
from tests.storage.residents import journalled
from tests.storage.town import Town

TODAY = date(2026, 11, 25)
LATER = date(2026, 12, 1)


def draft(title: str = "志愿者培训制度", day: date = TODAY) -> Draft:
    return Draft(title=title, reference="", text="第一条", effective_on=day)


def add(town: Town, actor: str = "王珊", day: date = TODAY) -> int:
    return town.database.do(
        add_document,
        now=town.now,
        actor=town[actor],
        kind=DocumentKind.RULE,
        topic=RuleTopic.TRAINING,
        draft=draft(day=day),
    )


def look(town: Town, document_id: int, *, who: str = "王珊", today: date = TODAY) -> Document:
    return town.database.do(get_document, actor=town[who], document_id=document_id, today=today)


def titles(
    town: Town, who: str = "王珊", *, today: date = TODAY, withdrawn: bool = False
) -> list[str]:
    found = town.database.do(list_documents, actor=town[who], today=today, withdrawn=withdrawn)
    return [one.title for one in found]


def test_an_empty_register_begins_with_the_basis_documents_once(town: Town) -> None:
    assert titles(town)[-1].startswith("桂阳街道组织开展")
    assert town.database.do(plant_documents, now=town.now) == 0
    assert len(titles(town)) == 2


def test_a_rule_is_added_and_everybody_on_the_staff_finds_it(town: Town) -> None:
    added = add(town)
    assert "志愿者培训制度" in titles(town, "孙丽")
    found = look(town, added, who="孙丽")
    assert (found.kind, found.topic, found.owner) == ("rule", "training", "王珊")
    with town.database.transaction() as session:
        assert journalled(session, "document_added") == 1


def test_residents_have_no_library(town: Town) -> None:
    with pytest.raises(NotAllowed):
        titles(town, "陈素芬")
    with pytest.raises(NotAllowed):
        look(town, 1, who="陈素芬")


def test_only_the_office_keeps_documents(town: Town) -> None:
    with pytest.raises(NotAllowed):
        add(town, "孙丽")
    for order in (withdraw_document, restore_document):
        with pytest.raises(NotAllowed):
            town.database.do(order, now=town.now, actor=town["孙丽"], document_id=1, version=1)


def test_a_new_edition_supersedes_on_its_day_and_the_old_one_is_kept(town: Town) -> None:
    added = add(town)
    number = town.database.do(
        add_edition,
        now=town.now,
        actor=town["王珊"],
        document_id=added,
        version=1,
        draft=draft("志愿者培训制度（修订）", LATER),
    )
    assert number == 2
    assert titles(town, "孙丽")[-1] == "志愿者培训制度"
    assert titles(town, "孙丽", today=LATER)[-1] == "志愿者培训制度（修订）"
    history = look(town, added, today=LATER).editions
    assert [one.title for one in history] == ["志愿者培训制度", "志愿者培训制度（修订）"]


def test_of_two_who_renew_the_same_edition_the_second_is_told(town: Town) -> None:
    added = add(town)
    renew(town, added)
    with pytest.raises(TooLate):
        renew(town, added)
    assert len(look(town, added).editions) == 2


def renew(town: Town, document_id: int) -> None:
    town.database.do(
        add_edition,
        now=town.now,
        actor=town["王珊"],
        document_id=document_id,
        version=1,
        draft=draft(),
    )


def test_what_is_not_in_force_yet_is_the_offices_to_see(town: Town) -> None:
    added = add(town, day=LATER)
    assert "志愿者培训制度" in titles(town)
    assert look(town, added).current is None
    assert "志愿者培训制度" not in titles(town, "孙丽")
    with pytest.raises(NotAllowed):
        look(town, added, who="孙丽")


def test_a_withdrawn_document_is_gone_for_the_staff_and_can_come_back(town: Town) -> None:
    added = add(town)
    town.database.do(
        withdraw_document, now=town.now, actor=town["王珊"], document_id=added, version=1
    )
    assert "志愿者培训制度" not in titles(town)
    assert titles(town, withdrawn=True) == ["志愿者培训制度"]
    assert "志愿者培训制度" not in titles(town, "孙丽", withdrawn=True)
    with pytest.raises(NotAllowed):
        look(town, added, who="孙丽")
    town.database.do(
        restore_document, now=town.now, actor=town["王珊"], document_id=added, version=2
    )
    assert look(town, added, who="孙丽").state == "kept"
    with pytest.raises(TooLate):
        town.database.do(
            restore_document, now=town.now, actor=town["王珊"], document_id=added, version=3
        )


def test_a_rule_has_a_topic_and_nothing_else_has(town: Town) -> None:
    for kind, topic in ((DocumentKind.RULE, None), (DocumentKind.PLAN, RuleTopic.STARS)):
        with pytest.raises(DraftProblem):
            town.database.do(
                add_document,
                now=town.now,
                actor=town["王珊"],
                kind=kind,
                topic=topic,
                draft=draft(),
            )


def test_a_document_that_is_none_is_refused(town: Town) -> None:
    with pytest.raises(NotAllowed):
        look(town, 999)
