"""The figures of calls and of paired neighbours for a period: words, a picture, and a sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.office import lines
from bot.office.lines import Bar, Chart, Column, Line, Value
from bot.office.work import Finish, NotMade, Work
from bot.papers.figures import HIDDEN, name_places, send_made
from storage.database import Session
from storage.figures import (
    CALL_STANDS,
    PAIRED,
    CallCounts,
    CallsShown,
    check_figures,
    count_calls,
    note_figures,
    period_in,
    show_calls,
)
from storage.outbox import MessageClass, say
from storage.pairs import Covered, count_coverage
from storage.people import Person, get_person
from storage.refusals import Fact, NotAllowed
from storage.rules.ladder import RUNGS
from storage.rules.periods import Period, Stretch
from storage.rules.tiers import Tier
from storage.rules.weeks import FEW, Span

# So many lines fit a picture on a phone and are listened to; the rest stands in the sheet.
DRAWN, LISTED = 12, 8


@dataclass(slots=True)
class CallReport:
    """One period's figures under way, with the names of what they are of."""

    work: Work
    asker: Person
    stretch: Stretch
    period: Period
    shown: CallsShown
    places: dict[str, str]

    def word(self, key: str, **facts: Fact) -> str:
        return self.work.label(f"call_figures.{key}", **facts)

    def name(self, kind: str, key: str) -> str:
        """A tier, rung, cause or community by its name."""
        if kind in ("community", "place"):
            return self.places.get(key) or self.word("nowhere")
        return self.word(f"{kind}_{key}")

    def cell(self, *key: str) -> Value:
        """A figure for the sheet; one that is not shown is a word."""
        number = self.shown.cell(*key)
        return self.word(HIDDEN) if number is None else number

    def said(self, *key: str) -> str:
        """A figure for the wording."""
        number = self.shown.cell(*key)
        return HIDDEN if number is None else str(number)

    def seen(self, number: int) -> str:
        """A figure that is no cell of a table; a small one is not for who sees no people."""
        return HIDDEN if self.asker.scope is None and 0 < number < FEW else str(number)

    def order(self, kind: str) -> Sequence[str]:
        """Tiers and rungs as they follow one another, communities the most first."""
        fixed = {"tier": tuple(Tier), "rung": RUNGS}.get(kind)
        most = self.shown.most(kind)
        return most if fixed is None else [one.value for one in fixed if one.value in most]

    @property
    def title(self) -> str:
        first, last = self.period.first, self.period.last
        days = self.word("days", first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}")
        return self.word("title", period=days)


def make(work: Work) -> Finish:
    """Count apart from the writer, have both files made, and say all three together."""
    report = _count(work)
    work.progress(1, 3)
    picture = work.make(picture_lines(report))
    work.progress(2, 3)
    sheet = work.make(sheet_lines(report))
    facts = said_facts(report)

    def finish(session: Session) -> None:
        now = work.now()
        note_figures(session, now=now, actor_id=report.asker.id, period=report.period)
        say(
            session,
            now=now,
            to=report.asker.id,
            key=f"paper:{work.job.id}:words",
            template="call_figures_period",
            message_class=MessageClass.ANSWER,
            facts=facts,
        )
        for body, ending in ((picture, ".png"), (sheet, ".xlsx")):
            send_made(session, report, now=now, ending=ending, body=body, about="call_figures")

    return finish


def _count(work: Work) -> CallReport:
    """Read what was asked for, look again whether it may be had, and count at one moment."""
    stretch, period = period_in({name: str(fact) for name, fact in work.facts.items()})
    asker = work.do(get_person, person_id=work.job.asker_id)
    try:
        reader = work.do(check_figures, actor=asker, stretch=stretch)
    except NotAllowed as refused:
        raise NotMade("not_allowed") from refused
    span = period.span(work.database.house.zone)
    counts, covered = work.database.read(count_all, actor=reader, span=span, now=work.now())
    homes = [(one.community_id, one.households, one.paired) for one in covered]
    shown = show_calls(counts, homes, sees_people=asker.scope is not None)
    return CallReport(work, asker, stretch, period, shown, work.do(name_places))


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
        rows = [_bar(report, kind, one, parts) for one in report.order(kind)[:DRAWN]]
        series = [report.word(part) for part in parts] or [report.word("calls")]
        if rows:
            yield lines.bars(report.word(f"by_{kind}"), series, rows)


