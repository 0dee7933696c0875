"""What people write is read as they mean it; danger is heard, and nothing else sounds a siren."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.areas import CATEGORIES, Area, Category, Urgency
from storage.rules.dangers import Danger, DangerKind
from storage.rules.likeness import EXAMPLES, Example, nearest_area, read_examples
from storage.rules.reading import EMERGENCY_OF, read_need
from storage.rules.speech import standard

HELD_OUT = read_examples(
    Path(__file__).with_name("data").joinpath("sentences_held_out.tsv").read_text(encoding="utf-8")
)


def shares(examples: tuple[Example, ...]) -> tuple[float, float, float, float]:
    """Area right, emergencies heard, false sirens, needless questions."""
    grave = [read_need(e.words) for e in examples if e.danger]
    calm = [(e, read_need(e.words)) for e in examples if not e.danger]
    return (
        sum(r.area is e.area for e, r in calm) / len(calm),
        sum(r.danger is not Danger.NONE for r in grave) / len(grave),
        sum(r.danger is Danger.CERTAIN for _, r in calm) / len(calm),
        sum(r.danger is Danger.UNCLEAR for _, r in calm) / len(calm),
    )


def test_sentences_that_the_lists_were_made_from_are_read_right() -> None:
    right, heard, sirens, asked = shares(EXAMPLES)
    assert right >= 0.97
    assert heard == 1.0
    assert sirens == 0.0
    assert asked <= 0.02


def test_sentences_never_seen_before_are_read_no_worse_than_was_measured() -> None:
    # Written after the lists and never tuned on. Whoever adds their words to the lists moves them
    # to data/examples.tsv and writes new ones here, or the figure says nothing any more.
    right, heard, sirens, asked = shares(HELD_OUT)
    assert right >= 0.75
    assert heard >= 0.75
    assert sirens <= 0.05
    assert asked <= 0.05


def test_no_held_out_sentence_is_among_the_examples() -> None:
    assert not {e.words for e in HELD_OUT} & {e.words for e in EXAMPLES}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("救命", DangerKind.UNKNOWN),
        ("help!", DangerKind.UNKNOWN),
        ("SOS", DangerKind.UNKNOWN),
        ("I fell and cannot get up", DangerKind.MEDICAL),
        ("婆婆喊不答应了", DangerKind.MEDICAL),
        ("屋头燃起来了", DangerKind.FIRE_GAS),
        ("天然氣漏了", DangerKind.FIRE_GAS),
        ("孩子走丢了", DangerKind.MISSING),
        ("我不想活了", DangerKind.SELF_HARM),
        ("他拿刀砍人", DangerKind.VIOLENCE),
        ("停电了，我妈靠呼吸机", DangerKind.LIFE_SUPPORT),
    ],
)
def test_danger_to_life_is_heard_in_every_tongue(text: str, kind: DangerKind) -> None:
    reading = read_need(text)
    assert reading.danger is Danger.CERTAIN
    assert reading.danger_kind is kind
    assert reading.urgency is Urgency.U0
    assert reading.area is Area.EMERGENCY
    assert reading.category is EMERGENCY_OF[kind]
    assert reading.reasons


@pytest.mark.parametrize(
    "text",
    [
        "热死了，空调坏了",
        "累死我了",
        "想死你了",
        "帮我打个电话",
        "打针怕疼",
        "想吃火锅",
        "最近上火",
        "去年摔过一跤，想要个助行器",
        "手机不见了",
        "轮椅不得行了",
        "新闻上说有人跳楼",
        "没有摔倒，就是腿软",
        "怕妈妈摔倒，想装个扶手",
        "王芳",
        "13800138000",
        "我又来了",
        "3",
    ],
)
def test_what_only_sounds_like_danger_is_left_in_peace(text: str) -> None:
    assert read_need(text).danger is Danger.NONE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("听说楼下婆婆晕倒了", DangerKind.MEDICAL),
        ("昨天妈妈晕倒了", DangerKind.MEDICAL),
        ("妈妈晕倒了，已经送医院了", DangerKind.MEDICAL),
        ("以前想过自杀", DangerKind.SELF_HARM),
        ("有股焦味", DangerKind.FIRE_GAS),
        ("他老是威胁我", DangerKind.VIOLENCE),
    ],
)
def test_what_may_be_danger_is_asked_about_first(text: str, kind: DangerKind) -> None:
    reading = read_need(text)
    assert reading.danger is Danger.UNCLEAR
    assert reading.danger_kind is kind
    assert reading.urgency <= Urgency.U1


@pytest.mark.parametrize(
    ("text", "category", "urgency"),
    [
        ("想理个发", Category.HAIRCUT, Urgency.U2),
        ("急，马上要人帮我买米", Category.ERRAND, Urgency.U1),
        ("想理个发，不急", Category.HAIRCUT, Urgency.U3),
        ("家里停水了", Category.BASIC_LIFE_INTERRUPTION, Urgency.U1),
        ("你好", Category.NOT_A_NEED, Urgency.U3),
    ],
)
def test_a_need_has_its_category_and_urgency(
    text: str, category: Category, urgency: Urgency
) -> None:
    reading = read_need(text)
    assert (reading.category, reading.urgency) == (category, urgency)


def test_a_need_without_a_known_word_gets_the_area_that_it_is_most_like() -> None:
    assert nearest_area(standard("")) is Area.OTHER
    assert nearest_area(standard("想请人帮忙")) is not Area.EMERGENCY


@given(st.text(max_size=120))
def test_any_text_gets_a_whole_reading(text: str) -> None:
    reading = read_need(text)
    assert (reading.danger is Danger.NONE) == (reading.danger_kind is None)
    if reading.category is not Category.UNCLEAR:
        assert reading.area is CATEGORIES[reading.category].area


@pytest.mark.parametrize(
    "text", ["1" * 4096, "没有" * 2048, "不 " * 2048, "药吃" * 2048, "a" * 4096]
)
def test_the_longest_message_is_read_too(text: str) -> None:
    assert read_need(text).danger is not Danger.CERTAIN
