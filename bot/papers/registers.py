"""What the exports of both registers share: columns and cells, pages of rows, titles, tables."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.office import lines
from bot.office.lines import Chart, Column, Line, Value
from bot.office.work import NotMade, Paper, Work
from storage.exports import Choice, Page, Row, check_export, columns_of, count_export, note_export
from storage.people import Person, get_person
from storage.refusals import NotAllowed
from storage.rules.fields import Field, Kind
from storage.rules.weeks import FEW

# Some tens of milliseconds: whoever presses a button meanwhile does not notice.
AT_ONCE = 50
FIGURES = "figures"
COLUMN_KINDS = {Kind.NUMBER: "number", Kind.DATE: "date"}
# Frozen on the screen, and repeated where a page ends to the right: who a row is about.
WHO = ("community", "name")

ListPage = Callable[..., Page]


@dataclass(slots=True)
class Export:
    """One export under way: what was asked for, by whom, and what was counted on the way."""

    work: Work
    choice: Choice
    asker: Person
    reader: Person
    total: int
    people: Counter[int | None] = field(default_factory=Counter)
    counts: Counter[tuple[str, ...]] = field(default_factory=Counter)

    @property
    def only_figures(self) -> bool:
        return self.choice.columns == FIGURES

    @property
    def chinese(self) -> bool:
        return self.work.language == "zh"

    def word(self, key: str) -> str:
        """A word of the sheets."""
        return self.work.label(f"export_word.{key}")

    def count(self, *key: str) -> None:
        """Count one more for a cell of a table."""
        self.counts[key] += 1

    def cell(self, number: int) -> Value:
        """A figure as its reader may see it: a small one says too much about somebody."""
        return f"<{FEW}" if self.asker.scope is None and 0 < number < FEW else number


def begin(work: Work) -> Export:
    """Read what was asked for, and look again whether it may be had; raises NotMade."""
    choice = Choice.read(work.facts)
    asker = work.do(get_person, person_id=work.job.asker_id)
    try:
        reader = work.do(check_export, actor=asker, choice=choice)
        counted = work.do(count_export, now=work.now(), actor=asker, choice=choice)
    except NotAllowed as refused:
        raise NotMade("not_allowed") from refused
    return Export(work, choice, asker, reader, counted.people)


def pages(export: Export, list_page: ListPage) -> Iterator[Row]:
    """The rows, some hundred in each transaction, so that nothing waits behind a register."""
    after: int | None = 0
    done = 0
    while after is not None:
        page = export.work.do(
            list_page,
            now=export.work.now(),
            actor=export.reader,
            choice=export.choice,
            after=after,
            limit=AT_ONCE,
        )
        done, after = done + page.scanned, page.last
        for row in page.rows:
            community = row["community_id"]
            export.people[community if isinstance(community, int) else None] += 1
            yield row
        export.work.progress(done, max(export.total, done))


def register_lines(export: Export, title: str, rows: Iterator[Row]) -> Iterator[Line]:
    """The register's own sheet; without one for those who see figures alone."""
    if export.only_figures:
        for _ in rows:
            pass  # they are counted as they pass
        return
    fields = columns_of(export.choice, is_office=export.reader.is_office)
    number = Column(export.word("number"), "number", 6)
    columns = [number, *(_column(export, one) for one in fields)]
    frozen = 1 + max((at + 1 for at, one in enumerate(fields) if one.key in WHO), default=0)
    yield lines.sheet(title, columns, title=title, notes=[about(export)], frozen_columns=frozen)
    for at, row in enumerate(rows, start=1):
        yield [at, *(_cell(export, one, row) for one in fields)]


def about(export: Export) -> str:
    """When it was made, for whom: so that a printed sheet can be traced."""
    moment = export.work.database.house.local(export.work.now())
    return export.work.label(
        "export_word.about", day=f"{moment:%Y-%m-%d %H:%M}", name=export.asker.name
    )


