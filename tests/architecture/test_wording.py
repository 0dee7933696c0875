"""What holds for the wording as a whole: complete in each language, and respectful."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

MESSAGES = ROOT / "messages"
LANGUAGES = ("zh", "en")

# Understood when a resident says them, and never said back.
# 残障 is a fair word, but 残疾 is the one this house uses, and one text does not mix them.
NEVER_SAID = (
    *("残废", "瞎子", "聋子", "哑巴", "傻子", "疯子", "瘫子"),
    *("正常人", "弱势", "可怜", "献爱心", "残障"),
    *("cripple", "handicapped", "retarded", "wheelchair-bound", "normal people", "suffers from"),
)

Labels = dict[str, str]


def _files(language: str) -> set[str]:
    folder = MESSAGES / language
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in {".j2", ".toml"}
    }


def _labels(language: str) -> Labels:
    found: Labels = {}
    for path in sorted((MESSAGES / language).rglob("*.toml")):
        _flatten(tomllib.loads(path.read_text(encoding="utf-8")), path.stem, found)
    return found


def _flatten(table: dict[str, object], prefix: str, found: Labels) -> None:
    for key, value in table.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}.{key}", found)
        else:
            found[f"{prefix}.{key}"] = str(value)


def _places(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def test_every_occasion_is_worded_in_both_languages() -> None:
    chinese, english = (_files(language) for language in LANGUAGES)
    assert chinese ^ english == set()


def test_every_label_is_worded_in_both_languages_with_the_same_facts() -> None:
    chinese, english = (
        {key: _places(words) for key, words in _labels(language).items()} for language in LANGUAGES
    )
    assert chinese == english


@pytest.mark.parametrize("word", NEVER_SAID)
def test_no_wording_hurts(word: str) -> None:
    hurting = [
        path.relative_to(ROOT).as_posix()
        for path in sorted(MESSAGES.rglob("*"))
        if path.suffix in {".j2", ".toml", ".py"} and _says(path, word)
    ]
    assert hurting == []


@pytest.mark.parametrize(
    ("language", "named"), [("zh", "按“([^”{}]+)”"), ("en", "[Pp]ress “([^”{}]+)”")]
)
def test_a_button_is_named_as_it_is_written(language: str, named: str) -> None:
    labels = tuple(_labels(language).values())
    unknown = [
        (path.name, button)
        for path in sorted((MESSAGES / language).rglob("*.j2"))
        for button in re.findall(named, path.read_text(encoding="utf-8"))
        if not any(label.startswith(button) for label in labels)
    ]
    assert unknown == []


def _says(path: Path, word: str) -> bool:
    return re.search(re.escape(word), path.read_text(encoding="utf-8"), re.IGNORECASE) is not None
