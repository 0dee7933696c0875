"""A person's own copy: headings, and one line for each thing that is known of them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bot.office.lines import Line
from bot.office.work import NotMade, Paper, Work
from storage.database import Session
from storage.people import Person, get_person
from storage.privacy import Line as Known
from storage.privacy import Section, open_copy, open_subject
from storage.privacy.lines import Value
from storage.refusals import NotAllowed


def make(work: Work) -> Paper:
    """Make the copy that was asked for; the tie must still be alive now."""
    try:
        subject, sections = work.do(_open, work=work)
    except (NotAllowed, LookupError) as gone:
        raise NotMade("not_allowed", template="refusal_not_allowed") from gone
    own = subject.id == work.job.asker_id
    return Paper(
        name=work.label("privacy.file"),
        body=work.make(_lines(work, sections, name=subject.name)),
        template="privacy_copy",
        facts={"name": subject.name, "own": own},
    )


def _open(session: Session, *, work: Work) -> tuple[Person, list[Section]]:
    asker = get_person(session, person_id=work.job.asker_id)
    person_id = int(str(work.facts["person"]))
    subject = open_subject(session, now=work.now(), actor=asker, person_id=person_id)
    return subject, open_copy(session, subject=subject)


def _lines(work: Work, sections: Sequence[Section], *, name: str) -> Iterator[Line]:
    title = f"{work.label('copy.title')} · {name}"
    yield {"make": "document", "title": title, "footer": work.label("copy.footer")}
    yield {"heading": title, "align": "center"}
    yield {"paragraph": f"{work.database.house.local(work.now()):%Y-%m-%d %H:%M}"}
    for section in sections:
        yield {"heading": work.label(f"copy_section.{section.key}"), "level": 2}
        yield {"table": _table(work, section.lines)}


def _table(work: Work, lines: Sequence[Known]) -> dict[str, object]:
    rows = [
        [_label(work, f"{line.named}.{line.key}"), _value(work, line.value, line.kind)]
        for line in lines
        if line.value not in (None, "", [])
    ]
    headers = {"what": 45, "value": None}
    columns = [
        {"header": work.label(f"copy.{key}"), "width": width} for key, width in headers.items()
    ]
    return {"columns": columns, "rows": rows}


def _value(work: Work, value: Value, kind: str) -> str:
    if isinstance(value, list):
        return "、".join(_value(work, one, kind) for one in value)
    if isinstance(value, bool):
        return work.label("copy.yes" if value else "copy.no")
    if isinstance(value, datetime):
        return f"{work.database.house.local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return _label(work, f"{kind}.{value}") if kind else str(value)


def _label(work: Work, key: str) -> str:
    """The words of a key; a key that has none yet stands for itself."""
    return work.label(key) if work.wording.has_label(key) else key.rpartition(".")[2]
