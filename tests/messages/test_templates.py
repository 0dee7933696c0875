"""Every occasion can be said in each language, in HTML that arrives, within Telegram's limit."""

import re

import pytest
from jinja2 import nodes

from messages.render import LANGUAGES, TEXT_LIMIT, Fact, Wording, WordingError
from tests.messages.samples import HOSTILE, label_tables, samples, source_of, tree_of
from tests.messages.telegram_html import RefusedHtmlError, shown

WORDING = Wording(zone="Asia/Shanghai")
OCCASIONS = [
    (language, template) for language in LANGUAGES for template in WORDING.templates(language)
]


# As a machine writes a day; people only see it where they are shown how they may type one.
MACHINE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


TABLES = {language: label_tables(language) for language in LANGUAGES}


@pytest.mark.parametrize(("language", "template"), OCCASIONS)
def test_it_can_be_said_in_each_of_its_ways(language: str, template: str) -> None:
    said = 0
    for facts in samples(language, template, TABLES[language]):
        text = WORDING.text(template, language=language, facts=facts)
        assert text, facts
        assert len(shown(text)) <= TEXT_LIMIT, facts
        typed = MACHINE_DAY.findall(source_of(language, template))
        assert set(MACHINE_DAY.findall(text)) <= set(typed), facts
        said += 1
    assert said >= 2


@pytest.mark.parametrize(("language", "template"), OCCASIONS)
def test_what_people_typed_is_shown_as_they_typed_it(language: str, template: str) -> None:
    facts = next(iter(samples(language, template, TABLES[language])))
    text = shown(WORDING.text(template, language=language, facts=facts))
    for name in _always_said(language, template):
        assert str(facts[name]) in text, name


def _always_said(language: str, template: str) -> list[str]:
    """The facts that stand outside every condition."""
    return [
        part.name
        for output in tree_of(language, template).body
        if isinstance(output, nodes.Output)
        for part in output.nodes
        if isinstance(part, nodes.Name)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_fact_is_an_error_and_no_gap_in_a_sentence(language: str) -> None:
    with pytest.raises(WordingError):
        WORDING.text("volunteer_approved", language=language, facts={})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_in_a_label_is_never_read_as_a_pattern(language: str) -> None:
    label = WORDING.label("caregiver.end_carer", language=language, facts={"name": HOSTILE})
    assert HOSTILE in label
    assert WORDING.label("verbatim", language=language, facts={"text": HOSTILE}) == HOSTILE


@pytest.mark.parametrize(
    "text",
    ["<b>x", "</b>", "a<b", "A & B", "<script>", "<b><i></b></i>", '<a href="javascript:x">'],
)
def test_the_check_itself_refuses_what_telegram_refuses(text: str) -> None:
    with pytest.raises(RefusedHtmlError):
        shown(text)


def test_an_outage_over_midnight_names_both_days() -> None:
    facts: dict[str, Fact] = {
        "began": "2026-11-27T06:39:00+00:00",
        "asleep": True,
        "messenger": False,
        "count": 0,
        "names": [],
        "kinds": [],
        "counts": [],
    }

    def said(ended: str) -> str:
        return WORDING.text("outage_told", language="zh", facts=facts | {"ended": ended})

    assert "14:39到15:10，没有发出过提醒" in said("2026-11-27T07:10:00+00:00")
    assert "14:39到11月28日（周六） 09:40，" in said("2026-11-28T01:40:00+00:00")
