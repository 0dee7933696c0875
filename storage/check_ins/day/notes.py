"""Notes: what was heard on a call, sealed, and the short of it for whoever calls next."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.check_ins.cases import Case, find_case, find_helper, get_case_for
from storage.check_ins.day.concerns import Concern, has_told, raise_concern
from storage.check_ins.day.wishes import tell_of_wish
from storage.check_ins.facts import Facts, name_of
from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.outbox import MessageClass
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules import call_form
from storage.rules.access import Act
from storage.rules.call_form import GRADED, IN_WORDS, MOODS_LOOKED_AT, Asked, Flag, Grade
from storage.rules.ladder import Outcome
from storage.rules.text import cut
from storage.scope import check_sees
from storage.tables import call_note, check_in
from storage.vault import UNREADABLE

WORDS_LIMIT = 500
SHOWN_LIMIT = 120
# The calls before the last one are read by nobody with a telephone in hand.
SHOWN_NOTES = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept, and whom it concerns beside the next caller."""

    resident: str
    resident_id: int
    # Those on duty were told now.
    danger: bool
    # Somebody does harm to the person; said for the first time of this call.
    harm: bool


def keep_answer(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    check_in_id: int,
    asked: Asked,
    value: str | list[str],
) -> Kept:
    """Keep one answer of the form at once: whoever stops half-way has lost nothing.

    That somebody does harm to the person is not kept here: the next caller may be the one.
    """
    case = get_reported(session, check_in_id=check_in_id, actor_id=actor_id)
    before = _find(session, case, actor_id)
    old = dict(before[2]) if before else {}
    kept = _cleaned(asked, value)
    facts = {**old, asked.value: kept}
    _write(session, case, before, facts, now=now, actor_id=actor_id)
    _note(session, case, now=now, what="call_note_kept", actor_id=actor_id, detail=asked.value)
    says_harm = asked is Asked.FLAGS and Flag.HARM.value in value
    harm = says_harm and not has_told(session, check_in_id=case.id, kind=Concern.HARM)
    if harm:
        raise_concern(session, case, now=now, kind=Concern.HARM, done_by=actor_id)
    danger = call_form.is_in_danger(facts) and not call_form.is_in_danger(old)
    if danger:
        _tell_danger(session, case, facts, now=now, actor_id=actor_id)
    _raise_concerns(session, case, asked, facts, now=now)
    if asked is Asked.NEXT and kept and kept != old.get(asked):
        version = before[1] + 1 if before else 1
        tell_of_wish(session, case, str(kept), now=now, by=actor_id, version=version)
    return Kept(name_of(session, case.resident_id) or "", case.resident_id, danger, harm)


def get_reported(session: Session, *, check_in_id: int, actor_id: int) -> Case:
    """The case, for whoever ended it or may report on it."""
    case = find_case(session, check_in_id=check_in_id)
    helper = find_helper(session, person_id=actor_id)
    if case is not None and helper is not None and case.ended_by == actor_id:
        return case
    return get_case_for(
        session, check_in_id=check_in_id, actor_id=actor_id, act=Act.REPORT_CHECK_IN
    )


def open_own_note(session: Session, *, actor_id: int, check_in_id: int) -> call_form.Facts:
    """What somebody has answered so far, to go on with it."""
    case = get_reported(session, check_in_id=check_in_id, actor_id=actor_id)
    found = _find(session, case, actor_id)
    return dict(found[2]) if found else {}


def _find(session: Session, case: Case, actor_id: int) -> tuple[int, int, call_form.Facts] | None:
    row = session.find(
        select(call_note)
        .where(call_note.c.check_in_id == case.id, call_note.c.author_id == actor_id)
        .with_for_update()
    )
    return (
        (row.id, row.version, opened_note(session, row.uid, row.facts)) if row is not None else None
    )


def opened_note(session: Session, uid: str, sealed: bytes | None) -> call_form.Facts:
    """What stands in one note; nothing once it was removed, or where no key opens it."""
    if sealed is None:
        return {}
    text = session.vault.unseal_or_mark(sealed, place=f"call_note.facts:{uid}")
    opened: call_form.Facts = json.loads(text) if text != UNREADABLE else {}
    return opened


