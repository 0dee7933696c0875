"""Values in a sentence: cut where no sign is torn, and never turning the sentence around."""

import pytest

from messages.filters import filters_for, isolate
from messages.render import Wording

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize("length", range(1, 12))
def test_a_cut_leaves_no_half_sign(length: int) -> None:
    short = filters_for({}, language="zh", zone="Asia/Shanghai")["short"]
    shown = short("米" * 3 + FAMILY + "é" + "面", limit=length)
    kept = shown.removesuffix("…")
    assert not kept.endswith("\u200d")
    assert kept in ("", "米", "米米", "米米米", "米米米" + FAMILY) or "面" in kept or "e" in kept


def test_a_short_text_is_left_alone() -> None:
    short = filters_for({}, language="zh", zone="Asia/Shanghai")["short"]
    assert short("买米") == "买米"


def test_a_right_to_left_name_is_wrapped_and_others_are_not() -> None:
    assert isolate("محمد") == "\u2068محمد\u2069"
    assert isolate("陈素芬") == "陈素芬"
    assert isolate("Anna") == "Anna"
    assert isolate(5) == 5


def test_a_wrapped_name_is_still_escaped() -> None:
    text = Wording(zone="Asia/Shanghai").text(
        "join_resident_done", language="zh", facts={"name": "<b>محمد"}
    )
    assert "&lt;b&gt;محمد" in text


@pytest.mark.parametrize(
    ("language", "minutes", "said"),
    [
        ("zh", "0", "刚刚"),
        ("zh", "180", "最早的等了3小时"),
        ("en", "0", "just now"),
        ("en", "180", "the oldest for 3 hours"),
    ],
)
def test_what_came_this_minute_has_not_waited_yet(language: str, minutes: str, said: str) -> None:
    waited = filters_for({}, language=language, zone="Asia/Shanghai")["waited"]
    assert waited(minutes) == said


def test_what_the_office_named_itself_is_worded_by_that_name() -> None:
    filters = filters_for({"pair_act.haircut": "理发"}, language="zh", zone="Asia/Shanghai")
    assert filters["label"]("=读报", "pair_act") == "读报"
    assert filters["labelled"](["haircut", "=读报"], "pair_act") == "理发、读报"
