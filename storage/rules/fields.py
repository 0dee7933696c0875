"""The columns of both registers: what a field is called, where it is kept, and what it may hold."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from storage.rules.numerals import half_width


class Register(StrEnum):
    """The two registers of the programme."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    CHOICE = "choice"
    LIST = "list"  # several of the options
    DATE = "date"  # "1958-11-12", or "1958-11" when only the month is known
    PHONE = "phone"
    NUMBER = "number"
    BOOL = "bool"
    ID_NUMBER = "id_number"
    CERTIFICATE = "certificate"


class Place(StrEnum):
    """Where a value is kept."""

    PERSON = "person"
    HOUSEHOLD = "household"
    CERTIFICATE = "certificate"
    PROFILE = "profile"
    VOLUNTEER = "volunteer"
    LANGUAGES = "languages"
    QUALIFICATION = "qualification"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a choice may be, with the words of both languages and of other sheets."""

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a register; ``section`` is the part of the form where it stands."""

    key: str
    section: str
    register: Register
    kind: Kind
    place: Place
    zh: str
    en: str
    aliases: tuple[str, ...]
    option_set: str | None
    options: tuple[Option, ...]
    sensitive: bool
    shared: bool

    def find_option(self, text: str) -> Option | None:
        """Return the option these words mean, in any of its spellings."""
        wanted = plain(text)
        return next(
            (
                one
                for one in self.options
                if wanted in map(plain, (one.key, one.zh, one.en, *one.aliases))
            ),
            None,
        )


def plain(text: str) -> str:
    """The words of a header or an option without width, case, blanks and brackets."""
    bare = half_width(text).casefold()
    return "".join(char for char in bare if not char.isspace() and char not in "()[]*:_-、/·.'")


def _load() -> tuple[dict[str, tuple[Option, ...]], dict[Register, dict[str, Field]]]:
    shipped = files("storage") / "rules" / "data" / "fields.toml"
    known = tomllib.loads(shipped.read_text(encoding="utf-8"))
    sets = {
        name: tuple(
            Option(key=key, zh=words[0], en=words[1], aliases=tuple(words[2:]))
            for key, words in options.items()
        )
        for name, options in known["options"].items()
    }
    return sets, {
        register: {row["key"]: _field(register, row, sets) for row in known[register.value]}
        for register in Register
    }


def _field(
    register: Register, row: Mapping[str, Any], sets: Mapping[str, tuple[Option, ...]]
) -> Field:
    option_set = row.get("options")
    return Field(
        key=row["key"],
        section=row["section"],
        register=register,
        kind=Kind(row["kind"]),
        place=Place(row["place"]),
        zh=row["zh"],
        en=row["en"],
        aliases=tuple(row["aliases"]),
        option_set=option_set,
        options=sets[option_set] if option_set else (),
        sensitive=row.get("sensitive", False),
        shared=row.get("shared", False),
    )


_SETS, _FIELDS = _load()

# The lists of words by name, "sex" or "relation", and the columns of each register in order.
OPTIONS: Mapping[str, tuple[Option, ...]] = MappingProxyType(_SETS)
FIELDS: Mapping[Register, Mapping[str, Field]] = MappingProxyType(_FIELDS)


def find_field(register: Register, key: str) -> Field | None:
    """Return the column with this key."""
    return FIELDS[register].get(key)


def get_field(register: Register, key: str) -> Field:
    """Return the column with this key; raises LookupError when there is none."""
    found = find_field(register, key)
    if found is None:
        raise LookupError(f"no field {key} in the register of {register}")
    return found


def list_section(register: Register, section: str) -> list[Field]:
    """List the columns of one part of the form."""
    return [field for field in FIELDS[register].values() if field.section == section]


def find_by_header(register: Register, header: str) -> Field | None:
    """Return the column that a sheet's header means, by its name or another word for it."""
    wanted = plain(header)
    for field in FIELDS[register].values():
        if wanted in map(plain, (field.zh, field.en, field.key)):
            return field
    return next(
        (
            field
            for field in FIELDS[register].values()
            if wanted in [plain(alias) for alias in field.aliases]
        ),
        None,
    )
