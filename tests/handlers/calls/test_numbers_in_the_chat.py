"""/numbers: anybody looks them up; the office confirms and changes them, nobody else."""

import pytest

from storage.hotlines import get_hotline
from tests.handlers.calls.talk import Talk


def test_anybody_sees_what_to_call_and_no_button(talk: Talk) -> None:
    for name in ("lan", "stranger"):
        said = talk.type(name, "/numbers")
        assert "120" in said
        assert "12348" in said
        assert "核对" not in said
    assert talk.street.last("lan").buttons == []


def test_the_office_fills_in_its_own_number_and_says_that_it_answers(talk: Talk) -> None:
    assert "2026年11月23日核对" in talk.type("wang", "/numbers")
    assert "还没有填" in talk.press("wang", "街道残联值班电话")
    assert "新号码" in talk.press("wang", "换号码")
    assert "只写数字" in talk.type("wang", "街道办电话")
    assert "02374500000" in talk.type("wang", "023-7450 0000")
    assert "能打通。" in talk.press("wang", "试打过，能打通")
    assert "02374500000" in talk.type("lan", "/numbers")
    talk.press("wang", "换号码")
    assert "还没有填" in talk.type("wang", "无")


def test_the_countrys_own_are_confirmed_only(talk: Talk) -> None:
    talk.type("wang", "/numbers")
    assert "全国统一" in talk.press("wang", "急救")
    with pytest.raises(AssertionError):
        talk.press("wang", "换号码")
    talk.press_data("wang", "number:change:0:0:medical")
    assert "不能修改" in talk.type("wang", "12345")
    assert talk.street.do(get_hotline, key="medical")[0].number == "120"


@pytest.mark.parametrize("act", ["list", "see", "same", "tried", "change", "bad"])
def test_forged_presses_change_nothing(talk: Talk, act: str) -> None:
    for name in ("lan", "zhang", "stranger"):
        assert talk.press_data(name, f"number:{act}:0:0:street")
        assert talk.form(name) is None
    assert talk.street.do(get_hotline, key="street")[1] == 0
