"""The figures of calls and of paired neighbours for a period: words, a picture, and a sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from bot.office import lines
from bot.office.lines import Column, Line, Value
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
from storage.database import Session
from storage.figures import (
    CALL_STANDS,
    IN_TIME,
    PAIRED,
    CallCounts,
    CallsShown,
    count_calls,
    show_calls,
)
from storage.pairs import Covered, count_coverage
from storage.people import Person
from storage.refusals import Fact
from storage.rules.ladder import RUNGS
from storage.rules.tiers import Tier
from storage.rules.weeks import Span

# So many lines fit a picture on a phone and are listened to; the rest stands in the sheet.
DRAWN, LISTED = 12, 8
SUMS = (
    *("total", *CALL_STANDS, "share", "others", "dropped", "climbed"),
    *("homes", "paired", "covered", "people", "behind"),
)
# Within how many hours a call of each tier is in time, as the wording says it beside the share.
HOURS: dict[str, Fact] = {
    f"within_{tier.value}": str(limit // timedelta(hours=1)) for tier, limit in IN_TIME.items()
}


@dataclass(slots=True)
class CallReport(Report):
    """The figures of calls and neighbours, with the names of communities."""

    labels: ClassVar[str] = "call_figures"

    shown: CallsShown
    places: dict[str, str]

    def name(self, kind: str, key: str) -> str:
        """A tier, rung, cause or community by its name."""
        if kind in ("community", "place"):
            return self.places.get(key) or self.word("nowhere")
        return self.word(f"{kind}_{key}")

    def order(self, kind: str) -> Sequence[str]:
        """Tiers and rungs as they follow one another, communities the most first."""
        fixed = {"tier": tuple(Tier), "rung": RUNGS}.get(kind)
        most = self.shown.most(kind)
        return most if fixed is None else [one.value for one in fixed if one.value in most]


def make(work: Work) -> Finish:
    """Count calls and neighbours apart from the writer, and have them said and drawn."""
    report = _count(work)
    return finish_report(
        report,
        templates="call_figures",
        facts=said_facts(report),
        picture=picture_lines(report),
        sheet=sheet_lines(report),
    )


def _count(work: Work) -> CallReport:
    asker, reader, _, period = read_asked(work)
    span = period.span(work.database.house.zone)
    counts, covered = work.database.read(count_all, actor=reader, span=span, now=work.now())
    homes = [(one.community_id, one.households, one.paired) for one in covered]
    shown = show_calls(counts, homes, sees_people=asker.scope is not None)
    return CallReport(work, asker, period, shown, work.do(name_places))


def count_all(
    session: Session, *, actor: Person, span: Span, now: datetime
) -> tuple[CallCounts, list[Covered]]:
    """The calls and the neighbours, seen at the same moment."""
    calls = count_calls(session, actor=actor, span=span, now=now)
    return calls, count_coverage(session, actor=actor)


def said_facts(report: CallReport) -> dict[str, Fact]:
    """Everything that the picture shows, and what it does not, as plain facts."""
    shown = report.shown
    facts: dict[str, Fact] = {
        "first": f"{report.period.first}",
        "last": f"{report.period.last}",
        "total": report.said("all"),
        **HOURS,
        "others": report.said("reached", "others"),
        "share": shown.share(("stand", "on_time"), ("all",)),
        "dropped": report.seen(shown.dropped),
        "climbed": report.said("climbed"),
        "homes": report.said("homes"),
        "paired": report.said("homes", "paired"),
        "covered": shown.share(("homes", "paired"), ("homes",)),
        "people": report.seen(shown.people),
        "behind": report.said("behind"),
        "hides": bool(shown.hidden),
    }
    facts |= {stand: report.said("stand", stand) for stand in CALL_STANDS}
    for kind in ("tier", "community"):
        names = report.order(kind)[:DRAWN]
        facts[f"{kind}_names"] = [report.name(kind, one) for one in names]
        facts[f"{kind}_total"] = [report.said(kind, one) for one in names]
        facts[f"{kind}_on_time"] = [report.said(kind, one, "on_time") for one in names]
    for kind in ("rung", "cause"):
        names = report.order(kind)
        facts[f"{kind}_names"] = [report.name(kind, one) for one in names]
        facts[f"{kind}_total"] = [report.said(kind, one) for one in names]
    places = report.order("place")[:DRAWN]
    facts["place_names"] = [report.name("place", one) for one in places]
    facts["place_homes"] = [report.said("place", one) for one in places]
    facts["place_paired"] = [report.said("place", one, "paired") for one in places]
    late = shown.unreached[:LISTED]
    facts["late_names"] = ["、".join(one.names) for one in late]
    facts["late_places"] = [report.name("place", str(one.community_id)) for one in late]
    facts["late_last"] = [f"{one.last}" if one.was_reached else "" for one in late]
    facts["late_over"] = [str(one.days_over) for one in late]
    return facts


def picture_lines(report: CallReport) -> Iterator[Line]:
    """The picture: how calls ended by tier and community, how far ladders went, who is paired."""
    yield lines.picture(report.title, note=report.word("picture_note"))
    for kind, parts in (
        ("tier", CALL_STANDS),
        ("community", CALL_STANDS),
        ("rung", ()),
        ("place", PAIRED),
    ):
        rows = [bar(report, kind, one, parts) for one in report.order(kind)[:DRAWN]]
        series = [report.word(part) for part in parts] or [report.word("calls")]
        if rows:
            yield lines.bars(report.word(f"by_{kind}"), series, rows)


def sheet_lines(report: CallReport) -> Iterator[Line]:
    """The workbook: sums, each way of dividing them with its chart, and who was not reached."""
    facts = said_facts(report)
    sums = [(report.word(f"of_{key}", **HOURS), facts[key]) for key in SUMS]
    counted = [report.word("counted", **HOURS), report.word("counted_behind")]
    yield from first_sheet(report, counted, sums)
    stands = {one: report.word(one) for one in CALL_STANDS}
    causes = {one: report.name("cause", one) for one in report.order("cause")}
    pairs = {one: report.word(one) for one in PAIRED}
    for kind, parts, whole, of in (
        ("tier", stands, "all", "stand"),
        ("community", stands, "all", "stand"),
        ("rung", causes, "climbed", "cause"),
        ("place", pairs, "homes", "homes"),
    ):
        yield lines.sheet(report.word(f"by_{kind}"), wide=kind == "rung")
        yield division(report, kind, report.order(kind), parts, whole=whole, sums=of)
    yield lines.sheet(report.word("by_both"), wide=True)
    yield _both(report)
    if report.asker.scope is not None:
        yield from _unreached(report)


def _both(report: CallReport) -> Line:
    """Community by tier: how many calls, and how many of them in time."""
    tiers = report.order("tier")
    columns = [Column(report.word("community"))]
    for tier in tiers:
        columns.append(Column(report.name("tier", tier), "number"))
        columns.append(Column(report.word("on_time_of", tier=report.name("tier", tier)), "number"))
    rows: list[list[Value]] = []
    for place in report.order("community"):
        row: list[Value] = [report.name("community", place)]
        for tier in tiers:
            row += [report.cell("both", place, tier), report.cell("both", place, tier, "on_time")]
        rows.append(row)
    total: list[Value] = [report.word("total")]
    for tier in tiers:
        total += [report.cell("tier", tier), report.cell("tier", tier, "on_time")]
    rows.append(total)
    return lines.table(report.word("by_both"), columns, rows, totals=1)


def _unreached(report: CallReport) -> Iterator[Line]:
    """The list for those who supervise; it has names."""
    heads = ("names", "community", "tier", "caller")
    columns = [Column(report.word(head)) for head in heads]
    columns.append(Column(report.word("last"), "date"))
    columns.append(Column(report.word("days_over"), "number"))
    yield lines.sheet(report.word("unreached"), wide=True)
    rows: list[list[Value]] = [
        [
            "、".join(one.names),
            report.name("place", str(one.community_id)),
            report.name("tier", one.tier),
            one.caller,
            f"{one.last}" if one.was_reached else report.word("never"),
            one.days_over,
        ]
        for one in report.shown.unreached
    ]
    yield lines.table(report.word("unreached"), columns, rows)
