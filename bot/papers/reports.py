"""What reports on figures share: counted apart, made as a picture and a sheet, said together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from bot.office import lines
from bot.office.lines import Bar, Chart, Column, Line, Value
from bot.office.work import MEDIA_TYPES, Finish, NotMade, Work
from storage.communities import list_communities
from storage.database import Session
from storage.figures import Cells, check_figures, note_figures, period_in
from storage.files import keep_file
from storage.outbox import MessageClass, say
from storage.people import Person, get_person
from storage.refusals import Fact, NotAllowed
from storage.rules.periods import Period, Stretch
from storage.rules.weeks import FEW

HIDDEN = "hidden"


class Asked(NamedTuple):
    """What was asked for: by whom, what they may see, and of which days."""

    asker: Person
    reader: Person
    stretch: Stretch
    period: Period


@dataclass(slots=True)
class Report:
    """One period's figures under way; ``labels`` is their table of words."""

    labels: ClassVar[str]

    work: Work
    asker: Person
    period: Period
    shown: Cells

    def word(self, key: str, **facts: Fact) -> str:
        return self.work.label(f"{self.labels}.{key}", **facts)

    def name(self, kind: str, key: str) -> str:
        """What a cell is of, by its name."""
        raise NotImplementedError

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

    @property
    def title(self) -> str:
        first, last = self.period.first, self.period.last
        days = self.word("days", first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}")
        return self.word("title", period=days)


def read_asked(work: Work) -> Asked:
    """Read what was asked for, and look again whether it may be had."""
    stretch, period = period_in({name: str(fact) for name, fact in work.facts.items()})
    asker = work.do(get_person, person_id=work.job.asker_id)
    try:
        reader = work.do(check_figures, actor=asker, stretch=stretch)
    except NotAllowed as refused:
        raise NotMade("not_allowed") from refused
    return Asked(asker, reader, stretch, period)


def name_places(session: Session) -> dict[str, str]:
    """All communities by their ids, those no longer used too."""
    return {str(one.id): one.name for one in list_communities(session, hidden=True)}


def finish_report(
    report: Report,
    *,
    templates: str,
    facts: Mapping[str, Fact],
    picture: Iterable[Line],
    sheet: Iterable[Line],
) -> Finish:
    """Have both files made of what was counted, and say all three together."""
    work = report.work
    work.progress(1, 3)
    drawn = work.make(picture)
    work.progress(2, 3)
    written = work.make(sheet)

    def finish(session: Session) -> None:
        now = work.now()
        note_figures(session, now=now, actor_id=report.asker.id, period=report.period)
        say(
            session,
            now=now,
            to=report.asker.id,
            key=f"paper:{work.job.id}:words",
            template=f"{templates}_period",
            message_class=MessageClass.ANSWER,
            facts=facts,
        )
        for body, ending, template in (
            (drawn, ".png", f"{templates}_picture"),
            (written, ".xlsx", f"{templates}_sheet"),
        ):
            _send(session, report, now=now, ending=ending, body=body, template=template)

    return finish


def _send(
    session: Session,
    report: Report,
    *,
    now: datetime,
    ending: str,
    body: bytes,
    template: str,
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
        template=template,
        message_class=MessageClass.ANSWER,
        facts={"first": f"{report.period.first}", "last": f"{report.period.last}"},
        document=file_id,
    )


def bar(report: Report, kind: str, name: str, parts: Sequence[str]) -> Bar:
    """One line of a picture, in its parts; without any it is one piece."""
    total = report.shown.cell(kind, name)
    lengths = [report.shown.cell(kind, name, part) or 0 for part in parts] or [total or 0]
    shown = report.word(HIDDEN) if total is None else str(total)
    return Bar(report.name(kind, name), lengths, shown)


def first_sheet(
    report: Report, counted: Sequence[str], sums: Iterable[tuple[str, Fact]]
) -> Iterator[Line]:
    """The beginning of a workbook: who made it and what was counted how, and all sums."""
    moment = report.work.database.house.local(report.work.now())
    notes = [report.word("about", day=f"{moment:%Y-%m-%d %H:%M}", name=report.asker.name)]
    notes += counted
    if report.shown.hidden:
        notes.append(report.word("hides"))
    yield lines.workbook(report.title)
    yield lines.sheet(report.word("sums"), title=report.title, notes=notes)
    rows: list[list[Value]] = [
        [what, _value(report, fact)]
        for what, fact in sums
        if fact is not None and not isinstance(fact, list)
    ]
    columns = [Column(report.word("what")), Column(report.word("number"))]
    yield lines.table(report.word("sums"), columns, rows)


def _value(report: Report, fact: Value) -> Value:
    if fact == HIDDEN:
        return report.word(HIDDEN)
    return int(fact) if isinstance(fact, str) and fact.isdigit() else fact


def division(
    report: Report,
    kind: str,
    names: Sequence[str],
    parts: Mapping[str, str],
    *,
    whole: str = "all",
    sums: str = "stand",
) -> Line:
    """A row for each name, its parts under their heads, with all totals, and stacked bars."""
    columns = [Column(report.word(kind)), *(Column(head, "number") for head in parts.values())]
    columns.append(Column(report.word("total"), "number"))
    rows = [
        [
            report.name(kind, one),
            *(report.cell(kind, one, part) for part in parts),
            report.cell(kind, one),
        ]
        for one in names
    ]
    totals = [report.cell(sums, part) for part in parts]
    rows.append([report.word("total"), *totals, report.cell(whole)])
    title = report.word(f"by_{kind}")
    chart = Chart(title, "stacked", tuple(range(1, len(parts) + 1)))
    return lines.table(title, columns, rows, chart=chart if len(rows) > 1 else None, totals=1)
