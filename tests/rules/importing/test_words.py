"""Words in cells: answers, categories and grades, names, communities."""

import pytest

from storage.rules.importing.cells import Cell, Reason
from storage.rules.importing.words import (
    Disability,
    find_community,
    read_choice,
    read_choices,
    read_community,
    read_disability,
    read_name,
    read_yes_no,
)

COMMUNITIES = {"青山村": 1, "大青山村": 2, "东街社区": 3, "双河村": 4, "双河社区": 5}
OPTIONS = {"haircut": ("理发", "剪发"), "errands": ("代办代购", "代购")}


@pytest.mark.parametrize("written", ["是", "有", "√", "Ｙ", True, 1.0])
def test_a_yes_is_a_yes(written: Cell) -> None:
    assert read_yes_no(written) is True


@pytest.mark.parametrize("written", ["否", "×", "没有", "N", False, "0"])
def test_a_no_is_a_no(written: Cell) -> None:
    assert read_yes_no(written) is False


def test_anything_else_is_asked_back() -> None:
    assert isinstance(read_yes_no("看情况"), Reason)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("视力一级", Disability("视力", 1)),
        ("肢体残疾2级", Disability("肢体", 2)),
        ("听力（三级）", Disability("听力", None)),
        ("精神残疾 四级", Disability("精神", 4)),
        ("智力Ⅱ级", Disability("智力", 2)),
        ("多重（肢体、视力）一级", Disability("多重", 1)),
        ("语言二级", Disability("言语", 2)),
        ("一级", Disability(None, 1)),
        ("１", Disability(None, 1)),
        (3.0, Disability(None, 3)),
        ("贰级", Disability(None, 2)),
        ("肢体残疾", Disability("肢体", None)),
    ],
)
def test_category_and_grade_are_read_from_one_cell(written: Cell, meant: Disability) -> None:
    assert read_disability(written) == meant


@pytest.mark.parametrize("written", ["五级", "肢体、视力", "重度", "级", "12"])
def test_no_category_or_grade_is_guessed(written: str) -> None:
    assert isinstance(read_disability(written), Reason)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张  三", "张三"),
        ("陈\u3000素芬", "陈素芬"),
        ("买买提•艾山", "买买提·艾山"),
        ("阿不都 · 热依木", "阿不都·热依木"),
        ("卓玛．央金", "卓玛·央金"),
        ("𠮷田\u202e", "𠮷田"),
        ("Anna Li", "Anna Li"),
    ],
)
def test_a_name_is_tidied_without_being_changed(written: str, name: str) -> None:
    assert read_name(written) == name


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "name_missing"),
        ("\u3164", "name_missing"),
        ("·", "name_missing"),
        ("王" * 31, "name_too_long"),
        ("王珊10012345678", "name_has_digits"),
    ],
)
def test_what_is_no_name_says_why(written: str, why: str) -> None:
    found = read_name(written)
    assert isinstance(found, Reason)
    assert found.key == why


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("青山村", 1),
        ("青山", 1),
        (" 大青山村 ", 2),
        ("东街", 3),
        ("东街社区居委会", 3),
        ("青山村村委会", 1),
        ("某某街道青山村3组", 1),
        ("某某街道大青山村", 2),
    ],
)
def test_a_community_is_known_by_its_name_or_without_its_title(written: str, meant: int) -> None:
    assert find_community(written, COMMUNITIES) == meant


@pytest.mark.parametrize(
    ("ticked", "meant"), [("√", "dibao"), ("☑", "dibao"), ("×", "none"), ("N", "none")]
)
def test_a_tick_in_a_column_of_choices_says_what_a_yes_says(ticked: str, meant: str) -> None:
    options = {"dibao": ("低保", "是"), "tekun": ("特困",), "none": ("无", "否")}
    assert read_choice(ticked, options) == meant
    assert read_choices(ticked, options) == [meant]
    assert isinstance(read_choice(ticked, OPTIONS), Reason)


def test_a_name_that_two_have_is_not_guessed() -> None:
    assert find_community("双河", COMMUNITIES) is None


def test_an_unknown_community_comes_back_with_the_nearest() -> None:
    found = read_community("清山村", COMMUNITIES)
    assert isinstance(found, Reason)
    near = found.facts["near"]
    assert isinstance(near, list)
    assert "青山村" in near


def test_choices_are_known_by_any_of_their_words() -> None:
    assert read_choice(" 剪发 ", OPTIONS) == "haircut"
    assert read_choices("理发、代购/剪发", OPTIONS) == ["haircut", "errands"]
    unknown = read_choices("理发、修车", OPTIONS)
    assert isinstance(unknown, Reason)
    assert unknown.facts == {"value": "修车", "offered": ["理发", "代办代购"]}