def _cleaned(asked: Asked, value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        known = {flag.value for flag in Flag if flag is not Flag.HARM}
        return [one for one in value if one in known]
    if asked in IN_WORDS:
        return cut(value, WORDS_LIMIT)
    if value not in {grade.value for grade in Grade}:
        raise TooLate
    return value


def _write(
    session: Session,
    case: Case,
    before: tuple[int, int, call_form.Facts] | None,
    facts: call_form.Facts,
    *,
    now: datetime,
    actor_id: int,
) -> None:
    text = json.dumps(facts, ensure_ascii=False)
    if before is None:
        uid = secrets.token_hex(16)
        row = {
            "uid": uid,
            "check_in_id": case.id,
            "resident_id": case.resident_id,
            "author_id": actor_id,
            "facts": session.vault.seal(text, place=f"call_note.facts:{uid}"),
            "written_at": now,
            "version": 1,
        }
        try:
            with session.savepoint():
                session.execute(insert(call_note), row)
        except IntegrityError as twice:
            raise TooLate from twice
        return
    note_id, version, _ = before
    uid = session.value(select(call_note.c.uid).where(call_note.c.id == note_id))
    changed = session.change(
        update(call_note)
        .where(call_note.c.id == note_id, call_note.c.version == version)
        .values(
            facts=session.vault.seal(text, place=f"call_note.facts:{uid}"),
            written_at=now,
            version=version + 1,
        )
    )
    if changed != 1:
        raise TooLate


def _raise_concerns(
    session: Session, case: Case, asked: Asked, facts: call_form.Facts, *, now: datetime
) -> None:
    if asked is Asked.NEXT and facts.get(Asked.NEXT):
        raise_concern(session, case, now=now, kind=Concern.NEXT_TIME)
    if call_form.is_amiss(facts):
        raise_concern(session, case, now=now, kind=Concern.AMISS)
    if asked is Asked.MOOD and call_form.is_low(_moods(session, case.resident_id)):
        raise_concern(session, case, now=now, kind=Concern.LOW_MOOD)


def _moods(session: Session, resident_id: int) -> list[str]:
    """How somebody was of late, newest first; only where it was asked."""
    rows = session.all(
        select(call_note.c.uid, call_note.c.facts)
        .where(call_note.c.resident_id == resident_id, call_note.c.facts.is_not(None))
        .order_by(call_note.c.check_in_id.desc(), call_note.c.id.desc())
        .limit(MOODS_LOOKED_AT * 2)
    )
    opened = [opened_note(session, row.uid, row.facts).get(Asked.MOOD) for row in rows]
    return [mood for mood in opened if isinstance(mood, str)]


def _tell_danger(
    session: Session, case: Case, facts: call_form.Facts, *, now: datetime, actor_id: int
) -> None:
    tell_duty(
        session,
        now=now,
        key=f"check_in:{case.id}:danger:{actor_id}",
        template="call_danger",
        message_class=MessageClass.ALARM,
        facts={
            "name": name_of(session, case.resident_id),
            "by": name_of(session, actor_id),
            "words": cut(str(facts.get(Asked.NOTES, "")), SHOWN_LIMIT),
        },
        about=case.resident_id,
        without=actor_id,
    )


def last_notes(session: Session, *, resident_id: int, before: int) -> Facts:
    """The short of the calls before one, as facts for the wording: what was not well, and words.

    Parallel lists, newest first: the day, how it ended, "mood_bad" and the like, and the words.
    """
    rows = session.all(
        select(call_note.c.uid, call_note.c.facts, check_in.c.closed_at, check_in.c.due_at)
        .add_columns(check_in.c.last_outcome)
        .select_from(check_in)
        .outerjoin(call_note, call_note.c.check_in_id == check_in.c.id)
        .where(check_in.c.resident_id == resident_id, check_in.c.id < before)
        .where(check_in.c.state == "closed")
        .order_by(check_in.c.id.desc(), call_note.c.id.desc())
        .limit(SHOWN_NOTES)
    )
    opened = [opened_note(session, row.uid or "", row.facts) for row in rows]
    return {
        "last_days": [(row.closed_at or row.due_at).isoformat() for row in rows],
        "last_outcomes": [row.last_outcome or Outcome.NO_REPORT.value for row in rows],
        "last_marks": [said_in(facts)[0] for facts in opened],
        "last_words": [said_in(facts)[1] for facts in opened],
    }


def said_in(facts: call_form.Facts) -> tuple[str, str]:
    """The short of a note: its marks in one string, and its words."""
    return " ".join(_marks(facts)), _words(facts)


def _marks(facts: call_form.Facts) -> list[str]:
    """What was not well, worst first, what was flagged beside it, and that the hour does not suit.

    "mood_bad", "meals_fair", "flag_food", "next".
    """
    found = [(grade, asked) for grade in (Grade.BAD, Grade.FAIR) for asked in GRADED]
    marks = [f"{asked}_{grade}" for grade, asked in found if facts.get(asked) == grade]
    without_ticks = {key: value for key, value in facts.items() if key != Asked.FLAGS}
    said = call_form.flags_of(without_ticks)
    marks += [f"flag_{flag}" for flag in call_form.flags_of(facts) if flag not in said]
    return marks + (["next"] if facts.get(Asked.NEXT) else [])


def _words(facts: call_form.Facts) -> str:
    said = [str(facts[key]) for key in (Asked.NOTES, Asked.ERRAND, Asked.NEXT) if facts.get(key)]
    return cut(" ".join(said), SHOWN_LIMIT)


def open_history(session: Session, *, now: datetime, actor: Person, check_in_id: int) -> Facts:
    """What is behind a need that a call opened, for staff: this call's form, and those before."""
    case = find_case(session, check_in_id=check_in_id)
    if case is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    check_sees(session, actor=actor, person_id=case.resident_id)
    _note(session, case, now=now, what="call_notes_read", actor_id=actor.id, detail="")
    return {
        "name": name_of(session, case.resident_id),
        **last_notes(session, resident_id=case.resident_id, before=case.id + 1),
    }


def _note(
    session: Session, case: Case, *, now: datetime, what: str, actor_id: int, detail: str
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        detail=detail,
    )
