"""What a conversation offers to the router; one line in registry.py takes it in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from handlers.dialogue import Form
from handlers.turn import Press, Turn


@dataclass(frozen=True, slots=True)
class Topic:
    """Commands, presses by topic word, forms, and what it makes of free words or media.

    ``words`` and ``media`` return whether they took the message. ``entries`` are asked before words
    of danger are listened for: what staff write about somebody else rings about that person.
    """

    commands: Mapping[str, Callable[[Turn], None]] = field(default_factory=dict)
    presses: Mapping[str, Callable[[Turn, Press], None]] = field(default_factory=dict)
    forms: tuple[Form, ...] = ()
    words: Callable[[Turn, str], bool] | None = None
    entries: Callable[[Turn, str], bool] | None = None
    media: Callable[[Turn], bool] | None = None
