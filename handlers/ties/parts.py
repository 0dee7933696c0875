"""What every form of a tie asks: what is done, how often, and words of one's own."""

from collections.abc import Callable, Sequence

from handlers.dialogue import Option, Question, words_within
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.pairs.ties.items import NAMED, list_items
from storage.refusals import Fact
from storage.rules.pairs import FREQUENCIES, Kind

WORDS_LIMIT = 200
# Nobody cuts hair every day: what is shown is what people agree on.
OFFERED = ("weekly", "fortnightly", "monthly", "when_needed")


def option_of(act: str) -> Option:
    """An item on a button: its label, or the name the office gave it."""
    if act.startswith(NAMED):
        return Option(act, "verbatim", {"text": act.removeprefix(NAMED)})
    return Option(act, f"pair_act.{act}")


def ask_acts(kind_of: Callable[[Answers], Kind]) -> Question:
    """What is done, several if they like."""

    def offer(turn: Turn, answers: Answers) -> Sequence[Option]:
        return [option_of(one.key) for one in list_items(turn.session, kind=kind_of(answers))]

    return Question("acts", "ask_tie_acts", options=offer, many=True)


def _frequencies(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one, f"pair_frequency.{one}") for one in OFFERED]


FREQUENCY = Question("frequency", "ask_pair_frequency", options=_frequencies)


def acts_in(answers: Answers) -> tuple[str, ...]:
    """The items that were ticked."""
    found = answers.get("acts")
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


def frequency_in(answers: Answers) -> str:
    """How often."""
    found = str(answers.get("frequency"))
    return found if found in FREQUENCIES else ""


def check_words(_turn: Turn, text: str) -> Fact:
    """A sentence or two of their own."""
    return words_within(text, limit=WORDS_LIMIT)


def send_option(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    """The last question: shall it be asked?"""
    return [Option("send", "tie.send")]
