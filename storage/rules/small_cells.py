"""Which cells of tables are not shown to those who see no people, so that none can be worked out.

A cell of one to four could point to somebody. Hiding it alone is not enough: the total less what
is shown would tell it. So each line that hides one hides more, until at least two and together at
least five are hidden, or its total is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.rules.weeks import FEW

# What a cell is of, such as ("category", "errand", "closed").
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Cells that add up to a total, which may itself be a cell of another line."""

    parts: Sequence[Key]
    total: Key


def hidden_cells(cells: Mapping[Key, int], lines: Iterable[Line]) -> frozenset[Key]:
    """The cells not to be shown: the small ones, and those that would give them away."""
    hidden = {key for key, number in cells.items() if 0 < number < FEW}
    todo = list(lines)
    changed = True
    while changed:
        changed = False
        for line in todo:
            while (more := _gives_away(cells, line, hidden)) is not None:
                hidden.add(more)
                changed = True
    return frozenset(hidden)


def _gives_away(cells: Mapping[Key, int], line: Line, hidden: set[Key]) -> Key | None:
    """The next cell to hide in a line that gives a hidden one away; None when it does not."""
    parts = [key for key in line.parts if cells.get(key, 0)]
    kept_back = [key for key in parts if key in hidden]
    if line.total in hidden:
        # Shown parts that are all of it would tell the total.
        return min(parts, key=cells.__getitem__) if parts and not kept_back else None
    if not kept_back:
        return None
    if len(kept_back) > 1 and sum(cells[key] for key in kept_back) >= FEW:
        return None
    shown = [key for key in parts if key not in hidden]
    return min(shown, key=cells.__getitem__) if shown else line.total
