"""Voices and photos of needs: taken in, played to the staff at once, later to whoever helps."""

from storage.needs.media.hearing import (
    MediumHeard,
    Written,
    hear_voice,
    open_sender,
    play_unheard,
    show_medium,
    write_down,
)
from storage.needs.media.moving import move_media, next_media_at
from storage.needs.media.playing import play_media
from storage.needs.media.rows import Medium, find_medium
from storage.needs.media.taking import Sent, Taken, TooManyMedia, take_medium

__all__ = [
    "Medium",
    "MediumHeard",
    "Sent",
    "Taken",
    "TooManyMedia",
    "Written",
    "find_medium",
    "hear_voice",
    "move_media",
    "next_media_at",
    "open_sender",
    "play_media",
    "play_unheard",
    "show_medium",
    "take_medium",
    "write_down",
]
