"""Keeping the lines of a draft, each for itself; and taking back what a slip has kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from handlers.paper.drafts import Draft, Line
from handlers.paper.reading import mark_like, new_resident
from handlers.paper.wording import line_words
from handlers.turn import Turn
from storage.check_ins import answer_check_in, date_ending, keep_answer, reopen_check_in
from storage.needs import (
    Statement,
    cancel_need,
    change_need,
    find_need,
    state_need,
    take_in,
)
from storage.paper import (
    find_open_case,
    record_call,
    register_resident,
    type_line,
    undo_call,
    undo_registering,
    untype_line,
)
from storage.people import Person
from storage.refusals import NotAllowed, Refusal
from storage.rules.call_form import Asked, Grade
from storage.rules.details import Details
from storage.rules.ladder import Outcome, is_positive
from storage.rules.lifecycle import UNFINISHED
from storage.rules.quick_details import told_in
from storage.rules.quick_entry import Kind

CHANNELS = {Kind.NEED: "paper", Kind.CALL: "phone", Kind.VISIT: "visit"}


def keep_lines(turn: Turn, actor: Person, draft: Draft) -> Draft:
    """Keep every line that is clear; one that is open or refused stays in the draft, alone."""
    kept: list[str] = []
    undo: list[str] = []
    left: list[Line] = []
    new: dict[str, int] = {}
    for read in draft.lines:
        line = mark_like(turn, actor, read)
        if line.is_new and line.entry.name in new:
            line = replace(line, person_id=new[line.entry.name], is_new=False)
        if line.open or line.is_new:
            # Unclear, stated by somebody meanwhile, or about somebody whose own line is not kept.
            left.append(line)
            continue
        try:
            with turn.session.savepoint():
                undo += _keep(turn, actor, line, new)
        except Refusal as refusal:
            key = f"entry_open.{refusal.key}"
            known = turn.wording.has_label(key)
            left.append(replace(line, refused=refusal.key if known else "refused"))
        else:
            kept.append(line_words(turn, line))
    done = replace(draft, kept=tuple(kept), undo=tuple(undo), rang=(), faults=())
    return done.with_lines(*left)


def _keep(turn: Turn, actor: Person, line: Line, new: dict[str, int]) -> list[str]:
    entry = line.entry
    if entry.kind is Kind.REGISTER:
        person_id = register_resident(
            turn.session,
            now=turn.now,
            actor=actor,
            new=new_resident(turn, actor, entry),
            another=line.another,
        )
        new[entry.name] = person_id
        return [f"person:{person_id}"]
    person_id = line.person_id if line.person_id is not None else new[entry.name]
    if entry.kind is Kind.NEED and line.adds:
        _add(turn, actor, line)
        return []
    if entry.kind is Kind.NEED:
        told = told_in(entry, now_local=turn.session.house.local(turn.now))
        need_id = _state(turn, actor, person_id, entry.words, channel="paper", told=told)
        return [f"need:{need_id}"]
    outcome = entry.outcome or Outcome.COULD_NOT_TELL
    channel = CHANNELS[entry.kind or Kind.CALL]
    if not line.sheet_line:
        return keep_outcome(turn, actor, person_id, outcome, entry.words, channel=channel)
    type_line(turn.session, now=turn.now, actor=actor, line_id=line.sheet_line, outcome=outcome)
    kept = keep_outcome(
        turn,
        actor,
        person_id,
        outcome,
        entry.words,
        channel="paper",
        on=date.fromisoformat(line.on) if line.on else None,
        heard=line.heard,
    )
    return [f"line:{line.sheet_line}", *kept]


def keep_outcome(
    turn: Turn,
    actor: Person,
    person_id: int,
    outcome: Outcome,
    words: str,
    *,
    channel: str,
    on: date | None = None,
    heard: Sequence[str] = (),
) -> list[str]:
    """Write a call or visit down; an open check-in gets it as its answer, help becomes a need.

    ``on`` is the day that stands on paper, ``heard`` what was ticked there as not well.
    """
    well = is_positive(outcome)
    case_id = find_open_case(turn.session, person_id=person_id, on=on, is_well=well)
    need_id = None
    stock = turn.wording.label("check_in.help_words", language=turn.session.house.language)
    if case_id is not None:
        answered = answer_check_in(
            turn.session,
            now=turn.now,
            actor_id=actor.id,
            check_in_id=case_id,
            outcome=outcome,
            words=words or stock,
        )
        need_id = answered.need_id
        _keep_heard(turn, actor, case_id, heard, on=on)
    elif outcome is Outcome.NEEDS_HELP:
        need_id = _state(turn, actor, person_id, words or stock, channel=channel)
    record_id = record_call(
        turn.session,
        now=turn.now,
        actor=actor,
        person_id=person_id,
        channel=channel,
        outcome=outcome,
        words=words,
        check_in_id=case_id,
        need_id=need_id,
        on=on,
    )
    return [f"call:{record_id}"]


def _keep_heard(
    turn: Turn, actor: Person, case_id: int, heard: Sequence[str], *, on: date | None
) -> None:
    """The day of the call, and what was not well, go with the check-in that it answered."""
    if on is not None:
        date_ending(turn.session, now=turn.now, actor_id=actor.id, check_in_id=case_id, on=on)
    for asked in heard:
        keep_answer(
            turn.session,
            now=turn.now,
            actor_id=actor.id,
            check_in_id=case_id,
            asked=Asked(asked),
            value=Grade.BAD.value,
        )


def _add(turn: Turn, actor: Person, line: Line) -> None:
    """Add the line's words to the open need that it is likely the same as."""
    card = find_need(turn.session, need_id=line.like)
    if card is None:
        raise NotAllowed
    change_need(
        turn.session,
        now=turn.now,
        actor_id=actor.id,
        need_id=card.id,
        version=card.version,
        said=Statement(card.category, card.urgency, f"{card.words}\n{line.entry.words}"),
    )


