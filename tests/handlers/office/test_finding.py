"""Looking for a person in the chat: by command, by words, by the button; page by page."""

import pytest
from sqlalchemy import select, update

from storage.tables import person
from tests.handlers.joining.door import Door
from tests.storage.residents import journalled, register

WANG = 1


def add_chens(door: Door, count: int) -> None:
    with door.database.transaction() as session:
        for number in range(count):
            register(session, now=door.now, name=f"陈{number:02d}", roles=("resident",))


@pytest.mark.parametrize("words", ["/find 陈01", "找 陈01", "找人 陈01", "找人：陈01", "Find 陈01"])
def test_staff_find_a_person_in_one_message(door: Door, words: str) -> None:
    add_chens(door, 3)
    assert "请选一位" in door.type(WANG, words)
    shown = door.press(WANG, "陈01（居民）")
    assert shown.startswith("陈01")
    assert "居民" in shown


def test_the_button_of_the_list_asks_whom(door: Door) -> None:
    add_chens(door, 1)
    door.type(WANG, "/office")
    assert "找谁" in door.press(WANG, "找人")
    assert "请选一位" in door.type(WANG, "陈")
    door.press(WANG, "再找一个人")
    assert "没有找到" in door.type(WANG, "赵")


def test_pages_are_turned_to_the_last(door: Door) -> None:
    add_chens(door, 20)
    assert "翻页" in door.type(WANG, "找 陈")
    assert "翻页" in door.press(WANG, "下一页")
    assert "翻页" not in door.press(WANG, "下一页")
    door.press(WANG, "陈19")


def test_a_need_that_begins_like_a_search_stays_a_need(door: Door) -> None:
    with door.database.transaction() as session:
        register(session, now=door.now, name="陈素芬", roles=("resident",), chat=30)
    for words in ("找人修灯", "找 人帮忙买米"):
        assert "没有找到" not in door.type(30, words)
    with door.database.transaction() as session:
        assert journalled(session, "people_searched") == 0


def test_for_anybody_else_it_does_not_exist(door: Door) -> None:
    add_chens(door, 1)
    with door.database.transaction() as session:
        register(session, now=door.now, name="张强", roles=("volunteer",), chat=21)
        one = session.value(select(person.c.id).where(person.c.name == "陈00"))
    assert door.type(21, "/find 陈") == door.type(21, "/nosuch")
    for data in ("find:ask:0:0", "find:next:1:1", f"person:see:{one}:0"):
        assert "不归您处理" in door.press_data(21, data)
    for data in ("find:next:1:1", "find:what:0:0"):
        assert "情况已经变了" in door.press_data(WANG, data)


def test_somebody_found_twice_and_merged_is_one(door: Door) -> None:
    add_chens(door, 2)
    with door.database.transaction() as session:
        kept, gone = (
            session.value(select(person.c.id).where(person.c.name == name))
            for name in ("陈00", "陈01")
        )
        session.change(update(person).where(person.c.id == gone).values(merged_into=kept))
    door.type(WANG, "找 陈")
    door.press(WANG, "陈00")
    assert "没有找到" in door.type(WANG, "找 陈01")
