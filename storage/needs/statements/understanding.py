"""Words of a need taken in: read, and laid beside what the office takes on at present."""

from dataclasses import dataclass
from itertools import takewhile

from storage.categories import list_rules
from storage.database import Session
from storage.needs.opening import Statement, understand
from storage.rules.areas import Area, Category, Urgency
from storage.rules.dangers import Danger
from storage.rules.reading import read_need

REASONS_SHOWN = 2
# No need of anybody: never offered in place of one that was understood.
NO_NEED = frozenset({Category.NOT_A_NEED, Category.UNCLEAR})


@dataclass(frozen=True, slots=True)
class Understood:
    """What was said, and how sure: ``why`` and ``soon`` are words that were really said.

    ``off``: a kind of need that the office has switched off; a coordinator looks at it instead.
    """

    said: Statement
    others: tuple[Category, ...]
    why: tuple[str, ...]
    soon: tuple[str, ...]
    off: Category | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether nothing in the words says what is needed."""
        return self.said.category is Category.UNCLEAR and self.off is None


def take_in(session: Session, words: str) -> Understood:
    """Read words of a need; the office's own urgency holds where the words say no other."""
    reading, said = read_need(words), understand(words)
    rules = {rule.category: rule for rule in list_rules(session)}
    # What is less likely than that nothing was said is not worth a button.
    likely = takewhile(lambda one: one is not Category.UNCLEAR, reading.alternatives)
    calm = (reading.category, *likely)
    others = [
        one
        for one in calm
        if one is not said.category
        and one not in NO_NEED
        and rules[one].active
        and rules[one].area is not Area.EMERGENCY
    ]
    rule = rules[said.category]
    usual = not reading.urgent_for and reading.danger is Danger.NONE
    urgency = rule.urgency if usual and rule.urgency is not Urgency.U0 else said.urgency
    off = None if rule.active else said.category
    return Understood(
        Statement(Category.UNCLEAR if off else said.category, urgency, words),
        tuple(others[:2]),
        _really_said(reading.reasons, words),
        _really_said(reading.urgent_for, words),
        off,
    )


def _really_said(found: tuple[str, ...], words: str) -> tuple[str, ...]:
    """Words that stand in the text as they are: dialect and slips were brought to others."""
    return tuple(one for one in found if len(one) > 1 and one in words)[:REASONS_SHOWN]
