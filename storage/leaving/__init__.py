"""Leaving and being forgotten: what ends, what must be handed over first, and what stays."""

from storage.leaving.erasing import NotErased, erase, is_erased
from storage.leaving.going import Left, hand_to_office, leave
from storage.leaving.open_work import list_held_roles, list_reasons

__all__ = [
    "Left",
    "NotErased",
    "erase",
    "hand_to_office",
    "is_erased",
    "leave",
    "list_held_roles",
    "list_reasons",
]
