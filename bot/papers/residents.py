"""The residents' register as a workbook: the rows, and how they fall into classes."""

from collections.abc import Iterator

from bot.office import lines
from bot.office.lines import Chart, Column, Line, Value
from bot.office.work import Paper, Work
from bot.papers.registers import (
    Export,
    about,
    begin,
    cross,
    finish,
    pages,
    register_lines,
    single,
)
from storage.exports import Row, count_needs_by_area, list_residents
from storage.rules.ages import BANDS
from storage.rules.fields import OPTIONS

UNKNOWN = ""
GROUPS = ("severe", "key_care", "elderly_disabled", "several_disabled", "lives_alone")


def make(work: Work) -> Paper:
    """Make the workbook; raises NotMade."""
    export = begin(work)
    title = export.word("residents")
    body = work.make(_lines(export, title))
    return finish(export, title, body)


def _lines(export: Export, title: str) -> Iterator[Line]:
    yield lines.workbook(title)
    rows = _counted(export, pages(export, list_residents))
    yield from register_lines(export, title, rows)
    yield from _classes(export)
    yield from _by_community(export)


def _counted(export: Export, rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        category, grade = str(row["category"] or UNKNOWN), str(row["grade"] or UNKNOWN)
        place = str(row["community"] or UNKNOWN)
        export.count("grade", category, grade)
        export.count("place", place, category)
        export.count("cell", place, category, grade)
        export.count("age", str(row["age_band"] or UNKNOWN))
        for group in GROUPS:
            if row.get(group) is True:
                export.count("group", group)
        yield row


def _classes(export: Export) -> Iterator[Line]:
    """The sheet of small tables, each with its chart."""
    word = export.word
    categories, grades = _words(export, "category"), _words(export, "grade")
    yield lines.sheet(word("classes"))
    yield lines.note(about(export))
    yield cross(export, word("category_grade"), word("category"), categories, grades, "grade")
    places = [(one, one or word("nowhere")) for one in _places(export)]
    yield cross(export, word("place_category"), word("place"), places, categories, "place")
    yield single(export, word("ages"), word("age"), _bands(export), "age")
    groups = [(group, word(group)) for group in GROUPS]
    yield single(export, word("groups"), word("group"), groups, "group", kind="rows")
    needs = export.work.do(
        count_needs_by_area, now=export.work.now(), actor=export.reader, choice=export.choice
    )
    if needs:
        columns = [Column(word("area")), Column(word("needs"), "number")]
        rows: list[list[Value]] = [
            [export.work.label(f"area.{area}"), export.cell(count)] for area, count in needs.items()
        ]
        chart = Chart(word("areas"), "rows")
        yield lines.table(word("areas"), columns, rows, chart=chart)


def _by_community(export: Export) -> Iterator[Line]:
    """Community by category by grade, as a list that can be filtered."""
    word = export.word
    categories, grades = _words(export, "category"), _words(export, "grade")
    columns = [Column(word("place")), Column(word("category"))]
    columns += [Column(one, "number") for _, one in grades]
    columns.append(Column(word("total"), "number"))
    title = word("by_place")
    yield lines.sheet(title, columns, title=title, notes=[about(export)], frozen_columns=1)
    for place in _places(export):
        for category, name in categories:
            cells = [export.counts[("cell", place, category, grade)] for grade, _ in grades]
            if any(cells):
                total = export.cell(sum(cells))
                yield [place or word("nowhere"), name, *map(export.cell, cells), total]


def _places(export: Export) -> list[str]:
    places = {key[1] for key in export.counts if key[0] == "place"}
    return sorted(places, key=lambda place: (place == UNKNOWN, place))


def _words(export: Export, name: str) -> list[tuple[str, str]]:
    """The options in the order of the standard, and at last what is not known."""
    known = [(one.key, one.zh if export.chinese else one.en) for one in OPTIONS[name]]
    return [*known, (UNKNOWN, export.word("unknown"))]


def _bands(export: Export) -> list[tuple[str, str]]:
    bands = []
    for low, high in zip(BANDS, [*BANDS[1:], None], strict=True):
        if high is None:
            bands.append((f"{low}_", export.work.label("export_word.from_age", low=low)))
        else:
            band = export.work.label("export_word.ages_between", low=low, high=high - 1)
            bands.append((f"{low}_{high - 1}", band))
    return [*bands, (UNKNOWN, export.word("unknown"))]
