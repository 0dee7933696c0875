"""What the columns of a register may be called, and which of them an import writes."""

from collections.abc import Mapping, Sequence

from storage.rules.fields import FIELDS, Field, Place, Register
from storage.rules.importing.cells import Cell
from storage.rules.importing.headers import Header, Names, find_header

# The column that a file of unread rows comes back with; it is passed over when sent again.
REASONS_TITLE = "没有导入的原因"
IGNORED = "ignored"
# One column of both: it is read as the category, and the grade comes with it.
_BOTH = (
    "残疾类别等级",
    "类别等级",
    "残疾类别及等级",
    "残疾类别和等级",
    "残疾类别级别",
    "残疾情况",
    "残疾类型等级",
)
_MORE: Mapping[Register, Mapping[str, tuple[str, ...]]] = {
    Register.RESIDENT: {"category": _BOTH},
    Register.VOLUNTEER: {"name": ("志愿者姓名",)},
}
# Counted from other records: known, so no question is asked about it, and not written.
UNWRITTEN = frozenset({Place.DERIVED})


def _names(register: Register) -> Names:
    fields = {
        field.key: (field.zh, field.en, *field.aliases, *_MORE[register].get(field.key, ()))
        for field in FIELDS[register].values()
    }
    return Names({IGNORED: (REASONS_TITLE,), **fields})


NAMES: Mapping[Register, Names] = {register: _names(register) for register in Register}


def is_written(register: Register, key: str | None) -> bool:
    """Whether an import writes the field of this key."""
    field = FIELDS[register].get(key or "")
    return field is not None and field.place not in UNWRITTEN


def list_targets(register: Register) -> list[Field]:
    """The fields that a column may be given by hand, in the order of the register."""
    return [field for field in FIELDS[register].values() if field.place not in UNWRITTEN]


def recognise(
    rows: Sequence[Sequence[Cell]], *, like: Register | None = None
) -> tuple[Register, Header] | None:
    """Find the header, and which of the two registers it is the header of."""
    registers = [like] if like else list(Register)
    found = [
        (register, header)
        for register in registers
        if (header := find_header(rows, NAMES[register])) is not None
    ]
    if not found:
        return None
    # The first of equals is the register of residents.
    return max(found, key=lambda one: len(one[1].known))
