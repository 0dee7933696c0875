"""``jiai classify``: one JSON object for a sentence, and a typed no for what cannot be read."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from bot.commands import classifying
from bot.commands.classifying import LONGEST
from storage.rules.areas import Category, Urgency


def _read(text: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert classifying.run(text) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    answer: dict[str, Any] = json.loads(printed)
    assert list(answer) == [
        "category",
        "alternatives",
        "urgency",
        "emergency",
        "question",
        "reasons",
    ]
    return answer


def test_a_need_is_one_object_with_two_other_kinds_and_its_reasons(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = _read("我妈降压药吃完了 走不动 哪个帮忙克拿一下嘛", capsys)
    assert answer["category"] == Category.MEDICAL_MEDICINE
    assert len(answer["alternatives"]) == 2
    assert set(answer["alternatives"]) <= {one.value for one in Category}
    assert answer["urgency"] == Urgency.U1
    assert answer["emergency"] is False
    assert answer["question"] is None
    assert answer["reasons"]


def test_danger_to_life_is_an_emergency(capsys: pytest.CaptureFixture[str]) -> None:
    answer = _read("屋頭燃起來了！！", capsys)
    assert (answer["category"], answer["urgency"]) == ("emergency_fire_gas", "U0")
    assert answer["emergency"] is True
    assert answer["question"] is None


@pytest.mark.parametrize(
    ("text", "asks"),
    [("听说楼下婆婆晕倒了", "危险"), ("帮个忙", "什么"), ("need help", "help")],
)
def test_what_is_unclear_is_asked_in_the_language_it_came_in(
    text: str, asks: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = _read(text, capsys)
    assert answer["emergency"] is False
    assert asks in answer["question"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        (" \n\u3164", "empty"),
        ("。。。", "empty"),
        ("好" * (LONGEST + 1), "too_long"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_kind_and_a_code(
    text: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert classifying.run(text) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"({kind})" in printed.err


def test_a_sentence_may_come_through_the_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("想理个发，出不了门\n"))
    assert _read("-", capsys)["category"] == "haircut"


def test_it_starts_without_the_rest_of_the_program() -> None:
    seen = "import sys; sys.argv = ['jiai', 'classify', '想理个发']; import bot.__main__ as entry; "
    heavy = "print([name for name in ('telegram', 'sqlalchemy', 'typer') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", seen + heavy], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
