"""A need in two moves, an offer, a claim, and its end, as people read it in their chats."""

import re
from datetime import timedelta

import pytest

from handlers.needs.after import visits
from storage.needs.visits.at_door import Heard
from storage.rules.lifecycle import NeedState
from storage.rules.visits import ANSWERS, SAYS, find_door_word
from tests.handlers.needs.chats import Chats
from tests.storage.needs.village import Village


def test_a_need_goes_from_one_sentence_to_thanks(village: Village, chats: Chats) -> None:
    resident, first, second = village.resident, *village.volunteers
    asked = chats.type(resident, "想请人帮忙买米")
    assert "我是这样理解的" in asked
    assert "生产生活，代办代购" in asked
    assert "发出去了" in chats.press(resident, "发出")
    offer = chats.read(first)[-1]
    assert "您能去吗" in offer
    assert "兰姨" not in offer
    assert "什么时候" in chats.press(first, "我去")
    assert "已经有人去了" in chats.read(second)[-1]
    contact = chats.press(first, "1小时内")
    assert "兰姨" in contact
    assert "桂花小区 3 栋 501" in contact
    assert "139 0013 9000" in contact
    assert "志愿者1" in chats.read(resident)[-1]
    chats.press(first, "我在路上了")
    on_way = chats.read(resident)[-1]
    assert "路上" in on_way
    says, answer = re.findall("“<b>(.+?)</b>”", on_way)
    assert f"“<b>{says}</b>”" in contact
    assert answer not in contact, "only whoever opens the door knows the answer"
    assert "暗号" in chats.press(first, "我到了")
    assert "门口" in chats.read(resident)[-1]
    assert "暗号对了" in chats.type(first, answer)
    assert "多长时间" in chats.press(first, "办好了")
    chats.type(first, "40分钟")
    done = chats.press(first, "跳过")
    assert "40分钟" in done
    assert not any("501" in text for text in chats.read(first)), "the address is put away"
    assert "办结" in chats.press(resident, "办好了")
    village.now += timedelta(days=1)
    assert "服务时长" in chats.read(first)[-1]
    assert village.need(1).state is NeedState.CLOSED


def test_every_word_at_the_door_is_heard_before_anything_else_is_made_of_it(
    village: Village, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []

    def hear(*_: object, text: str, **__: object) -> Heard:
        heard.append(find_door_word(text))
        return Heard(1, matched=True, by_helper=True)

    monkeypatch.setattr(visits, "hear_door_words", hear)
    for word in (*SAYS, *ANSWERS):
        assert "暗号对了" in chats.type(village.volunteers[0], word), word
    assert heard == [*SAYS, *ANSWERS]
