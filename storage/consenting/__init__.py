"""Consent in practice: yes, no and taking back with their effects, statements, running out."""

from storage.consenting.answering import (
    ChildNeedsGuardian,
    Known,
    answer,
    get_known,
    list_wards,
)
from storage.consenting.asking import move_consents, next_consent_at
from storage.consenting.witnessing import SpokenTo, enter_statement, list_statable

__all__ = [
    "ChildNeedsGuardian",
    "Known",
    "SpokenTo",
    "answer",
    "enter_statement",
    "get_known",
    "list_statable",
    "list_wards",
    "move_consents",
    "next_consent_at",
]
