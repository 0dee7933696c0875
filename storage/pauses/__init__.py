"""Pauses: somebody is away, has moved or has died; what is sent, and what goes on afterwards."""

from storage.pauses.beginning import AlreadyEnded, begin_pause, tell_staff
from storage.pauses.ending import end_due_pauses, end_pause, next_pause_at, undo_pause
from storage.pauses.moving import move_resident
from storage.pauses.standing import (
    Around,
    PauseCard,
    find_card,
    get_card,
    list_pausable,
    list_people,
    look_around,
)

__all__ = [
    "AlreadyEnded",
    "Around",
    "PauseCard",
    "begin_pause",
    "end_due_pauses",
    "end_pause",
    "find_card",
    "get_card",
    "list_pausable",
    "list_people",
    "look_around",
    "move_resident",
    "next_pause_at",
    "tell_staff",
    "undo_pause",
]
