"""The weekly sheet for calls and visits, to tick on paper and to be typed back in one go."""

from collections.abc import Iterator
from datetime import timedelta

from bot.office.lines import Line
from bot.office.work import NotMade, Paper, Work
from storage.paper import PrintedLine, PrintedSheet, open_sheet
from storage.people import get_person
from storage.refusals import NotAllowed
from storage.rules.phones import Phone, parse_phone

# Two to a line, so that no box is torn from its words.
BOXES = (("fine", "no_answer"), ("needs_help", "could_not_tell"))
HEARD = (("body", "meals", "medicine"), ("mood", "home", "device"))


def make(work: Work) -> Paper:
    """Print a sheet that was put together before."""
    asker = work.do(get_person, person_id=work.job.asker_id)
    number = int(str(work.facts["sheet"]))
    try:
        printed = work.do(open_sheet, now=work.now(), actor=asker, number=number)
    except (NotAllowed, LookupError) as gone:
        raise NotMade("not_allowed", template="refusal_not_allowed") from gone
    body = work.make(_lines(work, printed))
    return Paper(name=work.label("sheet.file", code=printed.code), body=body)


def _lines(work: Work, sheet: PrintedSheet) -> Iterator[Line]:
    local = work.database.house.local(sheet.printed_at)
    last_day = sheet.first_day + timedelta(days=6)
    period = work.label(
        "sheet.week",
        first=f"{sheet.first_day:%m-%d}",
        last=f"{last_day:%m-%d}",
        year=sheet.first_day.year,
    )
    printed = work.label(
        "sheet.printed", by=sheet.printed_by, at=f"{local:%Y-%m-%d %H:%M}", code=sheet.code
    )
    yield {
        "make": "document",
        "title": work.label("sheet.title", code=sheet.code, whose=sheet.whose),
        "landscape": True,
        "font_size": 11,
        "footer": printed,
    }
    yield {
        "heading": work.label("sheet.title", code=sheet.code, whose=sheet.whose),
        "align": "center",
    }
    yield {"paragraph": period, "align": "center"}
    yield {"table": _table(work, sheet)}
    example = " ".join(
        f"{one.code}{work.label(f'sheet.say_{at}')}" for at, one in enumerate(sheet.lines[:3])
    )
    yield {
        "paragraph": work.label("sheet.how", code=sheet.code, example=example),
        "keep_with_next": True,
    }
    yield {"paragraph": work.label("sheet.talk"), "keep_with_next": True}
    yield {"paragraph": work.label("sheet.care"), "bold": True}


def _table(work: Work, sheet: PrintedSheet) -> dict[str, object]:
    headers = {
        "code": 14,
        "name": 36,
        "phone": 33,
        "last": 27,
        "due": 28,
        "outcome": 46,
        "heard": 46,
        "remark": None,
    }
    return {
        "columns": [
            {"header": work.label(f"sheet.{key}"), "width": width} for key, width in headers.items()
        ],
        "rows": [_row(work, line) for line in sheet.lines],
        "row_height": 12,
        "size": 10.5,
    }


def _row(work: Work, line: PrintedLine) -> list[object]:
    phone = parse_phone(line.phone) if line.phone else None
    last = ""
    if line.last_at is not None and line.last is not None:
        day = work.database.house.local(line.last_at)
        last = f"{day:%m-%d} {work.label(f'sheet_last.{line.last}')}"
    return [
        line.code,
        f"{line.name} {line.where}".strip(),
        _spaced(phone.national) if isinstance(phone, Phone) else work.label("sheet.no_phone"),
        last,
        _due(work, line),
        {"boxes": [[work.label(f"sheet_box.{box}") for box in row] for row in BOXES]},
        {"boxes": [[work.label(f"sheet_heard.{box}") for box in row] for row in HEARD]},
        "",
    ]


def _due(work: Work, line: PrintedLine) -> str:
    """On which days, how closely looked after, and how: never by phone where nobody can hear it."""
    days = "".join(work.label(f"sheet_day.{day}") for day in line.due_days)
    if line.tier is None or line.channel is None:
        return days
    how = f"{work.label(f'tier.{line.tier}')} {work.label(f'sheet_channel.{line.channel}')}"
    return f"{days}\n{how}"


def _spaced(number: str) -> str:
    """In groups, so that nobody loses their place while dialling."""
    return f"{number[:3]} {number[3:7]} {number[7:]}" if len(number) == 11 else number
