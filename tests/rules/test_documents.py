"""Which edition is in force, and what the register is shipped with."""

from dataclasses import dataclass
from datetime import date

from storage.rules.documents import in_force, shipped_documents


@dataclass(frozen=True)
class Kept:
    number: int
    effective_on: date


FIRST, SECOND = Kept(1, date(2026, 1, 1)), Kept(2, date(2026, 12, 1))


def test_a_new_edition_takes_over_on_its_day_and_not_before() -> None:
    assert in_force([FIRST, SECOND], date(2025, 12, 31)) is None
    assert in_force([FIRST, SECOND], date(2026, 11, 30)) is FIRST
    assert in_force([FIRST, SECOND], date(2026, 12, 1)) is SECOND


def test_a_later_edition_that_took_effect_earlier_still_counts() -> None:
    corrected = Kept(3, date(2026, 6, 1))
    assert in_force([FIRST, SECOND, corrected], date(2026, 12, 5)) is corrected


def test_both_basis_documents_are_shipped_with_their_numbers() -> None:
    assert [one.reference for one in shipped_documents()] == [
        "垫府残工委办发〔2020〕11号",
        "垫桂阳街道发〔2020〕116号",
    ]
