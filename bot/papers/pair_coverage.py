"""Coverage with neighbours by community, and the households without one and why, as a workbook."""

from collections.abc import Iterator, Sequence

from bot.office import lines
from bot.office.lines import Chart, Column, Line, Value
from bot.office.work import NotMade, Paper, Work
from storage.pairs import Covered, count_coverage, list_unpaired, total_of
from storage.people import Person, get_person

AT_ONCE = 200


def make(work: Work) -> Paper:
    """Make the workbook; raises NotMade."""
    asker = work.do(get_person, person_id=work.job.asker_id)
    if not asker.is_approved("coordinator"):
        raise NotMade("not_allowed", template="refusal_not_allowed")
    body = work.make(_lines(work, asker))
    day = f"{work.database.house.local(work.now()):%Y-%m-%d}"
    return Paper(f"{_word(work, 'title')}_{day}.xlsx", body)


def _word(work: Work, key: str, **facts: str | int) -> str:
    return work.label(f"pair_sheet.{key}", **facts)


def _lines(work: Work, asker: Person) -> Iterator[Line]:
    moment = work.database.house.local(work.now())
    about = _word(work, "about", day=f"{moment:%Y-%m-%d %H:%M}", name=asker.name)
    title = _word(work, "title")
    found = work.do(count_coverage, actor=asker)
    yield lines.workbook(title)
    yield lines.sheet(_word(work, "coverage"))
    yield lines.note(about)
    yield _coverage(work, found)
    columns = [
        Column(_word(work, "number"), "number", 6),
        *(Column(_word(work, key)) for key in ("place", "household", "why")),
    ]
    unpaired = _word(work, "unpaired")
    yield lines.sheet(unpaired, columns, title=unpaired, notes=[about], frozen_columns=3)
    for at, row in enumerate(_rows(work, asker), start=1):
        yield [at, *row]


def _coverage(work: Work, found: Sequence[Covered]) -> Line:
    columns = [
        Column(_word(work, "place")),
        *(Column(_word(work, key), "number") for key in ("households", "paired", "without")),
        Column(_word(work, "share"), "percent"),
    ]
    rows = [[one.name or _word(work, "nowhere"), *_figures(one)] for one in found]
    total: list[Value] = [_word(work, "total"), *_figures(total_of(found))]
    chart = Chart(_word(work, "coverage"), kind="stacked", values=(2, 3))
    return lines.table(_word(work, "coverage"), columns, [*rows, total], chart=chart, totals=1)


def _figures(one: Covered) -> list[Value]:
    share = one.paired / one.households if one.households else None
    return [one.households, one.paired, one.households - one.paired, share]


def _rows(work: Work, asker: Person) -> Iterator[Sequence[Value]]:
    """Some hundred in each transaction."""
    after: int | None = None
    while True:
        found = work.do(list_unpaired, actor=asker, after=after, limit=AT_ONCE)
        for one in found[:AT_ONCE]:
            why = work.label(f"pair_why.{one.why.value}")
            ending = work.label(f"pair_ending.{one.ending.value}") if one.ending else ""
            detail = f"{why}：{ending}" if one.why == "ended" and ending else why
            yield [one.community or _word(work, "nowhere"), one.name, detail]
        if len(found) <= AT_ONCE:
            return
        after = found[AT_ONCE - 1].resident_id
