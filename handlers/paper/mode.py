"""The mode: lines come in, are shown back, and one press keeps them; it stays till "done"."""

import re
from dataclasses import replace

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.doors import let_in
from handlers.paper.drafts import Draft, Line, draft_in
from handlers.paper.keeping import keep_lines, undo_kept
from handlers.paper.reading import mark_like, read_more, resolve, ring_about, ring_unplaced
from handlers.paper.sheets import read_back
from handlers.paper.wording import line_note, line_words
from handlers.turn import Turn
from storage.choices import close_card
from storage.dialogues import Answers, find_dialogue
from storage.paper import find_named, get_named
from storage.people import Person
from storage.refusals import Fact, NotAllowed
from storage.rules.quick_entry import Entry, Kind, begins_entry
from storage.rules.sheets import begins_sheet
from storage.rules.text import clean

TEXT = "+"
OK, SOME, FIX, CLEAR, UNDO, DONE = "ok", "some", "fix", "clear", "undo", "done"
TOPIC_WORD = "paper"
TEXT_LIMIT = 4000
LINES_KEPT = 40
_LINE_NUMBER = re.compile(r"\s*(\d{1,2})[\s.、．]+(?=\S)")


def open_mode(turn: Turn) -> None:
    """/paper: for staff; for anybody else a command like any unknown one."""
    person = let_in(turn, "paper")
    if person is None:
        return
    words = clean(turn.text or "", limit=TEXT_LIMIT)
    draft = _open_draft(turn) or Draft()
    if words:
        _hear(turn, person, draft, words)
    else:
        _show(turn, draft)


def hear_entry(turn: Turn, text: str) -> bool:
    """Staff's lines, before anything else: the words in them are about somebody else."""
    person = turn.person
    if person is None or not person.is_approved("coordinator"):
        return False
    dialogue = find_dialogue(turn.session, chat_id=turn.chat_id)
    in_mode = dialogue is not None and dialogue.topic == TOPIC_WORD
    if dialogue is not None and not in_mode:
        return False
    draft = draft_in(dialogue.answers) if dialogue is not None else Draft()
    bare = _LINE_NUMBER.sub("", text, count=1) if draft.fixing else text
    if not (begins_entry(bare) or begins_sheet(text)) and not (
        in_mode and _names_somebody(turn, person, draft, bare)
    ):
        return False
    _hear(turn, person, draft, text)
    return True


def _names_somebody(turn: Turn, person: Person, draft: Draft, text: str) -> bool:
    """In the mode a line may begin with a name: it is read like the line before it."""
    first = re.split(r"[\s,，:：]+", text.strip(), maxsplit=1)[0]
    return bool(draft.like and first and find_named(turn.session, actor=person, name=first))


def _open_draft(turn: Turn) -> Draft | None:
    dialogue = find_dialogue(turn.session, chat_id=turn.chat_id)
    if dialogue is None or dialogue.topic != TOPIC_WORD:
        return None
    return draft_in(dialogue.answers)


def _hear(turn: Turn, person: Person, draft: Draft, text: str) -> None:
    words = clean(text, limit=TEXT_LIMIT) or ""
    draft = replace(draft, faults=())
    if begins_sheet(words):
        read = ring_about(turn, read_back(turn, person, draft, words), since=len(draft.lines))
        _show(turn, read if read.rang else ring_unplaced(turn, read, words))
    elif draft.fixing:
        _show(turn, _mend(turn, person, draft, words))
    elif len(draft.lines) >= LINES_KEPT:
        _show(turn, ring_unplaced(turn, draft, words))
    else:
        _show(turn, read_more(turn, person, draft, words))


def _mend(turn: Turn, person: Person, draft: Draft, words: str) -> Draft:
    """A line written again goes into the place of the one that its number names."""
    found = _LINE_NUMBER.match(words)
    at = int(found.group(1)) - 1 if found else len(draft.lines) - 1
    if not 0 <= at < len(draft.lines):
        return ring_unplaced(turn, draft, words)
    rest = words[found.end() :] if found else words
    like = draft.lines[at].entry.kind
    others = replace(draft, lines=(), like=like.value if like else draft.like, fixing=False)
    read = read_more(turn, person, others, rest)
    return replace(read, lines=draft.put(at, *read.lines).lines)


def _show(turn: Turn, draft: Draft) -> None:
    start(turn, FORM, draft.answers)


