"""A row of a sheet as values of the register, or the reasons why it cannot be taken over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from storage.rules.certificate import (
    CertificateNumber,
    NumberProblem,
    read_certificate,
    read_identity,
    tidy,
)
from storage.rules.fields import FIELDS, Field, Kind, Register
from storage.rules.importing.cells import Cell, Fact, Reason, cell_text, is_fault, says_nothing
from storage.rules.importing.days import Day, read_day
from storage.rules.importing.numbers import read_amount, read_id_text, read_phones
from storage.rules.importing.words import (
    find_community,
    read_choice,
    read_choices,
    read_community,
    read_disability,
    read_name,
    read_yes_no,
)

TEXT_LIMIT = 300
CATEGORY_KEYS = {
    "视力": "visual",
    "听力": "hearing",
    "言语": "speech",
    "肢体": "physical",
    "智力": "intellectual",
    "精神": "psychiatric",
    "多重": "multiple",
}
# Read as a birth: not in the future.
_BIRTHS = frozenset({"born_on"})

Values = dict[str, Fact]


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a row needs to know beside the row."""

    register: Register
    communities: Mapping[str, int]
    today: date
    community: int | None = None
    from_1904: bool = False


@dataclass(frozen=True, slots=True)
class RowReading:
    """What was read; with ``reasons`` the row is not taken over, ``warnings`` only are told."""

    values: Values
    reasons: list[Reason] = field(default_factory=list)
    warnings: list[Reason] = field(default_factory=list)


def read_row(row: Sequence[Cell], mapping: Mapping[int, str], context: Context) -> RowReading:
    """Read the mapped columns of a row (``mapping``: place of the column to key of the field)."""
    reading = RowReading(values={})
    fields = FIELDS[context.register]
    for at, key in sorted(mapping.items()):
        target = fields.get(key)
        if target is None or at >= len(row):
            continue
        cell = row[at]
        if is_fault(cell):
            reading.reasons.append(Reason("formula_error", {"value": str(cell)}, at))
        elif not says_nothing(cell) or _is_option(target, cell):
            _take(reading, target, cell, at, context)
    _look_across(reading, {key: at for at, key in mapping.items()}, context)
    return reading


def _is_option(target: Field, cell: Cell) -> bool:
    """无 is an answer where it is one of the options, and nothing elsewhere."""
    text = cell_text(cell)
    return bool(text) and bool(target.options) and target.find_option(text) is not None


def _take(reading: RowReading, target: Field, cell: Cell, at: int, context: Context) -> None:
    if target.key in ("category", "grade"):
        _take_disability(reading, target, cell, at)
        return
    found = _read(target, cell, context)
    if isinstance(found, Reason):
        reading.reasons.append(found.at(at))
    elif found is not None:
        reading.values[target.key] = found
        if target.kind is Kind.PHONE:
            _count_phones(reading, cell, at)


def _read(target: Field, cell: Cell, context: Context) -> Fact | Reason:
    if target.key == "name":
        return read_name(cell)
    if target.key == "community":
        return read_community(cell, context.communities)
    if target.key == "certificate_expires_on" and "长期" in cell_text(cell):
        return None
    before = context.today + timedelta(days=1) if target.key in _BIRTHS else None
    if target.kind is Kind.DATE:
        day = read_day(cell, from_1904=context.from_1904, before=before)
        return str(day) if isinstance(day, Day) else day
    return _KINDS[target.kind](target, cell, context)


def _read_phone(_target: Field, cell: Cell, _context: Context) -> Fact | Reason:
    phones = read_phones(cell)
    return phones if isinstance(phones, Reason) else phones.first


def _read_choice(target: Field, cell: Cell, _context: Context) -> Fact | Reason:
    return read_choice(cell, _options(target))


def _read_choices(target: Field, cell: Cell, _context: Context) -> Fact | Reason:
    return read_choices(cell, _options(target))


def _read_text(target: Field, cell: Cell, _context: Context) -> Fact | Reason:
    text = cell_text(cell)
    if target.key == "id_number":
        # A volunteer's may be a passport, but never what Excel left of a number.
        number = read_id_text(cell)
        if isinstance(number, Reason) and number.key == "number_eaten":
            return number
    if len(text) > TEXT_LIMIT:
        return Reason("text_too_long", {"limit": TEXT_LIMIT})
    return text


def _read_identity(_target: Field, cell: Cell, context: Context) -> Fact | Reason:
    text = read_id_text(cell)
    if isinstance(text, Reason):
        return text
    identity = read_identity(text, today=context.today)
    if isinstance(identity, NumberProblem):
        # A certificate number in this column says the identity number in its first 18 signs.
        certificate = read_certificate(text, today=context.today)
        if isinstance(certificate, CertificateNumber):
            return certificate.identity.number
        return Reason(f"id_{identity.value}", {"value": text})
    return identity.number


