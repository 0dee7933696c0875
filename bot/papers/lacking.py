"""Who lacks what of a survey round, and how far each community is, as a workbook."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.office import lines
from bot.office.lines import Chart, Column, Line, Value
from bot.office.work import NotMade, Paper, Work
from storage.people import Person, get_person
from storage.refusals import NotAllowed
from storage.rules.fields import Register, get_field
from storage.surveys import Coverage, Round, get_round, list_lacking, note_lacking_list

AT_ONCE = 200


def make(work: Work) -> Paper:
    """Make the workbook; raises NotMade."""
    asker = work.do(get_person, person_id=work.job.asker_id)
    try:
        one = work.do(get_round, actor=asker, round_id=int(str(work.facts["round"])))
    except NotAllowed as refused:
        raise NotMade("not_allowed") from refused
    body = work.make(_lines(work, asker, one))
    now = work.now()

    def journal(session: Any) -> None:
        note_lacking_list(session, now=now, actor=asker, round_id=one.id)

    day = f"{work.database.house.local(now):%Y-%m-%d}"
    name = f"{one.title}_{_word(work, 'lacking')}_{day}.xlsx"
    return Paper(name.replace("/", "-"), body, also=journal)


def _word(work: Work, key: str) -> str:
    return work.label(f"survey_paper.{key}")


def _lines(work: Work, asker: Person, one: Round) -> Iterator[Line]:
    moment = work.database.house.local(work.now())
    about = work.label("survey_paper.about", day=f"{moment:%Y-%m-%d %H:%M}", name=asker.name)
    title = f"{one.title}：{_word(work, 'lacking')}"
    yield lines.workbook(title)
    headers = [_word(work, key) for key in ("place", "name", "what")]
    columns = [Column(_word(work, "number"), "number", 6), *map(Column, headers)]
    yield lines.sheet(_word(work, "lacking"), columns, title=title, notes=[about], frozen_columns=3)
    for at, row in enumerate(_rows(work, asker, one), start=1):
        yield [at, *row]
    yield lines.sheet(_word(work, "coverage"))
    yield lines.note(about)
    yield _coverage(work, one)


def _rows(work: Work, asker: Person, one: Round) -> Iterator[Sequence[Value]]:
    """Some hundred in each transaction, so that nothing waits behind a round."""
    after, chinese = 0, work.language == "zh"
    while True:
        found = work.do(list_lacking, actor=asker, round_id=one.id, after=after, limit=AT_ONCE)
        for who in found:
            fields = [get_field(Register(one.kind), key) for key in who.fields]
            names = [field.zh if chinese else field.en for field in fields]
            yield [who.community or _word(work, "nowhere"), who.name, "、".join(names)]
        if len(found) < AT_ONCE:
            return
        after = found[-1].answer_id


def _coverage(work: Work, one: Round) -> Line:
    keys = ("people", "answered", "refused", "not_reached", "outstanding", "percent")
    columns = [
        Column(_word(work, "place")),
        *(Column(_word(work, key), "number") for key in keys),
    ]
    rows = [
        [place.name or _word(work, "nowhere"), *_figures(place.coverage)] for place in one.places
    ]
    total = [_word(work, "total"), *_figures(one.coverage)]
    chart = Chart(_word(work, "coverage"), kind="stacked", values=(2, 3, 4, 5))
    return lines.table(one.title, columns, [*rows, total], chart=chart, totals=1)


def _figures(coverage: Coverage) -> list[Value]:
    return [
        coverage.people,
        coverage.answered,
        coverage.refused,
        coverage.not_reached,
        coverage.outstanding,
        coverage.percent,
    ]