def _column(export: Export, one: Field) -> Column:
    header = one.zh if export.chinese else one.en
    kind = "decimal" if one.key == "hours" else COLUMN_KINDS.get(one.kind, "text")
    return Column(header, kind)


def _cell(export: Export, one: Field, row: Row) -> Value:
    if one.key == "hours":
        minutes = row.get("minutes")
        return round(minutes / 60, 1) if isinstance(minutes, int) else None
    value = row.get(one.key)
    if one.key == "qualifications":
        return _papers(export, value)
    if isinstance(value, list):
        return "、".join(option_word(export, one, str(each)) for each in value)
    if isinstance(value, bool):
        return export.word("yes" if value else "no")
    if one.kind is Kind.PHONE and isinstance(value, str):
        # As people dial it; a plus sign in front would look like a formula.
        return value.removeprefix("+86")
    if isinstance(value, str) and one.options:
        return option_word(export, one, value)
    return value


def option_word(export: Export, one: Field, key: str) -> str:
    """An option in the words of the sheet's language; an unknown one as it is."""
    for option in one.options:
        if option.key == key:
            return option.zh if export.chinese else option.en
    return key


def _papers(export: Export, value: object) -> str:
    words: list[str] = []
    for paper in value if isinstance(value, list) else []:
        kind, _, until = str(paper).partition(":")
        name = export.work.label(f"choice.qualification.{kind}")
        words.append(
            export.work.label("export_word.until", name=name, day=until) if until else name
        )
    return "；".join(words)


def cross(
    export: Export,
    title: str,
    corner: str,
    down: Sequence[tuple[str, str]],
    across: Sequence[tuple[str, str]],
    key: str,
) -> Line:
    """A table of two ways with its totals, and its stacked bars."""
    across = [one for one in across if one[0] or _falls(export, key)]
    columns = [Column(corner), *(Column(word, "number") for _, word in across)]
    columns.append(Column(export.word("total"), "number"))
    rows: list[list[Value]] = []
    sums = [0] * (len(across) + 1)
    for row_key, row_word in down:
        cells = [export.counts[(key, row_key, one)] for one, _ in across]
        cells.append(sum(cells))
        if cells[-1]:
            rows.append([row_word, *map(export.cell, cells)])
            sums = [one + more for one, more in zip(sums, cells, strict=True)]
    rows.append([export.word("total"), *map(export.cell, sums)])
    chart = Chart(title, "stacked", tuple(range(1, len(across) + 1)))
    return lines.table(title, columns, rows, chart=chart, totals=1)


def _falls(export: Export, key: str) -> bool:
    """Whether anybody falls under "not known": else it has no column."""
    return any(count for one, count in export.counts.items() if one[0] == key and not one[2])


def single(
    export: Export,
    title: str,
    corner: str,
    down: Sequence[tuple[str, str]],
    key: str,
    *,
    kind: str = "bar",
) -> Line:
    """A table of one way with its bars; what nobody falls under is left out."""
    found = [(word, export.counts[(key, one)]) for one, word in down]
    rows = [[word, export.cell(count)] for word, count in found if count]
    columns = [Column(corner), Column(export.word("people"), "number")]
    return lines.table(title, columns, rows, chart=Chart(title, kind))


def finish(export: Export, title: str, body: bytes) -> Paper:
    """The paper with its name, and the journal of what went out with it."""
    if not export.people:
        raise NotMade("nobody")
    now = export.work.now()

    def journal(session: Any) -> None:
        note_export(
            session,
            now=now,
            actor_id=export.asker.id,
            choice=export.choice,
            people=export.people,
            job_id=export.work.job.id,
        )

    day = _day(export, now)
    template = "export_done" if not export.only_figures else "export_figures_done"
    facts = {"people": str(export.cell(export.people.total()))}
    return Paper(f"{title}_{day}.xlsx", body, template=template, facts={**facts}, also=journal)


def _day(export: Export, now: datetime) -> str:
    return f"{export.work.database.house.local(now):%Y-%m-%d}"
