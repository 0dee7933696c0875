"""The figures of needs for a period: words that are read aloud, a picture of them, and a sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.office import lines
from bot.office.lines import Bar, Chart, Column, Line
from bot.office.work import Finish, Work
from bot.papers.reports import (
    Report,
    bar,
    division,
    finish_report,
    first_sheet,
    name_places,
    read_asked,
)
from storage.figures import STANDS, Shown, count_needs, count_stated, show_counts
from storage.organisations import list_actions
from storage.refusals import Fact
from storage.rules.periods import Stretch
from storage.rules.weeks import FEW

# So many lines fit a picture on a phone and are listened to; the rest stands in the sheet.
DRAWN, DRAWN_UNMET = 12, 8
SUMS = (
    *("total", "home", "home_closed", "share", "answer", "claim", "done"),
    *("overdue", "overdue_now", "rated", "rating"),
)
DRAWN_STANDS = ("closed", "under_way", "waiting")


@dataclass(slots=True)
class NeedReport(Report):
    """The figures of needs, with the names of what they are of."""

    labels: ClassVar[str] = "need_figures"

    shown: Shown
    stretch: Stretch
    before: int
    names: dict[str, dict[str, str]]

    def name(self, kind: str, key: str) -> str:
        """A category, community or action by its name."""
        return self.names[kind].get(key) or self.word("nowhere")


def make(work: Work) -> Finish:
    """Count the needs of a period apart from the writer, and have them said and drawn."""
    report = _count(work)
    return finish_report(
        report,
        templates="figures",
        facts=said_facts(report),
        picture=picture_lines(report),
        sheet=sheet_lines(report),
    )


def _count(work: Work) -> NeedReport:
    asker, reader, stretch, period = read_asked(work)
    zone = work.database.house.zone
    read = work.database.read
    counts = read(count_needs, actor=reader, span=period.span(zone))
    before = read(count_stated, actor=reader, span=period.before().span(zone))
    shown = show_counts(counts, sees_people=asker.scope is not None)
    return NeedReport(work, asker, period, shown, stretch, before, _names(work, shown))


def _names(work: Work, shown: Shown) -> dict[str, dict[str, str]]:
    actions = work.do(list_actions)
    return {
        "community": work.do(name_places),
        "action": {one.key: one.name for one in actions},
        "category": {one: work.label(f"category.{one}") for one in shown.most("category")},
    }


def said_facts(report: NeedReport) -> dict[str, Fact]:
    """Everything that the picture shows, and what it does not, as plain facts."""
    shown, counts = report.shown, report.shown.counts
    categories = shown.most("category")[:DRAWN]
    actions = shown.most("action")
    unmet = _unmet(report)[:DRAWN_UNMET]
    facts: dict[str, Fact] = {
        "stretch": report.stretch.value,
        "first": f"{report.period.first}",
        "last": f"{report.period.last}",
        "total": report.said("all"),
        "total_before": report.seen(report.before),
        "share": shown.share_claimed(),
        "overdue": report.seen(counts.overdue),
        "overdue_now": report.seen(counts.overdue_now),
        "rated": report.seen(counts.rated),
        "rating": _rating(report),
        "home": report.said("home"),
        "home_closed": report.said("home", "closed"),
        "hides": bool(shown.hidden),
    }
    facts |= {stand: report.said("stand", stand) for stand in STANDS}
    facts |= {name: _minutes(report, name) for name in ("answer", "claim", "done")}
    facts["categories"] = [report.name("category", one) for one in categories]
    facts["actions"] = [report.name("action", one) for one in actions]
    for kind, names in (("category", categories), ("action", actions)):
        facts[f"{kind}_total"] = [report.said(kind, one) for one in names]
        for stand in DRAWN_STANDS:
            facts[f"{kind}_{stand}"] = [report.said(kind, one, stand) for one in names]
    facts["unmet_places"] = [report.name("community", place) for place, _ in unmet]
    facts["unmet_categories"] = [report.name("category", one) for _, one in unmet]
    facts["unmet"] = [report.said("unmet", *key) for key in unmet]
    facts["categories_left"] = len(shown.most("category")) - len(categories)
    return facts


def _rating(report: NeedReport) -> str | None:
    counts = report.shown.counts
    if counts.rating is None or (report.asker.scope is None and counts.rated < FEW):
        return None
    return f"{counts.rating:.1f}"


def _minutes(report: NeedReport, name: str) -> int | None:
    counts = report.shown.counts
    if report.asker.scope is None and counts.total < FEW:
        return None
    seconds: int | None = getattr(counts, f"{name}_seconds")
    return None if seconds is None else seconds // 60


def _unmet(report: NeedReport) -> list[tuple[str, str]]:
    """Where nobody has taken what on, the most first; what is not shown is not listed."""
    cells, hidden = report.shown.cells, report.shown.hidden
    keys = [key for key in cells if key[0] == "unmet" and key not in hidden]
    keys.sort(key=lambda key: (-cells[key], key))
    return [(key[1], key[2]) for key in keys]


def picture_lines(report: NeedReport) -> Iterator[Line]:
    """The picture: what was stated and how it stands, by category, by action, and what is unmet."""
    yield lines.picture(report.title, note=report.word("picture_note"))
    series = [report.word(stand) for stand in DRAWN_STANDS]
    shown = report.shown
    for kind, names in (
        ("category", shown.most("category")[:DRAWN]),
        ("action", shown.most("action")),
    ):
        yield lines.bars(
            report.word(f"by_{kind}"),
            series,
            [bar(report, kind, one, DRAWN_STANDS) for one in names],
        )
    rows = [
        Bar(
            f"{report.name('community', place)} {report.name('category', category)}",
            (shown.cells[("unmet", place, category)],),
            report.said("unmet", place, category),
        )
        for place, category in _unmet(report)[:DRAWN_UNMET]
    ]
    if rows:
        yield lines.bars(report.word("unmet"), [report.word("waiting")], rows)


def sheet_lines(report: NeedReport) -> Iterator[Line]:
    """The workbook: sums, then each way of dividing them with its chart."""
    facts = said_facts(report)
    sums = [(report.word(f"of_{key}"), facts[key]) for key in SUMS]
    yield from first_sheet(report, [report.word("counted")], sums)
    yield _stands(report)
    heads = {stand: report.word(stand) for stand in STANDS}
    for kind in ("category", "community", "action"):
        yield lines.sheet(report.word(f"by_{kind}"))
        yield division(report, kind, report.shown.most(kind), heads)
    yield lines.sheet(report.word("unmet"), wide=True)
    yield _unmet_table(report)


def _stands(report: NeedReport) -> Line:
    rows = [[report.word(stand), report.cell("stand", stand)] for stand in STANDS]
    rows.append([report.word("total"), report.cell("all")])
    columns = [Column(report.word("stand")), Column(report.word("needs"), "number")]
    title = report.word("by_stand")
    return lines.table(title, columns, rows, chart=Chart(title, "pie"), totals=1)


def _unmet_table(report: NeedReport) -> Line:
    """Community by category, of what nobody has taken on."""
    keys = [key for key in report.shown.cells if key[0] == "unmet"]
    down = [one for one in report.shown.most("community", stand="waiting") if _has(keys, 1, one)]
    across = [one for one in report.shown.most("category", stand="waiting") if _has(keys, 2, one)]
    columns = [Column(report.word("community"))]
    columns += [Column(report.name("category", one), "number") for one in across]
    columns.append(Column(report.word("total"), "number"))
    rows = [
        [
            report.name("community", place),
            *(report.cell("unmet", place, one) for one in across),
            report.cell("community", place, "waiting"),
        ]
        for place in down
    ]
    sums = [report.cell("category", one, "waiting") for one in across]
    rows.append([report.word("total"), *sums, report.cell("stand", "waiting")])
    title = report.word("unmet")
    chart = Chart(title, "stacked", tuple(range(1, len(across) + 1))) if across else None
    return lines.table(title, columns, rows, chart=chart, totals=1)


def _has(keys: Sequence[tuple[str, ...]], at: int, name: str) -> bool:
    return any(key[at] == name for key in keys)
