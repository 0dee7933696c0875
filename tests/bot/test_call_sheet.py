"""The weekly sheet says how closely somebody is looked after in words, as the chat does."""

from dataclasses import dataclass
from typing import Any, cast

import pytest

from bot.office.work import Work
from bot.papers.call_sheet import _due
from messages.render import LANGUAGES, Wording
from storage.paper import PrintedLine
from storage.rules.ladder import LADDERS
from storage.rules.tiers import Channel

WORDING = Wording(zone="Asia/Shanghai")


@dataclass
class Printing:
    """Labels in one language, as a maker has them."""

    language: str

    def label(self, key: str, **facts: Any) -> str:
        return WORDING.label(key, language=self.language, facts=facts)


def due(language: str, tier: str | None, channel: str | None = "phone") -> str:
    """What stands in the column of the days."""
    line = PrintedLine(1, "陈素芬", "3组", None, (0, 3), None, None, tier, channel)
    return _due(cast(Work, Printing(language)), line)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", {"a": "重点", "b": "较重", "c": "一般"}),
        ("en", {"a": "closest care", "b": "close care", "c": "regular care"}),
    ],
)
def test_the_tier_stands_in_words_before_the_way(language: str, words: dict[str, str]) -> None:
    assert set(words) == {tier.value for tier in LADDERS}
    for tier, word in words.items():
        for channel in Channel:
            way = WORDING.label(f"sheet_channel.{channel}", language=language, facts={})
            assert due(language, tier, channel).splitlines()[1] == f"{word} {way}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_without_a_plan_has_days_alone(language: str) -> None:
    assert "\n" not in due(language, None, None)