def _facts(turn: Turn, answers: Answers) -> dict[str, Fact]:
    draft = draft_in(answers)
    return {
        "lines": [line_words(turn, line) for line in draft.lines],
        "notes": [line_note(turn, line) for line in draft.lines],
        "kept": list(draft.kept),
        "rang": list(draft.rang),
        "faults": list(draft.faults),
        "ready": draft.is_ready,
        "fixing": draft.fixing,
    }


def _options(turn: Turn, answers: Answers) -> list[Option]:
    draft = draft_in(answers)
    at = next((at for at, line in enumerate(draft.lines) if line.open), None)
    options = _about(turn, at, draft.lines[at]) if at is not None else []
    if draft.is_ready:
        options.append(Option(OK, "entry.ok"))
    elif draft.clear:
        options.append(Option(SOME, "entry.some", {"count": len(draft.clear)}))
    if draft.lines:
        return [*options, Option(FIX, "entry.fix"), Option(CLEAR, "entry.clear")]
    if draft.undo:
        options.append(Option(UNDO, "entry.undo"))
    return [*options, Option(DONE, "entry.done")]


def _about(turn: Turn, at: int, line: Line) -> list[Option]:
    """What settles a line: whom it means, somebody new, or not at all."""
    if turn.person is None:
        return []
    found = (get_named(turn.session, actor=turn.person, person_id=one) for one in line.which)
    options = [
        Option(
            f"who.{at}.{one.id}", "entry.who", {"line": at + 1, "who": f"{one.name} {one.where}"}
        )
        for one in found
        if one is not None
    ]
    about: dict[str, Fact] = {"line": at + 1, "name": line.entry.name}
    if line.open in ("which", "unknown"):
        options.append(Option(f"new.{at}", "entry.new", about))
    if line.open == "like":
        options.append(Option(f"addto.{at}", "entry.add_to", about))
        options.append(Option(f"another.{at}", "entry.other_need", about))
    if line.open == "double":
        options.append(Option(f"another.{at}", "entry.another", about))
    return [*options, Option(f"drop.{at}", "entry.drop", about)]


def _check(turn: Turn, text: str) -> Fact:
    words = clean(text, limit=TEXT_LIMIT)
    if words is None:
        raise BadAnswer("paper")
    return TEXT + words


def _finish(turn: Turn, answers: Answers) -> None:
    person, said = turn.person, str(answers.get("line"))
    if person is None or not person.is_approved("coordinator"):
        raise NotAllowed
    draft = draft_in(answers)
    if said.startswith(TEXT):
        _hear(turn, person, draft, said.removeprefix(TEXT))
    elif said in (OK, SOME):
        _show(turn, keep_lines(turn, person, draft))
    elif said == FIX:
        _show(turn, replace(draft, fixing=True, rang=()))
    elif said == CLEAR:
        _show(turn, replace(draft, lines=(), fixing=False, rang=()))
    elif said == UNDO:
        back, whole = undo_kept(turn, person, draft)
        start(turn, FORM, back.answers, lead="paper_undone" if whole else "paper_undone_partly")
    elif said == DONE:
        close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
        turn.say("paper_mode_done", keyboard="menu")
    else:
        _show(turn, _settle(turn, person, draft, said))


def _settle(turn: Turn, person: Person, draft: Draft, said: str) -> Draft:
    what, _, rest = said.partition(".")
    number, _, chosen = rest.partition(".")
    at = int(number)
    line = draft.lines[at]
    draft = replace(draft, rang=(), faults=())
    if what == "who":
        meant = replace(line, person_id=int(chosen), which=(), is_new=False)
        return draft.put(at, mark_like(turn, person, meant))
    if what == "addto":
        return draft.put(at, replace(line, adds=True))
    if what == "another":
        return draft.put(at, replace(line, another=True))
    if what == "new":
        entry = line.entry
        new = Entry(
            Kind.REGISTER, entry.name, name=entry.name, community=entry.community, group=entry.group
        )
        registered = resolve(turn, person, new, Draft())
        return draft.put(at, registered, replace(line, which=(), is_new=True))
    return draft.put(at)


FORM = Form(
    topic=TOPIC_WORD,
    questions=(Question("line", "paper", _check, _options, columns=2, facts=_facts),),
    finish=_finish,
)
