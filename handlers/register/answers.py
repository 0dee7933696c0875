"""Typed answers for a column, each kind read as people write it."""

from datetime import date

from handlers.dialogue import BadAnswer
from storage.rules.certificate import IdentityNumber, read_identity
from storage.rules.fields import Field, Kind
from storage.rules.importing.days import Day, read_day
from storage.rules.numbers import parse_count
from storage.rules.phones import Phone, parse_phone
from storage.rules.text import clean

LIMIT = 200
NAME_LIMIT = 64
# Beyond any answer, yet short enough to tell "too long" from "cut in silence".
READ_LIMIT = 1000
HIGHEST = 9_999


def read_answer(field: Field, text: str, *, today: date) -> str | int:
    """Read what was typed; raises BadAnswer when it does not fit the column."""
    if field.kind is Kind.PHONE:
        return _phone(text)
    if field.kind is Kind.DATE:
        return read_date(text, today=today, past=field.key == "born_on")
    if field.kind is Kind.NUMBER:
        return _count(text)
    if field.kind is Kind.ID_NUMBER:
        return _identity(text, today)
    return _words(text, NAME_LIMIT if field.key == "name" else LIMIT)


def read_date(text: str, *, today: date, past: bool) -> str:
    """A day, or a month alone, as ISO text; ``past``: it cannot lie ahead."""
    day = read_day(text)
    if not isinstance(day, Day):
        raise BadAnswer("date")
    if past and (day.year, day.month, day.day or 1) > (today.year, today.month, today.day):
        raise BadAnswer("date_ahead")
    return str(day)


def _words(text: str, limit: int) -> str:
    words = " ".join((clean(text, limit=READ_LIMIT) or "").split())
    if not words:
        raise BadAnswer("words_empty")
    if len(words) > limit:
        raise BadAnswer("words_long", limit=limit)
    return words


def _phone(text: str) -> str:
    phone = parse_phone(text)
    if not isinstance(phone, Phone):
        raise BadAnswer("phone", problem=phone.value)
    return phone.e164


def _count(text: str) -> int:
    count = parse_count(text, 0, HIGHEST)
    if count is None:
        raise BadAnswer("count", high=HIGHEST)
    return count


def _identity(text: str, today: date) -> str:
    identity = read_identity(text, today=today)
    if not isinstance(identity, IdentityNumber) or not identity.check_right:
        raise BadAnswer("identity")
    return identity.number