def _bar(report: CallReport, kind: str, name: str, parts: Sequence[str]) -> Bar:
    total = report.shown.cell(kind, name)
    lengths = [report.shown.cell(kind, name, part) or 0 for part in parts] or [total or 0]
    shown = report.word(HIDDEN) if total is None else str(total)
    return Bar(report.name(kind, name), lengths, shown)


def sheet_lines(report: CallReport) -> Iterator[Line]:
    """The workbook: sums, each way of dividing them with its chart, and who was not reached."""
    moment = report.work.database.house.local(report.work.now())
    about = report.word("about", day=f"{moment:%Y-%m-%d %H:%M}", name=report.asker.name)
    notes = [about, report.word("counted"), report.word("counted_behind")]
    if report.shown.hidden:
        notes.append(report.word("hides"))
    yield lines.workbook(report.title)
    yield lines.sheet(report.word("sums"), title=report.title, notes=notes)
    yield _sums(report)
    for kind, parts, whole, sums in (
        ("tier", CALL_STANDS, "all", "stand"),
        ("community", CALL_STANDS, "all", "stand"),
        ("rung", report.order("cause"), "climbed", "cause"),
        ("place", PAIRED, "homes", "homes"),
    ):
        yield lines.sheet(report.word(f"by_{kind}"), wide=kind == "rung")
        yield _division(report, kind, parts, whole=whole, sums=sums)
    yield lines.sheet(report.word("by_both"), wide=True)
    yield _both(report)
    if report.asker.scope is not None:
        yield from _unreached(report)


def _sums(report: CallReport) -> Line:
    facts = said_facts(report)
    keys = ("total", *CALL_STANDS, "share", "dropped", "climbed", "homes", "paired", "covered")
    rows: list[list[Value]] = []
    for key in (*keys, "people", "behind"):
        fact = facts[key]
        if fact is not None and not isinstance(fact, list):
            rows.append([report.word(f"of_{key}"), _value(report, fact)])
    columns = [Column(report.word("what")), Column(report.word("number"))]
    return lines.table(report.word("sums"), columns, rows)


def _value(report: CallReport, fact: Value) -> Value:
    if fact == HIDDEN:
        return report.word(HIDDEN)
    return int(fact) if isinstance(fact, str) and fact.isdigit() else fact


def _division(
    report: CallReport, kind: str, parts: Sequence[str], *, whole: str, sums: str
) -> Line:
    """A row for each tier, community or rung, with its total, and stacked bars."""
    heads = [report.name("cause", one) if sums == "cause" else report.word(one) for one in parts]
    columns = [Column(report.word(kind)), *(Column(head, "number") for head in heads)]
    columns.append(Column(report.word("total"), "number"))
    rows = [
        [
            report.name(kind, one),
            *(report.cell(kind, one, part) for part in parts),
            report.cell(kind, one),
        ]
        for one in report.order(kind)
    ]
    rows.append(
        [report.word("total"), *(report.cell(sums, part) for part in parts), report.cell(whole)]
    )
    title = report.word(f"by_{kind}")
    chart = Chart(title, "stacked", tuple(range(1, len(parts) + 1)))
    return lines.table(title, columns, rows, chart=chart if len(rows) > 1 else None, totals=1)


def _both(report: CallReport) -> Line:
    """Community by tier: how many calls, and how many of them in time."""
    tiers = report.order("tier")
    columns = [Column(report.word("community"))]
    for tier in tiers:
        columns.append(Column(report.name("tier", tier), "number"))
        columns.append(Column(report.word("on_time_of", tier=tier.upper()), "number"))
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
