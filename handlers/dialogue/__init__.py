"""The dialogue engine: declared questions, one row for each half-filled form."""

from handlers.dialogue.engine import ask_current, hear, pick, start
from handlers.dialogue.form import BadAnswer, Form, Option, Question
from handlers.dialogue.words import words_within

__all__ = [
    "BadAnswer",
    "Form",
    "Option",
    "Question",
    "ask_current",
    "hear",
    "pick",
    "start",
    "words_within",
]
