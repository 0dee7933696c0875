"""Understanding what staff wrote: whom each line means, and what is said back about it."""

from dataclasses import replace

from handlers.paper.drafts import Draft, Line
from handlers.turn import Turn
from storage.alarms import raise_alarm_about
from storage.communities import list_communities
from storage.needs import find_like, take_in
from storage.paper import NewResident, find_double, find_named, find_own_community
from storage.people import Person
from storage.rules.dangers import Danger, DangerKind
from storage.rules.quick_entry import Entry, Kind, read_lines
from storage.rules.reading import read_need

Values = dict[str, str | int | bool | list[str] | None]


def read_more(turn: Turn, actor: Person, draft: Draft, text: str) -> Draft:
    """The draft with what was just written; words of danger ring at once, before any press."""
    names = [one.name for one in list_communities(turn.session)]
    today = turn.session.house.local(turn.now).date()
    like = Kind(draft.like) if draft.like else None
    rang: list[str] = []
    for entry in read_lines(text, communities=names, today=today, like=like):
        line = resolve(turn, actor, entry, draft)
        rang += _ring(turn, line)
        draft = replace(draft, lines=(*draft.lines, line), like=entry.kind or draft.like)
    return replace(draft, kept=(), undo=(), rang=tuple(dict.fromkeys(rang)))


def resolve(turn: Turn, actor: Person, entry: Entry, draft: Draft) -> Line:
    """Find out whom a line means."""
    if entry.problem is not None:
        return Line(entry)
    community_id = community_of(turn, entry.community)
    if entry.kind is Kind.REGISTER:
        new = new_resident(turn, actor, entry)
        if new.community_id is None:
            return Line(entry, refused="no_community")
        return Line(entry, double=find_double(turn.session, actor=actor, new=new) is not None)
    found = find_named(
        turn.session,
        actor=actor,
        name=entry.name,
        community_id=community_id,
        group_code=entry.group,
    )
    coming = any(
        line.entry.kind is Kind.REGISTER and line.entry.name == entry.name for line in draft.lines
    )
    if len(found) == 1 and found[0].name == entry.name and not coming:
        return mark_like(turn, actor, Line(entry, person_id=found[0].id))
    return Line(entry, which=tuple(one.id for one in found), is_new=coming and not found)


def mark_like(turn: Turn, actor: Person, line: Line) -> Line:
    """A need that is likely open already is asked about, until it is said which it is."""
    if line.entry.kind is not Kind.NEED or line.person_id is None or line.another or line.adds:
        return line
    found = find_like(
        turn.session,
        now=turn.now,
        actor_id=actor.id,
        resident_id=line.person_id,
        said=take_in(turn.session, line.entry.words).said,
    )
    return replace(line, like=found[0].id if found else 0)


def community_of(turn: Turn, name: str | None) -> int | None:
    """The id of a community by its name."""
    known = {one.name: one.id for one in list_communities(turn.session)}
    return known.get(name) if name else None


def new_resident(turn: Turn, actor: Person, entry: Entry) -> NewResident:
    """Somebody new, as the line says; who works in one community means that one."""
    profile: Values = {
        key: value
        for key, value in (
            ("sex", entry.sex),
            ("born_on", entry.born_on),
            ("category", None if entry.certificate else entry.category),
            ("grade", None if entry.certificate else entry.grade),
            ("lives_alone", entry.alone or None),
        )
        if value is not None
    }
    home = community_of(turn, entry.community) or find_own_community(turn.session, actor=actor)
    return NewResident(
        name=entry.name,
        community_id=home,
        group_code=entry.group,
        phone=entry.phone,
        address=entry.address,
        certificate=entry.certificate,
        profile=profile,
    )


def ring_about(turn: Turn, draft: Draft, *, since: int) -> Draft:
    """Words of danger in the lines from ``since`` on ring; the draft says who was told."""
    rang = [name for line in draft.lines[since:] for name in _ring(turn, line)]
    return replace(draft, rang=tuple(dict.fromkeys(rang)))


def ring_unplaced(turn: Turn, draft: Draft, text: str) -> Draft:
    """Words of danger in what could not be taken as a line ring about nobody that is named."""
    return replace(draft, rang=tuple(_ring(turn, Line(Entry(None, text)))) or draft.rang)


def _ring(turn: Turn, line: Line) -> list[str]:
    """Words of danger in a line ring about the one it means; returns who was told."""
    entry = line.entry
    # What was not understood has no words of its own: all of it is listened to. What is only
    # unclear there ("说不清") is mostly an outcome.
    unread = entry.problem is not None or entry.kind is None
    if entry.kind is Kind.REGISTER and not unread:
        return []
    reading = read_need(entry.text if unread else entry.words)
    if reading.danger is Danger.NONE or (unread and reading.danger is not Danger.CERTAIN):
        return []
    raised = raise_alarm_about(
        turn.session,
        now=turn.now,
        chat_id=turn.chat_id,
        person_id=line.person_id,
        words=line.entry.text,
        kind=reading.danger_kind or DangerKind.UNKNOWN,
    )
    return raised.told
