"""Typed equivalents of buttons: a number, or the words on it, in any language."""

import re
from dataclasses import dataclass
from functools import lru_cache

from handlers.turn import Press, Turn
from messages.render import LANGUAGES, Wording
from storage.choices import Choice, list_choices
from storage.rules.text import normalise

# Not NFKC, which would read ² and ② as a choice.
FULL_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)}


@dataclass(frozen=True, slots=True)
class Typed:
    """What typed text chooses: one press, or several that fit, or one on a card elsewhere."""

    press: Press | None = None
    several: tuple[int, ...] = ()
    elsewhere: Press | None = None


# The standing menu: a key's label and the command that it stands for.
MENU = {"menu.mine": "mine", "menu.help": "help", "menu.office": "office"}


@lru_cache(maxsize=4)
def _menu(wording: Wording) -> dict[str, str]:
    return {
        normalise(wording.label(key, language=language)): command
        for key, command in MENU.items()
        for language in LANGUAGES
    }


def find_menu_key(turn: Turn, text: str) -> str | None:
    """Return the command of the standing menu's key that the text is, in any language."""
    return _menu(turn.wording).get(normalise(text)) if len(text) <= 60 else None


def find_typed(turn: Turn, text: str) -> Typed:
    """Find the open choice that the text names.

    While a form is open its own choices come first: "30" answers "how many minutes?", even if
    another card has a button 30; that one is given back as ``elsewhere``.
    """
    short = text.translate(FULL_WIDTH).strip().rstrip(".。")
    if len(short) > 60:
        return Typed()
    choices = list_choices(turn.session, chat_id=turn.chat_id)
    if not choices:
        return Typed()
    in_form = any(choice.card == "form" for choice in choices)
    if re.fullmatch(r"[0-9]{1,3}", short):
        found = [choice for choice in choices if choice.number == int(short)]
        if not found:
            return Typed()
        press = Press.parse(found[0].data)
        if in_form and found[0].card != "form":
            return Typed(elsewhere=press)
        return Typed(press=press)
    return _by_words(turn, choices, normalise(short), in_form=in_form)


def _by_words(turn: Turn, choices: list[Choice], words: str, *, in_form: bool) -> Typed:
    if not words:
        return Typed()
    fitting = [choice for choice in choices if words in _names(turn, choice)]
    if in_form:
        fitting = [choice for choice in fitting if choice.card == "form"] or fitting
    if len(fitting) > 1:
        return Typed(several=tuple(sorted(choice.number for choice in fitting)))
    return Typed(press=Press.parse(fitting[0].data)) if fitting else Typed()


def _names(turn: Turn, choice: Choice) -> set[str]:
    labels = (
        turn.wording.label(choice.label, language=language, facts=choice.facts)
        for language in LANGUAGES
    )
    return {normalise(label) for label in labels}
