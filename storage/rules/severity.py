"""Who counts as severe, as mild, and as in need of key care: a policy with stated defaults."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Severity:
    """The sets that decide; the office's own replace them in the settings."""

    severe: frozenset[int]
    mild: frozenset[int]
    extended_categories: frozenset[str]
    extended_grades: frozenset[int]
    key_care_categories: frozenset[str]
    key_care_welfare: frozenset[str]


def _load() -> Severity:
    shipped = files("storage") / "rules" / "data" / "severity.toml"
    known = tomllib.loads(shipped.read_text(encoding="utf-8"))
    return Severity(**{name: frozenset(members) for name, members in known.items()})


DEFAULT_SEVERITY = _load()


def is_severe(grade: int | None, policy: Severity = DEFAULT_SEVERITY) -> bool:
    """重度: by grade alone."""
    return grade in policy.severe


def is_severe_extended(
    category: str | None, grade: int | None, policy: Severity = DEFAULT_SEVERITY
) -> bool:
    """Severe, or in the wider set that some places pay the nursing subsidy to."""
    return is_severe(grade, policy) or (
        category in policy.extended_categories and grade in policy.extended_grades
    )


def is_mild(grade: int | None, policy: Severity = DEFAULT_SEVERITY) -> bool:
    """轻度: who may be asked to help others."""
    return grade in policy.mild


def needs_key_care(
    *,
    category: str | None,
    grade: int | None,
    welfare: Collection[str],
    old: bool,
    several: bool,
    policy: Severity = DEFAULT_SEVERITY,
) -> bool:
    """重点照顾 by 重庆市残疾人保障条例 art. 32(1); ``several``: others in the household too."""
    if category is None or not policy.key_care_welfare & set(welfare):
        return False
    return category in policy.key_care_categories or is_severe(grade, policy) or old or several
