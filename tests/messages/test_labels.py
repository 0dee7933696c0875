"""Labels: every button that the program shows is worded, and every key of a rule has its word."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

import handlers
from messages.render import LANGUAGES, Wording
from storage.rules.areas import Area, Category, Urgency
from storage.rules.documents import DocumentKind, RuleTopic
from storage.rules.skills import Skill, TimeSlot
from storage.rules.surveys import GROUPS
from tests.messages.samples import label_tables

ROOT = Path(handlers.__file__).parents[1]
BUTTON = re.compile(r'\b(?:Button|Option)\(\s*(?:[^"()]*,\s*)?"([a-z_]+\.[a-z_0-9]+)"')
WORDING = Wording(zone="Asia/Shanghai")
# What people are shown of each rule's keys.
WORDED: dict[str, type[StrEnum]] = {
    "area": Area,
    "category": Category,
    "urgency": Urgency,
    "skill": Skill,
    "slot": TimeSlot,
    "document_kind": DocumentKind,
    "rule_topic": RuleTopic,
}
LONGEST = 64


def _buttons() -> set[str]:
    sources = [*ROOT.glob("handlers/**/*.py"), *ROOT.glob("storage/**/*.py")]
    return {key for source in sources for key in BUTTON.findall(source.read_text(encoding="utf-8"))}


def test_every_button_is_worded() -> None:
    buttons = _buttons()
    assert len(buttons) > 20
    assert {key for key in buttons if not WORDING.has_label(key)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", WORDED)
def test_every_key_of_a_rule_has_its_word(language: str, table: str) -> None:
    assert set(WORDED[table]) - set(label_tables(language)[table]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_fits_a_column_in_the_register(language: str) -> None:
    keys = (f"{table}.{key}" for table, keys in label_tables(language).items() for key in keys)
    assert [key for key in keys if len(key) > LONGEST] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_a_survey_has_its_words(language: str) -> None:
    asked = {f"{group.register}.{field.key}" for group in GROUPS for field in group.fields}
    assert asked == set(label_tables(language)["survey_question"])
    assert {group.key for group in GROUPS} == set(label_tables(language)["survey_group"])
