"""How a line is said back: whom, what, and a note where something is open."""

from handlers.paper.drafts import Line
from handlers.turn import Turn
from storage.needs import take_in
from storage.paper import get_named
from storage.people import get_person
from storage.refusals import Fact
from storage.rules.at_home import is_at_home
from storage.rules.phones import Phone, parse_phone
from storage.rules.quick_entry import Entry, Kind

CUT = 60


def line_words(turn: Turn, line: Line) -> str:
    """What a line was understood to say."""
    entry = line.entry
    if entry.kind is None:
        return entry.text[:CUT]
    parts = [_label(turn, f"entry_kind.{entry.kind.value}", name=entry.name), _where(turn, line)]
    parts += _facts(turn, entry) if entry.kind is Kind.REGISTER else []
    if entry.outcome is not None:
        parts.append(_label(turn, f"check_in_outcome.{entry.outcome.value}"))
    words = entry.words[:CUT]
    if words and entry.outcome is None:
        parts.append(f"“{words}”")
    elif words and entry.words not in entry.name:
        parts.append(words)
    return " · ".join(part for part in parts if part)


def line_note(turn: Turn, line: Line) -> str:
    """What is open about a line, or what in it was not understood."""
    notes = [_label(turn, f"entry_open.{line.open}", name=line.entry.name)] if line.open else []
    if _needs_address(turn, line):
        notes.append(_label(turn, "entry.no_address"))
    if line.entry.unread:
        notes.append(_label(turn, "entry.unread", words="、".join(line.entry.unread)))
    return " ".join(notes)


def _needs_address(turn: Turn, line: Line) -> bool:
    """Whether somebody is to come to a home whose address nobody knows."""
    if line.entry.kind is not Kind.NEED or line.person_id is None:
        return False
    at_home = is_at_home(take_in(turn.session, line.entry.words).said.category)
    return at_home and not get_person(turn.session, person_id=line.person_id).has_address


def _where(turn: Turn, line: Line) -> str:
    if line.person_id is not None and turn.person is not None:
        one = get_named(turn.session, actor=turn.person, person_id=line.person_id)
        if one is not None:
            return one.where
    return f"{line.entry.community or ''}{line.entry.group}"


def _facts(turn: Turn, entry: Entry) -> list[str]:
    phone = parse_phone(entry.phone) if entry.phone else None
    disability = _label(turn, f"entry_category.{entry.category}") if entry.category else ""
    if entry.category and entry.grade:
        disability += _label(turn, f"entry_grade.{entry.grade}")
    return [
        _label(turn, f"entry_sex.{entry.sex}") if entry.sex else "",
        _label(turn, "entry.born", day=entry.born_on) if entry.born_on else "",
        _label(turn, "entry.certificate") if entry.certificate else disability,
        phone.national if isinstance(phone, Phone) else "",
        _label(turn, "entry.alone") if entry.alone else "",
        entry.address,
    ]


def _label(turn: Turn, key: str, **facts: Fact) -> str:
    return turn.wording.label(key, language=turn.language, facts=facts)
