"""The figures of needs for a period: words that are read aloud, a picture of them, and a sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.office import lines
from bot.office.lines import Bar, Chart, Column, Line, Value
from bot.office.work import MEDIA_TYPES, Finish, NotMade, Work
from storage.communities import list_communities
from storage.database import Session
from storage.figures import (
    STANDS,
    Shown,
    check_figures,
    count_needs,
    count_stated,
    note_figures,
    period_in,
    show_counts,
)
from storage.files import keep_file
from storage.organisations import list_actions
from storage.outbox import MessageClass, say
from storage.people import Person, get_person
from storage.refusals import Fact, NotAllowed
from storage.rules.periods import Period, Stretch
from storage.rules.weeks import FEW

HIDDEN = "hidden"
# So many lines fit a picture on a phone and are listened to; the rest stands in the sheet.
DRAWN, DRAWN_UNMET = 12, 8
SUMS = (
    *("total", "home", "home_closed", "share", "answer", "claim", "done"),
    *("overdue", "overdue_now", "rated", "rating"),
)
DRAWN_STANDS = ("closed", "under_way", "waiting")


@dataclass(slots=True)
class Report:
    """One period's figures under way, with the names of what they are of."""

    work: Work
    asker: Person
    stretch: Stretch
    period: Period
    shown: Shown
    before: int
    names: dict[str, dict[str, str]]

    def word(self, key: str, **facts: Fact) -> str:
        return self.work.label(f"need_figures.{key}", **facts)

    def name(self, kind: str, key: str) -> str:
        """A category, community or action by its name."""
        return self.names[kind].get(key) or self.word("nowhere")

    def cell(self, *key: str) -> Value:
        """A figure for the sheet; one that is not shown is a word."""
        number = self.shown.cell(*key)
        return self.word(HIDDEN) if number is None else number

    def said(self, *key: str) -> str:
        """A figure for the wording."""
        number = self.shown.cell(*key)
        return HIDDEN if number is None else str(number)

    @property
    def title(self) -> str:
        return self.word("title", period=self.days)

    @property
    def days(self) -> str:
        first, last = self.period.first, self.period.last
        return self.word("days", first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}")


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
        job = work.job.id
        say(
            session,
            now=now,
            to=report.asker.id,
            key=f"paper:{job}:words",
            template="figures_period",
            message_class=MessageClass.ANSWER,
            facts=facts,
        )
        for body, ending in ((picture, ".png"), (sheet, ".xlsx")):
            send_made(session, report, now=now, ending=ending, body=body, about="figures")

    return finish


def _count(work: Work) -> Report:
    """Read what was asked for, look again whether it may be had, and count."""
    stretch, period = period_in({name: str(fact) for name, fact in work.facts.items()})
    asker = work.do(get_person, person_id=work.job.asker_id)
    try:
        reader = work.do(check_figures, actor=asker, stretch=stretch)
    except NotAllowed as refused:
        raise NotMade("not_allowed") from refused
    zone = work.database.house.zone
    read = work.database.read
    counts = read(count_needs, actor=reader, span=period.span(zone))
    before = read(count_stated, actor=reader, span=period.before().span(zone))
    shown = show_counts(counts, sees_people=asker.scope is not None)
    return Report(work, asker, stretch, period, shown, before, _names(work, shown))


def _names(work: Work, shown: Shown) -> dict[str, dict[str, str]]:
    actions = work.do(list_actions)
    return {
        "community": work.do(name_places),
        "action": {one.key: one.name for one in actions},
        "category": {one: work.label(f"category.{one}") for one in shown.most("category")},
    }


def name_places(session: Session) -> dict[str, str]:
    """All communities by their ids, those no longer used too."""
    return {str(one.id): one.name for one in list_communities(session, hidden=True)}


class Made(Protocol):
    """A report that goes out as files."""

    work: Work
    asker: Person
    period: Period

    @property
    def title(self) -> str: ...


def send_made(
    session: Session, report: Made, *, now: datetime, ending: str, body: bytes, about: str
) -> None:
    """Send the picture or the sheet to who asked."""
    file_id = keep_file(
        session,
        now=now,
        name=f"{report.title}{ending}",
        media_type=MEDIA_TYPES[ending],
        body=body,
        purpose="paper",
        owner_id=report.asker.id,
    )
    say(
        session,
        now=now,
        to=report.asker.id,
        key=f"paper:{report.work.job.id}:{ending}",
        template=f"{about}_picture" if ending == ".png" else f"{about}_sheet",
        message_class=MessageClass.ANSWER,
        facts={"first": f"{report.period.first}", "last": f"{report.period.last}"},
        document=file_id,
    )