def _state(
    turn: Turn,
    actor: Person,
    person_id: int,
    words: str,
    *,
    channel: str,
    told: Details | None = None,
) -> int:
    return state_need(
        turn.session,
        now=turn.now,
        actor_id=actor.id,
        resident_id=person_id,
        said=replace(take_in(turn.session, words).said, details=told),
        origin=channel,
    )


def undo_kept(turn: Turn, actor: Person, draft: Draft) -> tuple[Draft, bool]:
    """Take back what the last press kept, the newest first; returns whether all of it went."""
    return replace(draft, kept=(), undo=()), undo_tokens(turn, actor, draft.undo)


def undo_tokens(turn: Turn, actor: Person, tokens: Sequence[str]) -> bool:
    """Take back what the tokens name, the last first; returns whether all of it went."""
    all_back = True
    for token in reversed(tokens):
        what, _, number = token.partition(":")
        try:
            with turn.session.savepoint():
                _undo(turn, actor, what, int(number))
        except Refusal:
            all_back = False
    return all_back


def _undo(turn: Turn, actor: Person, what: str, number: int) -> None:
    if what == "person":
        undo_registering(turn.session, now=turn.now, actor=actor, person_id=number)
    elif what == "line":
        untype_line(turn.session, actor=actor, line_id=number)
    elif what == "need":
        _cancel(turn, actor, number)
    else:
        record = undo_call(turn.session, now=turn.now, actor=actor, record_id=number)
        if record.need_id is not None:
            _cancel(turn, actor, record.need_id)
        if record.check_in_id is not None:
            reopen_check_in(
                turn.session, now=turn.now, actor_id=actor.id, check_in_id=record.check_in_id
            )


def _cancel(turn: Turn, actor: Person, need_id: int) -> None:
    card = find_need(turn.session, need_id=need_id)
    if card is not None and card.state in UNFINISHED:
        cancel_need(
            turn.session,
            now=turn.now,
            actor_id=actor.id,
            need_id=need_id,
            version=card.version,
        )
