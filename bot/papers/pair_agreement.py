"""The agreement of a pair on one page: what, how often, how it ends, who keeps it, to be signed."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.office import lines
from bot.office.lines import Line
from bot.office.work import NotMade, Paper, Work
from storage.pairs import Agreement, Pair, keep_agreement, open_agreement
from storage.pairs.tied import find_tie
from storage.people import get_person
from storage.refusals import NotAllowed
from storage.rules.pairs import Kind

PROMISES = ("free_will", "no_money", "respect", "private", "danger")


def make(work: Work) -> Paper:
    """Draw the agreement up, keep it and send it to both; raises NotMade."""
    asker = work.do(get_person, person_id=work.job.asker_id)
    number = int(str(work.facts["pair"]))
    try:
        found = work.do(open_agreement, actor=asker, pair_id=number)
    except NotAllowed as refused:
        raise NotMade("not_allowed", template="refusal_not_allowed") from refused
    body = work.make(_lines(work, found))
    name = f"{_title(work, found)}_{found.pair.resident}_{found.pair.helper}.docx"
    name = name.replace("/", "-")
    now = work.now()

    def keep(session: Any) -> None:
        keep_agreement(session, now=now, pair_id=number, name=name, body=body)

    return Paper(name, body, also=keep)


def _word(work: Work, key: str, **facts: str | int) -> str:
    return work.label(f"pair_paper.{key}", **facts)


def _title(work: Work, found: Agreement) -> str:
    return _word(work, "title", kind=work.label(f"pair_kind.{found.pair.kind.value}"))


def _lines(work: Work, found: Agreement) -> Iterator[Line]:
    one = found.pair
    title = _title(work, found)
    agreed = work.database.house.local(one.agreed_at or work.now())
    yield lines.document(title, font_size=14)
    yield lines.heading(title, align="center")
    day = f"{agreed:%Y-%m-%d}"
    yield lines.paragraph(_word(work, "number", number=one.id, day=day), align="right", size=11)
    yield from _parties(work, found)
    yield lines.heading(_word(work, "what"), level=2)
    yield lines.paragraph(_list(work, [_act(work, act) for act in one.acts]))
    yield from _ties(work, one)
    if one.words:
        yield lines.paragraph(_word(work, "also", words=one.words))
    often = work.label(f"pair_frequency.{one.frequency}")
    yield lines.paragraph(_word(work, "how_often", often=often))
    yield lines.heading(_word(work, "how"), level=2)
    for at, promise in enumerate(PROMISES, start=1):
        yield lines.paragraph(f"{at}. {_word(work, promise)}")
    yield lines.heading(_word(work, "end"), level=2)
    yield lines.paragraph(_word(work, "end_words"))
    yield lines.heading(_word(work, "signed"), level=2)
    yield _signatures(work, found)
    keeper = _word(work, "kept", keeper=one.keeper, place=found.community or "")
    yield lines.paragraph(keeper, size=11)


def _act(work: Work, act: str) -> str:
    """What the office named itself begins with "=" and is its own words."""
    return act[1:] if act.startswith("=") else work.label(f"pair_act.{act}")


def _ties(work: Work, one: Pair) -> Iterator[Line]:
    """Of mutual help both directions, of a school the adult who leads."""
    found = work.do(find_tie, pair_id=one.id)
    if found is not None and found.gives_back:
        said = {"name": one.resident, "words": found.gives_back}
        yield lines.paragraph(_word(work, "gives_back", **said))
    if found is not None and found.leader:
        yield lines.paragraph(_word(work, "leader", name=found.leader))
    if found is not None and found.organiser:
        yield lines.paragraph(_word(work, "organiser", name=found.organiser))


def _list(work: Work, words: Sequence[str]) -> str:
    between, end = _word(work, "between"), _word(work, "stop")
    # A word that itself holds a comma keeps its brackets, so that nothing runs together.
    return between.join(words) + end


def _parties(work: Work, found: Agreement) -> Iterator[Line]:
    one = found.pair
    place = _word(work, "in", place=found.community) if found.community else ""
    yield lines.paragraph(_word(work, "household", name=one.resident, place=place))
    key = "neighbour" if one.kind is Kind.NEIGHBOUR else "helper"
    yield lines.paragraph(_word(work, key, name=one.helper))


def _signatures(work: Work, found: Agreement) -> Line:
    one = found.pair
    other = "neighbour_short" if one.kind is Kind.NEIGHBOUR else "helper_short"
    rows = [
        [_word(work, key), name, work.label(f"pair_ground.{found.grounds[side]}"), ""]
        for key, name, side in (
            ("household_short", one.resident, "resident"),
            (other, one.helper, "helper"),
        )
    ]
    rows.append([_word(work, "keeper_short"), one.keeper, "", ""])
    headers = [_word(work, key) for key in ("party", "name", "yes", "signature")]
    return lines.grid(headers, rows, widths=(28, 32, 60, None), size=12, row_height=11)
