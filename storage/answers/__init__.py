"""Answers: the office's own short texts, and the questions that a person has to answer."""

from storage.answers.asking import (
    Question,
    answer_question,
    ask_staff,
    get_question,
    list_questions,
    next_question_at,
    remind_of_questions,
    withdraw_question,
)
from storage.answers.keeping import (
    Answer,
    Text,
    add_answer,
    change_answer,
    find_answer,
    get_answer,
    list_answers,
    plant_answers,
    restore_answer,
    review_answer,
    withdraw_answer,
)

__all__ = [
    "Answer",
    "Question",
    "Text",
    "add_answer",
    "answer_question",
    "ask_staff",
    "change_answer",
    "find_answer",
    "get_answer",
    "get_question",
    "list_answers",
    "list_questions",
    "next_question_at",
    "plant_answers",
    "remind_of_questions",
    "restore_answer",
    "review_answer",
    "withdraw_answer",
    "withdraw_question",
]
