"""The volunteers' register as a workbook: the rows, and how they fall into classes."""

from collections.abc import Iterator

from bot.office import lines
from bot.office.lines import Line
from bot.office.work import Paper, Work
from bot.papers.registers import Export, about, begin, finish, pages, register_lines, single
from storage.exports import Row, list_volunteers
from storage.rules.fields import OPTIONS, Register, get_field
from storage.rules.skills import Skill

UNKNOWN = ""
# Lower ends of the bands of hours; stars are made of the same in time.
HOURS = (0, 1, 20, 50, 100, 300)


def make(work: Work) -> Paper:
    """Make the workbook; raises NotMade."""
    export = begin(work)
    title = export.word("volunteers")
    body = work.make(_lines(export, title))
    return finish(export, title, body)


def _lines(export: Export, title: str) -> Iterator[Line]:
    yield lines.workbook(title)
    rows = _counted(export, pages(export, list_volunteers))
    yield from register_lines(export, title, rows)
    yield from _classes(export)


def _counted(export: Export, rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        for name in ("skills", "languages"):
            value = row.get(name)
            for key in value if isinstance(value, list) else []:
                export.count(name, str(key))
        export.count("team", str(row.get("team") or UNKNOWN))
        export.count("place", str(row["community"] or UNKNOWN))
        minutes = row["minutes"]
        hours = minutes // 60 if isinstance(minutes, int) else 0
        export.count("hours", str(max(low for low in HOURS if low <= hours)))
        yield row


def _classes(export: Export) -> Iterator[Line]:
    """The sheet of small tables, each with its chart."""
    word = export.word
    yield lines.sheet(word("classes"))
    yield lines.note(about(export))
    skills = [(skill.value, export.work.label(f"skill.{skill.value}")) for skill in Skill]
    yield single(export, word("skills"), word("skill"), skills, "skills", kind="rows")
    yield single(export, word("teams"), word("team"), _found(export, "team", "no_team"), "team")
    yield single(export, word("places"), word("place"), _found(export, "place", "nowhere"), "place")
    options = get_field(Register.VOLUNTEER, "languages").options or OPTIONS["languages"]
    languages = [(one.key, one.zh if export.chinese else one.en) for one in options]
    yield single(export, word("languages"), word("language"), languages, "languages", kind="rows")
    yield single(export, word("hours"), word("hour"), _hours(export), "hours")


def _found(export: Export, key: str, nothing: str) -> list[tuple[str, str]]:
    """What was met on the way, the most first, and at last what is not known."""
    met = [(one[1], count) for one, count in export.counts.items() if one[0] == key]
    met.sort(key=lambda one: (one[0] == UNKNOWN, -one[1], one[0]))
    return [(name, name or export.word(nothing)) for name, _ in met]


def _hours(export: Export) -> list[tuple[str, str]]:
    label = export.work.label
    bands = [("0", export.word("no_hours"))]
    for low, high in zip(HOURS[1:], [*HOURS[2:], None], strict=True):
        if high is None:
            bands.append((str(low), label("export_word.from_hour", low=low)))
        else:
            bands.append((str(low), label("export_word.hours_between", low=low, high=high)))
    return bands
