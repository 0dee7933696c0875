"""Respect: whether words about somebody may be kept for others to read."""

import tomllib
from importlib.resources import files

from storage.rules.numerals import half_width

_TEXT = files("storage.rules").joinpath("data", "respect.toml").read_text(encoding="utf-8")
DISRESPECTFUL: tuple[str, ...] = tuple(tomllib.loads(_TEXT)["words"])


def find_disrespectful(text: str) -> str | None:
    """The first word that hurts, or None; signs set between its letters do not hide it."""
    bare = "".join(char for char in half_width(text).casefold() if char.isalnum())
    return next((word for word in DISRESPECTFUL if word in bare), None)
