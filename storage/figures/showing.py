"""Figures fit for who sees them: for those who see no people no cell that points to somebody."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from storage.figures.counting import Counts
from storage.rules.areas import LIFE_AT_HOME
from storage.rules.small_cells import Key, Line, hidden_cells
from storage.rules.weeks import FEW

STANDS = ("closed", "under_way", "waiting", "cancelled")
WAITING = "waiting"
MEASURES = ("answer_seconds", "claim_seconds", "done_seconds")


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells by what they are of; ``hidden`` are those that this reader is not shown."""

    cells: Counter[Key]
    hidden: frozenset[Key] = field(default_factory=frozenset, kw_only=True)

    def cell(self, *key: str) -> int | None:
        """A figure, or None when it is not shown."""
        return None if key in self.hidden else self.cells[key]

    def most(self, kind: str, *, stand: str | None = None) -> Sequence[str]:
        """What a kind of cells is of, the most first; hidden ones last."""
        names = {key[1] for key in self.cells if key[0] == kind}
        keys = {name: (kind, name, stand) if stand else (kind, name) for name in names}
        return sorted(
            names, key=lambda name: (keys[name] in self.hidden, -self.cells[keys[name]], name)
        )


@dataclass(frozen=True, slots=True)
class Shown(Cells):
    """The figures of needs.

    Keys: ("category", c), ("category", c, stand), ("community", m …), ("action", a …),
    ("unmet", m, c), ("stand", s), ("all",), ("home",), ("home", stand).
    """

    counts: Counts

    def share_claimed(self) -> int | None:
        """Of a hundred needs that were not taken back, so many were taken on by somebody."""
        total = self.cells[("all",)] - self.cells[("stand", "cancelled")]
        if not total or (self.hidden and total < FEW):
            return None
        return min(100, round(100 * self.counts.claimed / total))


def show_counts(counts: Counts, *, sees_people: bool) -> Shown:
    """Lay the counts out; whoever sees no people is shown no cell that points to somebody."""
    cells = _cells(counts)
    if sees_people:
        return Shown(cells, counts)
    return Shown(cells, counts, hidden=hidden_cells(cells, _lines(cells)))


def _cells(counts: Counts) -> Counter[Key]:
    cells: Counter[Key] = Counter()
    for (place, category, action, stand), number in counts.needs.items():
        community = str(place)
        for kind, name in (("category", category), ("community", community), ("action", action)):
            cells[(kind, name)] += number
            cells[(kind, name, stand)] += number
        if stand == WAITING:
            cells[("unmet", community, category)] += number
        cells[("stand", stand)] += number
        cells[("all",)] += number
    if at_home := counts.at_home():
        cells[("home",)] = at_home
        for stand in STANDS:
            cells[("home", stand)] = counts.at_home(stand)
    return cells


def _lines(cells: Counter[Key]) -> list[Line]:
    """What adds up to what, in all tables together."""
    lines = [Line([("stand", stand) for stand in STANDS], ("all",))]
    lines.append(Line([("home", stand) for stand in STANDS], ("home",)))
    for kind in ("category", "community", "action"):
        names = sorted({key[1] for key in cells if key[0] == kind})
        lines.append(Line([(kind, name) for name in names], ("all",)))
        lines += [Line([(kind, one, stand) for stand in STANDS], (kind, one)) for one in names]
        lines += [
            Line([(kind, name, stand) for name in names], ("stand", stand)) for stand in STANDS
        ]
    return lines + list(_unmet_lines(cells)) + list(_home_lines(cells))


def _unmet_lines(cells: Counter[Key]) -> Iterable[Line]:
    unmet = [key for key in cells if key[0] == "unmet"]
    for at, kind in ((1, "community"), (2, "category")):
        for name in sorted({key[at] for key in unmet}):
            yield Line([key for key in unmet if key[at] == name], (kind, name, WAITING))


def _home_lines(cells: Counter[Key]) -> Iterable[Line]:
    """The everyday ones are some of the categories: their sum must tell none of them."""
    from_home = [key for key in cells if key[0] == "category" and key[1] in _at_home()]
    for stand in (None, *STANDS):
        parts = [key for key in from_home if key[2:] == ((stand,) if stand else ())]
        yield Line(parts, ("home", stand) if stand else ("home",))


def _at_home() -> frozenset[str]:
    return frozenset(category.value for category in LIFE_AT_HOME)
