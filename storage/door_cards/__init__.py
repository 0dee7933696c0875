"""The card for the door, kept with the resident's yes and shown to whoever holds what is urgent."""

from storage.door_cards.keeping import check_door, forget_door, get_door, read_door, write_door
from storage.door_cards.showing import (
    card_facts,
    hide_door_cards,
    open_door_card,
    show_door_card,
)

__all__ = [
    "card_facts",
    "check_door",
    "forget_door",
    "get_door",
    "hide_door_cards",
    "open_door_card",
    "read_door",
    "show_door_card",
    "write_door",
]