def said_facts(report: Report) -> dict[str, Fact]:
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
        "total_before": _seen(report, report.before),
        "share": shown.share_claimed(),
        "overdue": _seen(report, counts.overdue),
        "overdue_now": _seen(report, counts.overdue_now),
        "rated": _seen(report, counts.rated),
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


def _seen(report: Report, number: int) -> str:
    """A figure that is no cell of a table; a small one is not for who sees no people."""
    return HIDDEN if report.asker.scope is None and 0 < number < FEW else str(number)


def _rating(report: Report) -> str | None:
    counts = report.shown.counts
    if counts.rating is None or (report.asker.scope is None and counts.rated < FEW):
        return None
    return f"{counts.rating:.1f}"


def _minutes(report: Report, name: str) -> int | None:
    counts = report.shown.counts
    if report.asker.scope is None and counts.total < FEW:
        return None
    seconds: int | None = getattr(counts, f"{name}_seconds")
    return None if seconds is None else seconds // 60


def _unmet(report: Report) -> list[tuple[str, str]]:
    """Where nobody has taken what on, the most first; what is not shown is not listed."""
    cells, hidden = report.shown.cells, report.shown.hidden
    keys = [key for key in cells if key[0] == "unmet" and key not in hidden]
    keys.sort(key=lambda key: (-cells[key], key))
    return [(key[1], key[2]) for key in keys]


def picture_lines(report: Report) -> Iterator[Line]:
    """The picture: what was stated and how it stands, by category, by action, and what is unmet."""
    yield lines.picture(report.title, note=report.word("picture_note"))
    series = [report.word(stand) for stand in DRAWN_STANDS]
    shown = report.shown
    for kind, names in (
        ("category", shown.most("category")[:DRAWN]),
        ("action", shown.most("action")),
    ):
        yield lines.bars(
            report.word(f"by_{kind}"), series, [_bar(report, kind, one) for one in names]
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


def _bar(report: Report, kind: str, name: str) -> Bar:
    parts = [report.shown.cell(kind, name, stand) or 0 for stand in DRAWN_STANDS]
    total = report.shown.cell(kind, name)
    return Bar(report.name(kind, name), parts, report.word(HIDDEN) if total is None else str(total))


def sheet_lines(report: Report) -> Iterator[Line]:
    """The workbook: sums, then each way of dividing them with its chart."""
    moment = report.work.database.house.local(report.work.now())
    about = report.word("about", day=f"{moment:%Y-%m-%d %H:%M}", name=report.asker.name)
    notes = [about, report.word("counted")]
    if report.shown.hidden:
        notes.append(report.word("hides"))
    yield lines.workbook(report.title)
    yield lines.sheet(report.word("sums"), title=report.title, notes=notes)
    yield _sums(report)
    yield _stands(report)
    for kind in ("category", "community", "action"):
        yield lines.sheet(report.word(f"by_{kind}"))
        yield _division(report, kind)
    yield lines.sheet(report.word("unmet"), wide=True)
    yield _unmet_table(report)


def _sums(report: Report) -> Line:
    facts = said_facts(report)
    rows: list[list[Value]] = []
    for key in SUMS:
        fact = facts[key]
        if fact is not None and not isinstance(fact, list):
            rows.append([report.word(f"of_{key}"), _value(report, fact)])
    columns = [Column(report.word("what")), Column(report.word("number"))]
    return lines.table(report.word("sums"), columns, rows)


def _value(report: Report, fact: Value) -> Value:
    if fact == HIDDEN:
        return report.word(HIDDEN)
    return int(fact) if isinstance(fact, str) and fact.isdigit() else fact


def _stands(report: Report) -> Line:
    rows = [[report.word(stand), report.cell("stand", stand)] for stand in STANDS]
    rows.append([report.word("total"), report.cell("all")])
    columns = [Column(report.word("stand")), Column(report.word("needs"), "number")]
    title = report.word("by_stand")
    return lines.table(title, columns, rows, chart=Chart(title, "pie"), totals=1)


def _division(report: Report, kind: str) -> Line:
    """By category, community or action: a row each, with its total, and stacked bars."""
    columns = [Column(report.word(kind))]
    columns += [Column(report.word(stand), "number") for stand in STANDS]
    columns.append(Column(report.word("total"), "number"))
    rows = [
        [
            report.name(kind, one),
            *(report.cell(kind, one, stand) for stand in STANDS),
            report.cell(kind, one),
        ]
        for one in report.shown.most(kind)
    ]
    sums = [report.cell("stand", stand) for stand in STANDS]
    rows.append([report.word("total"), *sums, report.cell("all")])
    title = report.word(f"by_{kind}")
    chart = Chart(title, "stacked", tuple(range(1, len(STANDS) + 1)))
    return lines.table(title, columns, rows, chart=chart if len(rows) > 1 else None, totals=1)


def _unmet_table(report: Report) -> Line:
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
