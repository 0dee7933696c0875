"""What people write is read as they mean it; danger is heard, and nothing else sounds a siren."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.areas import CATEGORIES, Area, Category, Urgency
from storage.rules.dangers import Danger, DangerKind
from storage.rules.reading import EMERGENCY_OF, Asked, read_need

DATA = Path(__file__).with_name("data")
SHIPPED = Path(__file__).parents[2] / "storage" / "rules" / "data" / "examples.tsv"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence, the category it means, and whether it tells of danger to life."""

    words: str
    category: Category
    grave: bool
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of a hundred sentences were read right, and what was made of the calm ones."""

    right: float
    offered: float
    urgency: float
    heard: float
    sirens: float
    asked: float


def read_learnt() -> tuple[Labelled, ...]:
    rows = (line.split("\t") for line in SHIPPED.read_text(encoding="utf-8").splitlines())
    return tuple(Labelled(words, Category(key), danger == "certain") for words, key, danger in rows)


def read_held_out() -> tuple[Labelled, ...]:
    text = DATA.joinpath("needs_held_out.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return tuple(
        Labelled(words, Category(key), danger == "siren", Urgency(urgency))
        for words, key, urgency, danger in rows
    )


def shares(sentences: tuple[Labelled, ...]) -> Shares:
    read = [(one, read_need(one.words)) for one in sentences]
    grave = [reading for one, reading in read if one.grave]
    calm = [reading for one, reading in read if not one.grave]
    return Shares(
        right=sum(r.category is one.category for one, r in read) / len(read),
        offered=sum(one.category in (r.category, *r.alternatives) for one, r in read) / len(read),
        urgency=sum(r.urgency is one.urgency for one, r in read) / len(read),
        heard=sum(r.danger is not Danger.NONE for r in grave) / len(grave),
        sirens=sum(r.danger is Danger.CERTAIN for r in calm) / len(calm),
        asked=sum(r.danger is Danger.UNCLEAR for r in calm) / len(calm),
    )


def test_sentences_that_were_learnt_from_are_read_right() -> None:
    found = shares(read_learnt())
    assert found.right >= 0.93
    assert found.heard == 1.0
    assert found.sirens <= 0.01
    assert found.asked <= 0.04


def test_sentences_never_learnt_from_are_read_no_worse_than_was_measured() -> None:
    # Written before the words and weights were tuned, and never tuned on. Whoever adds their words
    # to the lists moves them to examples.tsv and writes new ones here, or the figure says nothing.
    # Measured: right 0.90, among the three offered 0.95, urgency 0.94, heard 37 of 37, sirens 0.01.
    found = shares(read_held_out())
    assert found.right >= 0.86
    assert found.offered >= 0.93
    assert found.urgency >= 0.9
    assert found.heard >= 0.95
    assert found.sirens <= 0.03
    assert found.asked <= 0.05


def test_older_sentences_never_learnt_from_get_their_area_and_no_siren() -> None:
    text = DATA.joinpath("sentences_held_out.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()]
    calm = [(read_need(words), Area(area)) for words, area, danger in rows if danger == "none"]
    grave = [read_need(words) for words, _, danger in rows if danger == "certain"]
    assert sum(reading.area is area for reading, area in calm) / len(calm) >= 0.85
    assert sum(reading.danger is not Danger.NONE for reading in grave) / len(grave) >= 0.9
    assert sum(reading.danger is Danger.CERTAIN for reading, _ in calm) / len(calm) <= 0.05


def test_no_held_out_sentence_was_learnt_from() -> None:
    assert not {one.words for one in read_held_out()} & {one.words for one in read_learnt()}


def test_every_category_stands_among_the_sentences() -> None:
    assert {one.category for one in read_held_out()} == set(Category)
    assert {one.category for one in read_learnt()} == set(Category)


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


def test_what_says_nothing_is_asked_about_and_not_guessed() -> None:
    for text in ("", "帮个忙", "…", "那个事情", "need help"):
        reading = read_need(text)
        assert reading.asked is (Asked.SAFETY if reading.danger is not Danger.NONE else Asked.WHAT)


@pytest.mark.parametrize(
    "text",
    [
        "李秀英",
        "桂花小区3栋2单元501",
        "13800138000",
        "九点半",
        "女",
        "一九五三年八月",
        "张三 13800138000",
    ],
)
def test_names_and_numbers_in_forms_are_never_taken_for_danger(text: str) -> None:
    assert read_need(text).danger is Danger.NONE


def test_a_reading_offers_two_other_kinds_and_says_what_it_was_made_of() -> None:
    reading = read_need("降压药吃完了，走不动，帮我去医院拿药")
    assert reading.category is Category.MEDICAL_MEDICINE
    assert len(set(reading.alternatives) - {reading.category}) == 2
    assert reading.reasons
    assert reading.urgency is Urgency.U1
    assert reading.urgent_for


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


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("办残疾证要带哪些材料", Category.CERT_SERVICE),
        ("低保一个月好多钱", Category.SOCIAL_ASSISTANCE),
        ("哪个管残疾证啊", Category.CERT_SERVICE),
        ("how do I apply for a disability certificate", Category.CERT_SERVICE),
    ],
)
def test_whoever_asks_about_a_matter_may_only_want_to_know(text: str, category: Category) -> None:
    read = read_need(text)
    assert {Category.INFO_QUERY, category} <= {read.category, *read.alternatives}


@pytest.mark.parametrize("text", ["家里停电了呼吸机要没电了", "家里的灯坏了", "我摔倒了起不来"])
def test_what_was_understood_is_not_offered_once_more(text: str) -> None:
    read = read_need(text)
    assert read.category not in read.alternatives


def test_a_shock_from_a_wire_is_danger_also_in_the_local_words() -> None:
    assert read_need("电热毯漏电把我麻到了手都黑了").danger is not Danger.NONE


def test_a_cry_for_help_is_the_danger_that_the_rest_speaks_of() -> None:
    assert read_need("救命 我老公拿刀").category is Category.EMERGENCY_VIOLENCE
    assert read_need("救命啊屋里起火冒烟了").category is Category.EMERGENCY_FIRE_GAS
    assert read_need("救命").danger is Danger.CERTAIN
