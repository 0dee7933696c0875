"""Figures of calls fit for who sees them: by tier and community, of ladders, and of neighbours."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from storage.figures.calls import BY_CALLER, BY_OTHERS, CALL_STANDS, DONE, CallCounts
from storage.figures.counting import NOWHERE
from storage.figures.showing import Cells
from storage.figures.unreached import Unreached
from storage.rules.small_cells import Key, Line, hidden_cells

# A community, its households, and how many of them have a neighbour.
Homes = tuple[int | None, int, int]
PAIRED = ("paired", "unpaired")
# How a call of a tier in one community ended, when all is laid out at once.
IN_TIME = ("on_time", "rest")


@dataclass(frozen=True, slots=True)
class CallsShown(Cells):
    """Keys: ("tier", t), ("tier", t, stand), ("community", m …), ("both", m, t …), ("stand", s),
    ("all",), ("reached",), ("reached", "caller"), ("reached", "others"), ("rung", r),
    ("rung", r, cause), ("cause", c), ("climbed",), ("place", m), ("place", m, "paired"),
    ("homes",), ("homes", "paired"), ("behind", m), ("behind",).
    """

    dropped: int = 0
    people: int = 0
    # Names: for those alone who see people.
    unreached: Sequence[Unreached] = ()

    def share(self, part: Key, whole: Key) -> int | None:
        """Of a hundred so many; None of none, and when either is not shown."""
        some, total = self.cell(*part), self.cell(*whole)
        return round(100 * some / total) if total and some is not None else None


def show_calls(counts: CallCounts, homes: Iterable[Homes], *, sees_people: bool) -> CallsShown:
    """Lay the counts out; whoever sees no people is shown no cell that points to somebody.

    ``homes``: of each community, how many households, and how many of them have a neighbour.
    """
    cells = _cells(counts, homes)
    found = CallsShown(
        cells, dropped=counts.dropped, people=counts.people, unreached=counts.unreached
    )
    if sees_people:
        return found
    return replace(found, hidden=hidden_cells(cells, list(_lines(cells))), unreached=())


def _cells(counts: CallCounts, homes: Iterable[Homes]) -> Counter[Key]:
    cells: Counter[Key] = Counter()
    for (tier, place, stand), number in counts.calls.items():
        of_call: list[Key] = [("tier", tier), ("community", str(place))]
        for key in of_call:
            cells[key] += number
            cells[(*key, stand)] += number
        both = ("both", str(place), tier)
        cells[both] += number
        cells[(*both, "on_time" if stand == "on_time" else "rest")] += number
        cells[("stand", stand)] += number
        cells[("all",)] += number
    for by, number in counts.reached.items():
        cells[("reached",)] += number
        cells[("reached", by)] += number
    for (rung, cause), number in counts.ladders.items():
        of_climb: list[Key] = [("rung", rung), ("rung", rung, cause), ("cause", cause)]
        for key in (*of_climb, ("climbed",)):
            cells[key] += number
    for home_place, households, paired in homes:
        of_home: list[Key] = [("place", str(home_place or NOWHERE)), ("homes",)]
        for key in of_home:
            cells[key] += households
            cells[(*key, "paired")] += paired
            cells[(*key, "unpaired")] += households - paired
    for one in counts.unreached:
        cells[("behind", str(one.community_id))] += 1
        cells[("behind",)] += 1
    return cells


def _lines(cells: Counter[Key]) -> Iterable[Line]:
    """What adds up to what, in all tables together."""
    yield Line([("stand", stand) for stand in CALL_STANDS], ("all",))
    yield Line([("stand", stand) for stand in DONE], ("reached",))
    yield Line([("reached", by) for by in (BY_CALLER, BY_OTHERS)], ("reached",))
    for kind in ("tier", "community"):
        yield from _crossed(cells, kind, CALL_STANDS, whole=("all",), across="stand")
    both = [key for key in cells if key[0] == "both" and len(key) == 3]
    for at, kind in ((1, "community"), (2, "tier")):
        for name in {key[at] for key in both}:
            parts = [key for key in both if key[at] == name]
            yield Line(parts, (kind, name))
            yield Line([(*key, "on_time") for key in parts], (kind, name, "on_time"))
    yield from (Line([(*key, state) for state in IN_TIME], key) for key in both)
    causes = sorted({key[1] for key in cells if key[0] == "cause"})
    yield Line([("cause", one) for one in causes], ("climbed",))
    yield from _crossed(cells, "rung", causes, whole=("climbed",), across="cause")
    yield from _crossed(cells, "place", PAIRED, whole=("homes",), across="homes")
    yield Line([("homes", state) for state in PAIRED], ("homes",))
    behind = [key for key in cells if key[0] == "behind" and len(key) == 2]
    yield Line(behind, ("behind",))


def _crossed(
    cells: Counter[Key], kind: str, columns: Sequence[str], *, whole: Key, across: str
) -> Iterable[Line]:
    """A table of rows and columns, each with its sum."""
    names = sorted({key[1] for key in cells if key[0] == kind})
    yield Line([(kind, name) for name in names], whole)
    for name in names:
        yield Line([(kind, name, column) for column in columns], (kind, name))
    for column in columns:
        yield Line([(kind, name, column) for name in names], (across, column))
