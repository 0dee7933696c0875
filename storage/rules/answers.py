"""Answers: which of the office's texts fits a question, and how long one stands without a look."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import TypeVar

from storage.rules.speech import standard

# A text that nobody has read against its source for a year is given to nobody.
GOOD_FOR = timedelta(days=365)
# A question that staff have not answered is brought up after this, and each time again.
ANSWERED_WITHIN = timedelta(days=1)
# How people ask after rules and ways, not whether somebody can come.
_ASKS = re.compile(
    r"(?:怎么|怎样|如何|啷个).{0,6}(?:办|申请|领|换|补|弄|评|报|来|做|走|找|用|算)|"
    r"什么(?:条件|材料|手续|标准|部门|流程|政策|时候(?:发|办|到))|(?:条件|材料|手续|标准|流程|政策)|"
    r"多少钱|几多钱|(?:要|收)(?:不要|不收)?(?:钱|费)|归谁|谁(?:管|负责)|找谁|哪个(?:部门|单位)|"
    r"(?:哪里|哪儿|在哪|去哪).{0,6}(?:办|申请|领|做|问|评|康复)|有没有(?!人|空)|"
    r"能不能(?:领|申请|办|享受)|可(?:不可)?以(?:领|申请|办|享受)|"
    r"请问|想问|问一下|问哈|咨询|\bhow (?:do|can|to)\b|\bwhat (?:are|is) the\b|\bwho (?:is|do)\b"
)
# What is asked for now is a need, and no question: "I want to apply for a wheelchair".
_WANTS = re.compile(
    r"(?:想|要|需要|请)(?:申请|办|领|借|换|修|报|人|你们|您|帮)|坏了|漏|来(?:人|修|帮我)|帮(?:我|忙)(?!.*[?吗])|"
    r"\bi (?:want|would like|need) to\b"
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shipped:
    """An answer that an empty register begins with."""

    key: str
    title: str
    words: tuple[str, ...]
    text: str
    source: str
    reviewed: date


def shipped_answers() -> tuple[Shipped, ...]:
    """Read them."""
    data = files("storage.rules").joinpath("data", "answers.toml").read_text(encoding="utf-8")
    return tuple(
        Shipped(
            key=row["key"],
            title=row["title"],
            words=tuple(row["words"]),
            text=row["text"].strip(),
            source=row["source"],
            reviewed=row["reviewed"],
        )
        for row in tomllib.loads(data)["answers"]
    )


def is_question(text: str) -> bool:
    """Whether somebody wants to know something, rather than have something done."""
    said = standard(text)
    return _ASKS.search(said) is not None and _WANTS.search(said) is None


def best_answer(text: str, known: Mapping[T, Sequence[str]]) -> T | None:
    """Return whose words fit a question best; longer words say more. None when none does, or two.

    A tie is nobody's: a wrong answer is worse than a person's.
    """
    said = standard(text)
    points = {key: _points(said, words) for key, words in known.items()}
    best = max(points.values(), default=0)
    first = [key for key, one in points.items() if one == best]
    return first[0] if best and len(first) == 1 else None


def _points(said: str, words: Sequence[str]) -> int:
    """A word counts by its length; what lies inside a longer one that fits is not counted twice."""
    found: list[str] = []
    for word in sorted({standard(one) for one in words if one.strip()}, key=len, reverse=True):
        if word in said and not any(word in longer for longer in found):
            found.append(word)
    return sum(len(word) for word in found)


def read_words(text: str) -> tuple[str, ...]:
    """Read words of a question as the office types them, "轮椅、拐杖"."""
    return tuple(dict.fromkeys(one for one in re.split(r"[\s,，、;；]+", text.strip()) if one))