def _read_certificate(_target: Field, cell: Cell, context: Context) -> Fact | Reason:
    text = read_id_text(cell)
    if isinstance(text, Reason):
        return text
    certificate = read_certificate(text, today=context.today)
    if isinstance(certificate, NumberProblem):
        return Reason(f"certificate_{certificate.value}", {"value": text})
    return certificate.number


_KINDS: Mapping[Kind, Callable[[Field, Cell, Context], Fact | Reason]] = {
    Kind.TEXT: _read_text,
    Kind.PHONE: _read_phone,
    Kind.NUMBER: lambda _target, cell, _context: read_amount(cell),
    Kind.BOOL: lambda _target, cell, _context: read_yes_no(cell),
    Kind.CHOICE: _read_choice,
    Kind.LIST: _read_choices,
    Kind.ID_NUMBER: _read_identity,
    Kind.CERTIFICATE: _read_certificate,
}


def _options(target: Field) -> Mapping[str, Sequence[str]]:
    return {one.key: (one.zh, one.en, *one.aliases) for one in target.options}


def _take_disability(reading: RowReading, target: Field, cell: Cell, at: int) -> None:
    """Either column may say both: "视力一级"."""
    plain = target.find_option(cell_text(cell))
    if plain is not None:
        _put(reading, target.key, plain.key, at)
        return
    found = read_disability(cell)
    if isinstance(found, Reason):
        reading.reasons.append(found.at(at))
        return
    if found.category is not None:
        _put(reading, "category", CATEGORY_KEYS[found.category], at)
    if found.grade is not None:
        _put(reading, "grade", str(found.grade), at)


def _put(reading: RowReading, key: str, value: str, at: int) -> None:
    if reading.values.get(key, value) != value:
        reading.reasons.append(Reason(f"{key}_differs", {}, at))
    reading.values[key] = value


def _count_phones(reading: RowReading, cell: Cell, at: int) -> None:
    phones = read_phones(cell)
    if not isinstance(phones, Reason) and phones.more:
        reading.warnings.append(Reason("phone_more", {"more": phones.more}, at))


def _look_across(reading: RowReading, places: Mapping[str, int], context: Context) -> None:
    """What the cells of a row say about each other."""
    values = reading.values
    if "name" not in values and not any(r.column == places.get("name") for r in reading.reasons):
        reading.reasons.append(Reason("name_missing", {}, places.get("name")))
    if "community" not in values:
        _place(reading, places, context)
    number = values.get("certificate_number")
    if isinstance(number, str):
        certificate = read_certificate(number, today=context.today)
        if isinstance(certificate, CertificateNumber):
            _compare_certificate(reading, certificate, places)
    elif isinstance(values.get("id_number"), str) and context.register is Register.RESIDENT:
        identity = read_identity(str(values["id_number"]), today=context.today)
        if not isinstance(identity, NumberProblem):
            at = places.get("id_number")
            _agree(reading, "sex", identity.sex.value, places)
            _agree_birth(reading, identity.born_on, places)
            if not identity.check_right:
                reading.warnings.append(Reason("check_digit_wrong", {}, at))


def _place(reading: RowReading, places: Mapping[str, int], context: Context) -> None:
    """Without a column of it the sheet's community counts, or the one that the address names."""
    if context.community is not None and "community" not in places:
        reading.values["community"] = context.community
        return
    if any(reason.key == "community_unknown" for reason in reading.reasons):
        return
    named = find_community(str(reading.values.get("address", "")), context.communities)
    if named is not None:
        reading.values["community"] = named


def _compare_certificate(
    reading: RowReading, certificate: CertificateNumber, places: Mapping[str, int]
) -> None:
    identity = certificate.identity
    _agree(reading, "sex", identity.sex.value, places)
    _agree(reading, "category", certificate.category.value, places)
    _agree(reading, "grade", str(certificate.grade), places)
    _agree_birth(reading, identity.born_on, places)
    written = reading.values.get("id_number")
    if isinstance(written, str) and tidy(written) != identity.number:
        reading.reasons.append(Reason("id_number_differs", {}, places.get("id_number")))
    reading.values["id_number"] = identity.number
    if not certificate.check_right:
        at = places.get("certificate_number")
        reading.warnings.append(Reason("check_digit_wrong", {}, at))


def _agree(reading: RowReading, key: str, said: str, places: Mapping[str, int]) -> None:
    if reading.values.get(key, said) != said:
        reading.reasons.append(Reason(f"{key}_differs", {}, places.get(key)))
    reading.values[key] = said


def _agree_birth(reading: RowReading, born_on: date, places: Mapping[str, int]) -> None:
    written = reading.values.get("born_on")
    if isinstance(written, str) and not born_on.isoformat().startswith(written):
        reading.reasons.append(Reason("born_on_differs", {}, places.get("born_on")))
    reading.values["born_on"] = born_on.isoformat()
