"""What reaches whom: a volunteer is told what somebody needs, never what they have."""

import re
from pathlib import Path

import pytest

from storage.rules.certificate import DisabilityCategory
from storage.rules.fields import FIELDS, Register
from storage.rules.shown_to import (
    DISABILITY_FIELDS,
    PROFESSIONAL_SUPPORT,
    Viewer,
    fields_for,
    shown_category,
)

MESSAGES = Path(__file__).parents[2] / "messages"
# Everything that can come to somebody because they help: offers, tasks, calls, their own card.
TO_VOLUNTEERS = (
    "offer_",
    "task_",
    "claim_",
    "check_in_call",
    "check_in_stand_in",
    "check_in_taken",
)
UNSAYABLE = ("精神", "智力", "残疾类别", "残疾等级", "psychiatric", "intellectual", "grade")


def test_a_volunteer_sees_nothing_of_a_disability() -> None:
    for register in Register:
        assert not fields_for(Viewer.VOLUNTEER) & DISABILITY_FIELDS[register]
        assert DISABILITY_FIELDS[register] <= set(FIELDS[register])


def test_figures_are_all_that_the_leading_group_sees() -> None:
    assert fields_for(Viewer.LEADING_GROUP) == frozenset()
    assert fields_for(Viewer.PUBLICITY) <= {"name", "community"}


@pytest.mark.parametrize("category", list(DisabilityCategory))
def test_the_psychiatric_category_reads_as_professional_support_to_a_volunteer(
    category: DisabilityCategory,
) -> None:
    shown = shown_category(Viewer.VOLUNTEER, category)
    psychiatric = category is DisabilityCategory.PSYCHIATRIC
    assert shown == (PROFESSIONAL_SUPPORT if psychiatric else None)
    assert shown_category(Viewer.PUBLICITY, category) is None
    assert shown_category(Viewer.STAFF, category) == category.value


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_wording_for_a_volunteer_has_a_place_for_it(language: str) -> None:
    """Every template that somebody who helps can get: no fact, label or word of a disability."""
    hidden = set().union(*(DISABILITY_FIELDS[register] for register in Register)) - {"category"}
    found = []
    for path in sorted((MESSAGES / language).glob("*.j2")):
        if not path.name.startswith(TO_VOLUNTEERS):
            continue
        text = path.read_text(encoding="utf-8")
        used = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"\{[{%].*?[%}]\}", text))))
        found += [f"{path.name}: {name}" for name in sorted(used & hidden)]
        found += [f"{path.name}: {word}" for word in UNSAYABLE if word in text]
        # A need has a category of its own; a disability's label never stands beside it.
        found += [path.name for _ in re.findall(r'label\("(?:disability|field|option)', text)]
    assert found == []
