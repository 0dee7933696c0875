"""Lines that staff write for others: read by rules, what is not understood is named."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.ladder import Outcome
from storage.rules.outcomes import read_outcome
from storage.rules.quick_entry import Entry, Kind, Problem, begins_entry, read_lines

COMMUNITIES = ("青山村", "东街社区", "双河村")
TODAY = date(2026, 11, 25)


def read(text: str, like: Kind | None = None) -> Entry:
    (entry,) = read_lines(text, communities=COMMUNITIES, today=TODAY, like=like)
    return entry


def test_a_registration_is_read_in_any_order_and_width() -> None:
    for line in (
        "登记 王桂英 女 1948年 青山村3组 肢体二级 10012345678 独居",
        "登记：王桂英，独居，10012345678，肢体2级，青山第三组，1948，女",
        "１、登记　王桂英　女　１９４８年　青山村　３组　肢体残疾二级　"
        "１００１２３４５６７８　独居",
    ):
        entry = read(line)
        assert (entry.kind, entry.name, entry.sex) == (Kind.REGISTER, "王桂英", "female")
        assert (entry.community, entry.group) == ("青山村", "3组")
        assert (entry.category, entry.grade, entry.born_on) == ("physical", "2", "1948")
        assert (entry.phone, entry.alone, entry.unread) == ("+8610012345678", True, ())


@pytest.mark.parametrize(
    ("line", "unread"),
    [
        ("登记 王桂英 1948年2月30日", ("1948年2月30日",)),
        ("登记 王桂英 2031年", ("2031年",)),
        ("登记 王桂英 女 男", ("男",)),
        ("登记 王桂英 爱唱歌", ("爱唱歌",)),
        ("登记 王桂英 =1+1", ("=1+1",)),
    ],
)
def test_what_was_not_understood_is_named_and_never_dropped(
    line: str, unread: tuple[str, ...]
) -> None:
    assert read(line).unread == unread


def test_a_wrong_phone_keeps_the_line_from_being_kept() -> None:
    assert read("登记 王桂英 1001234567").problem is Problem.PHONE


@pytest.mark.parametrize(
    "written",
    ["电话10012345678", "联系电话：10012345678", "手机 10012345678", "手机号码:10012345678"],
)
def test_a_number_is_read_with_the_word_that_stands_before_it(written: str) -> None:
    entry = read(f"登记 王桂英 女 {written} 独居")
    assert (entry.phone, entry.alone, entry.unread) == ("+8610012345678", True, ())
    card = read("登记 王桂英 残疾证号：50029919450307018211")
    assert (card.certificate, card.unread) == ("50029919450307018211", ())
    assert read(f"登记 王桂英 {written[:-1]}").problem is Problem.PHONE


@pytest.mark.parametrize(
    "name", ["阿依古丽·买买提", "Zhang San", "㐂田", "司马相如", "古丽仙·阿不都热依木·托合提"]
)
def test_names_of_every_kind_are_taken_whole(name: str) -> None:
    assert read(f"登记 {name} 女").name == name


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("接了 都好", Outcome.SPOKE_FINE),
        ("都好", Outcome.SPOKE_FINE),
        ("通了，人没事。", Outcome.SPOKE_FINE),
        ("没接", Outcome.NO_ANSWER),
        ("关机", Outcome.NO_ANSWER),
        ("要帮忙：没米了", Outcome.NEEDS_HELP),
        ("说不清", Outcome.COULD_NOT_TELL),
        ("接了", None),
        ("不好", None),
        ("不太好", None),
        ("没接 都好", Outcome.NO_ANSWER),
        ("都好 就是没药了", None),
        ("还好吧？", None),
        ("好像摔了", None),
        ("", None),
        ("👍", None),
    ],
)
def test_only_what_says_fine_and_nothing_else_is_fine(line: str, outcome: Outcome | None) -> None:
    assert read_outcome(line)[0] is outcome


@given(st.text(max_size=40))
def test_whatever_is_written_fine_is_never_guessed(text: str) -> None:
    outcome, _ = read_outcome(f"不知道怎么样 {text}")
    assert outcome is not Outcome.SPOKE_FINE


@given(st.text(max_size=120))
def test_nothing_written_breaks_the_reading(text: str) -> None:
    for entry in read_lines(f"登记 {text}", communities=COMMUNITIES, today=TODAY):
        assert len(entry.name) <= 60
    read_lines(text, communities=COMMUNITIES, today=TODAY, like=Kind.CALL)


def test_a_line_without_a_verb_is_read_like_the_one_before() -> None:
    lines = read_lines("电话 王桂英 没接\n李德明 都好", communities=COMMUNITIES, today=TODAY)
    assert [line.kind for line in lines] == [Kind.CALL, Kind.CALL]
    assert read("随便说说").problem is Problem.NO_KIND


def test_talk_about_the_phone_is_no_entry() -> None:
    assert not begins_entry("电话打不通怎么办")
    assert not begins_entry("登记册在哪里")
    assert begins_entry("电话 王桂英 没接")
