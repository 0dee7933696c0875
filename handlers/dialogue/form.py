"""What a form is made of: questions with their check, options, keyboard and whether to skip."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.turn import Turn
from storage.dialogues import Answers
from storage.refusals import Fact


class BadAnswer(Exception):
    """The answer does not fit; ``key`` names the wording ``problem_<key>``."""

    def __init__(self, key: str, **facts: Fact) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Option:
    """One offered answer: the value kept, and the label shown (facts for its wording)."""

    value: str
    label: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


Check = Callable[[Turn, str], Fact]
Options = Callable[[Turn, Answers], Sequence[Option]]
Facts = Callable[[Turn, Answers], Mapping[str, Fact]]
Condition = Callable[[Turn, Answers], bool]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    ``check`` turns typed text into the answer or raises BadAnswer; without it only an option will
    do. ``options`` are offered as numbered buttons; with ``many`` several may be ticked.
    ``keyboard`` names a reply keyboard. ``applies`` says whether to ask at all. ``contact`` accepts
    a shared contact's number through ``check``. ``counts``: digits typed are the answer, never the
    number of a button.
    """

    key: str
    template: str
    check: Check | None = None
    options: Options | None = None
    many: bool = False
    columns: int = 1
    keyboard: str | None = None
    contact: bool = False
    counts: bool = False
    may_skip: bool = False
    applies: Condition | None = None
    facts: Facts | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A conversation: its questions in order, and what to do with the answers at the end.

    ``keep`` is told of each answer: for a form that is to survive another one taking its place.
    """

    topic: str
    questions: tuple[Question, ...]
    finish: Callable[[Turn, Answers], None]
    keep: Callable[[Turn, Answers], None] | None = None

    def question(self, key: str) -> Question:
        """Return the question with this key, or the first one when a release removed it."""
        return next((one for one in self.questions if one.key == key), self.questions[0])
