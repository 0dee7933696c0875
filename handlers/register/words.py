"""What columns and their values are called in the chat's language."""

from handlers.turn import Turn
from storage.refusals import Fact
from storage.rules.fields import Field, Kind
from storage.rules.phones import Phone, parse_phone, spoken


def name_of(turn: Turn, field: Field) -> str:
    """The column's name."""
    return turn.wording.label(f"{field.register}_field.{field.key}", language=turn.language)


def words_of(turn: Turn, field: Field, value: Fact) -> str:
    """The value as it is read out."""
    if field.kind is Kind.BOOL:
        return turn.wording.label("person.yes" if value else "person.no", language=turn.language)
    if isinstance(value, list):
        joined = "、" if turn.language == "zh" else ", "
        return joined.join(_option(turn, field, one) for one in value)
    if field.kind is Kind.CHOICE:
        return _option(turn, field, str(value))
    if field.kind is Kind.PHONE:
        phone = parse_phone(str(value))
        return spoken(phone) if isinstance(phone, Phone) else str(value)
    return str(value)


def line_of(turn: Turn, field: Field, value: Fact) -> str:
    """Name and value on one line."""
    gap = "：" if turn.language == "zh" else ": "
    return f"{name_of(turn, field)}{gap}{words_of(turn, field, value)}"


def _option(turn: Turn, field: Field, key: str) -> str:
    label = f"choice.{field.option_set}.{key}"
    # A release may have dropped an option that somebody once chose.
    return (
        turn.wording.label(label, language=turn.language) if turn.wording.has_label(label) else key
    )
