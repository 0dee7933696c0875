"""How a need was understood: why, what else it may be, and what is asked when nothing says it."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import Option
from handlers.needs.stating.reading import TYPED, check_words, kept
from handlers.turn import Turn
from storage.categories import rule_of
from storage.dialogues import Answers
from storage.needs import take_in
from storage.refusals import Fact
from storage.rules.areas import Category, VolunteerMay

# A press on another kind carries this before its key.
RATHER = "as."


def taken(turn: Turn, words: str) -> Answers:
    """The answers that words of a need begin the form with."""
    understood = take_in(turn.session, words)
    # Both always stand there: what was read before is not left beside the new reading.
    return {
        **kept(understood.said),
        "others": [one.value for one in understood.others],
        "off": understood.off.value if understood.off is not None else None,
    }


def other_kinds(turn: Turn, answers: Answers) -> list[Option]:
    """What else it may be, one press each, as long as the person has not said it themselves."""
    others = answers.get("others")
    if answers.get("settled") or not isinstance(others, list):
        return []
    return [Option(RATHER + key, "need.rather", {"what": _name(turn, key)}) for key in others]


def _name(turn: Turn, key: str) -> str:
    return turn.wording.label(f"category.{key}", language=turn.language)


def chosen_kind(answers: Answers) -> str | None:
    """The other kind that was pressed."""
    review = answers.get("review")
    pressed = isinstance(review, str) and review.startswith(RATHER)
    return str(review).removeprefix(RATHER) if pressed else None


def reading_facts(turn: Turn, answers: Answers, category: Category) -> Mapping[str, Fact]:
    """Why it was understood so, and whether it goes to the office rather than to volunteers."""
    settled = bool(answers.get("settled"))
    understood = None if settled else take_in(turn.session, str(answers["words"]))
    return {
        "why": list(understood.why) if understood else [],
        "soon": list(understood.soon) if understood else [],
        "off": answers.get("off") if not settled else None,
        "to_office": rule_of(turn.session, category).volunteer_may is VolunteerMay.NO,
    }


def switched_off(turn: Turn, answers: Answers) -> str | None:
    """The kind, if it was switched off since it was shown."""
    category = Category(str(answers["category"]))
    return None if rule_of(turn.session, category).active else category.value


def says_nothing(turn: Turn, answers: Answers) -> bool:
    """Whether to ask first what is needed: once, and never of who has said what kind it is."""
    unclear = answers["category"] == Category.UNCLEAR.value and not answers.get("off")
    return unclear and not any(answers.get(key) for key in ("again", "settled", "chat", "media"))


def said_more(answers: Answers) -> str | None:
    """What was typed when it was asked what is needed."""
    told = answers.get("unsaid")
    return told.removeprefix(TYPED) if isinstance(told, str) and told.startswith(TYPED) else None


def unsaid_options(turn: Turn, answers: Answers) -> Sequence[Option]:
    """Whoever cannot say it is asked by a person."""
    return (Option("staff", "need.to_staff"),)


def check_unsaid(turn: Turn, text: str) -> Fact:
    """Take what was typed as more words of the need."""
    return TYPED + check_words(turn, text)
