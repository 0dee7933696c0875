"""Words of a need, as the form keeps them: checked, understood, and put together again."""

from handlers.dialogue import BadAnswer
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.needs import Statement
from storage.refusals import Fact, NotAllowed
from storage.rules.areas import Category, Urgency
from storage.rules.text import clean

# As much as one message holds: the words are kept whole.
WORDS_LIMIT = 4096
ADDRESS_LIMIT = 200
READ_LIMIT = 5000
# Typed words come back from the question as this and the words, apart from any button.
TYPED = "+"


def check_words(turn: Turn, text: str) -> str:
    """Take words of a need; raises BadAnswer when nothing can be seen or it is too long."""
    words = clean(text, limit=READ_LIMIT)
    if words is None:
        raise BadAnswer("need_empty")
    if len(words) > WORDS_LIMIT:
        raise BadAnswer("need_long", limit=WORDS_LIMIT)
    return words


def kept(said: Statement) -> Answers:
    return {
        "category": said.category.value,
        "urgency": said.urgency.value,
        "words": said.words,
    }


def said_in(answers: Answers) -> Statement:
    """The need as the form has it."""
    category = Category(str(answers["category"]))
    if category is Category.NOT_A_NEED:
        category = Category.UNCLEAR
    wished = answers.get("service")
    return Statement(
        category,
        Urgency(str(answers["urgency"])),
        str(answers["words"]),
        service_id=wished if isinstance(wished, int) else None,
    )


def typed_words(turn: Turn, text: str) -> Fact:
    return TYPED + check_words(turn, text)


def check_address(turn: Turn, text: str) -> Fact:
    address = clean(text, limit=ADDRESS_LIMIT)
    if address is None or len(address) < 3:
        raise BadAnswer("need_address")
    return address


def longer(turn: Turn, before: str, more: str) -> str:
    """The words with more added, as a line of their own."""
    return check_words(turn, f"{before}\n{more}")


def resident_in(turn: Turn, answers: Answers) -> int:
    """Whom the need is for: the one chosen, else who writes."""
    chosen = answers.get("whom")
    if isinstance(chosen, str):
        return int(chosen)
    if turn.person is None:
        raise NotAllowed
    return turn.person.id
