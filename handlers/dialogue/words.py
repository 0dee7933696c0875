"""An answer in free words: there must be some, and no more than can be kept."""

from handlers.dialogue.form import BadAnswer
from storage.rules.text import clean


def words_within(text: str, *, limit: int, problem: str = "words") -> str:
    """Return the words; raises BadAnswer, worded as ``problem_<problem>_empty`` or ``_long``."""
    words = clean(text, limit=limit + 1)
    if words is None:
        raise BadAnswer(f"{problem}_empty")
    if len(words) > limit:
        raise BadAnswer(f"{problem}_long", limit=limit)
    return words
