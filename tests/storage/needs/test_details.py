"""Details are kept sealed with the need, changed with it, and gone with the person."""

from datetime import timedelta

from sqlalchemy import select

from storage.leaving import erase
from storage.needs import Statement, cancel_need, change_need
from storage.people import get_person
from storage.rules.areas import Category, Urgency
from storage.rules.details import Access, Details, Place, Wish
from storage.tables import need, need_detail
from tests.storage.needs.village import ERRAND, Village


def _said(village: Village) -> Details:
    return Details(
        wanted_at=village.now + timedelta(days=1),
        hours=True,
        place=Place.GROUP,
        group_code="3组",
        words="小卖部旁边",
        access=(Access.STAIRS, Access.DEAF),
        floor=2,
        wishes=(Wish.WOMAN,),
    )


def _state(village: Village, details: Details | None) -> int:
    return village.state(Statement(ERRAND.category, ERRAND.urgency, ERRAND.words, details))


def test_details_stand_on_the_card_and_the_moment_in_clear(village: Village) -> None:
    need_id = _state(village, _said(village))
    assert village.need(need_id).details == _said(village)
    with village.database.transaction() as session:
        assert session.value(select(need.c.wanted_at)) == village.now + timedelta(days=1)
        kept = session.value(select(need_detail.c.facts))
    assert "小卖部".encode() not in kept
    assert b"deaf" not in kept


def test_a_need_without_details_has_empty_ones_and_no_row(village: Village) -> None:
    need_id = _state(village, None)
    assert village.need(need_id).details.is_empty
    _state(village, Details())
    with village.database.transaction() as session:
        assert session.find(select(need_detail)) is None


def test_only_a_moment_needs_no_row_of_its_own(village: Village) -> None:
    need_id = _state(village, Details(wanted_at=village.now))
    assert village.need(need_id).details.wanted_at == village.now


def test_changing_the_words_leaves_the_details_and_new_ones_replace_them(village: Village) -> None:
    need_id = _state(village, _said(village))
    for details, expected in ((None, _said(village)), (Details(floor=4), Details(floor=4))):
        said = Statement(Category.ERRAND, Urgency.U2, "买两斤米", details)
        card = village.need(need_id)
        village.do(
            change_need,
            actor_id=village.resident,
            need_id=need_id,
            version=card.version,
            said=said,
        )
        assert village.need(need_id).details == expected


def test_erasing_a_person_takes_the_details_with_it(village: Village) -> None:
    need_id = _state(village, _said(village))
    version = village.need(need_id).version
    village.do(cancel_need, actor_id=village.resident, need_id=need_id, version=version)
    with village.database.transaction() as session:
        subject = get_person(session, person_id=village.resident)
        assert erase(session, now=village.now, actor=subject, subject=subject)
        assert session.find(select(need_detail)) is None
