"""A slot as buttons carry it: the organisation, the first day, and which part it is."""

from datetime import date

from handlers.turn import read_number
from storage.refusals import Fact, TooLate
from storage.rules.duty import Part, Span, week_of

_LETTERS = {"a": Part.ALL, "d": Part.DAY, "n": Part.NIGHT}
WEEK = "w"


def write_day(day: date) -> str:
    """A day on a button."""
    return f"{day:%Y%m%d}"


def read_day(text: str) -> date:
    """A day off a button; a forged one is out of date."""
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        raise TooLate
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as error:
        raise TooLate from error


def write_span(span: Span) -> str:
    """A slot on a button."""
    letter = (
        WEEK if span.is_week else next(one for one, part in _LETTERS.items() if part is span.part)
    )
    return f"{write_day(span.first)}{letter}"


def read_span(text: str) -> Span:
    """A slot off a button."""
    day, letter = read_day(text[:8]), text[8:]
    if letter == WEEK:
        return week_of(day)
    if letter not in _LETTERS:
        raise TooLate
    return Span(day, day, _LETTERS[letter])


def read_place(extra: str) -> tuple[int, Span, str]:
    """Off a button: the organisation, the slot, and what follows it."""
    organisation, _, rest = extra.partition(".")
    number = read_number(organisation)
    if number is None:
        raise TooLate
    return number, read_span(rest[:9]), rest[9:]


def span_facts(span: Span) -> dict[str, Fact]:
    """A slot for the wording."""
    return {
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "part": "week" if span.is_week else span.part.value,
    }
