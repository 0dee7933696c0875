"""After and around a visit: out and safe, words at the door, remarks, reflections."""

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD
from handlers.turn import Press, Turn
from storage.check_ins import list_own_notes
from storage.choices import Button, close_card
from storage.dialogues import Answers
from storage.needs import (
    ask_for_help,
    button,
    hear_door_words,
    leave_remark,
    list_reflections,
    list_remarks,
    list_spoken_for,
    reflect,
    remove_remark,
    say_out_safe,
)
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.respect import find_disrespectful
from storage.rules.text import clean

REMARK_LIMIT, REFLECTION_LIMIT = 200, 500
LISTED_AT_MOST = 20


def press_visit(turn: Turn, press: Press) -> None:
    """A button of a visit that is under way, or over."""
    person = turn.person
    if person is None:
        raise NotAllowed
    mine = {"volunteer_id": person.id, "claim_id": press.id}
    if press.act == "safe":
        done = say_out_safe(turn.session, now=turn.now, **mine)
        remark = [[button("visit.remark", "visit", "remark", press.id, 0)]]
        # A message of its own: the one above may say what it is about.
        close_card(turn.session, chat_id=turn.chat_id, card=f"safe:{press.id}")
        card = f"visit:{press.id}"
        turn.say("visit_safe_noted", buttons=remark if done else (), card=card)
    elif press.act == "help":
        ask_for_help(turn.session, now=turn.now, **mine)
        turn.edit("visit_help_rung", card=f"safe:{press.id}")
    elif press.act == "remark":
        start(turn, REMARK, {"claim_id": press.id})
    elif press.act == "reflect":
        start(turn, REFLECT, {"claim_id": press.id})
    elif press.act == "remove":
        remove_remark(turn.session, now=turn.now, actor_id=person.id, word_id=press.id)
        turn.edit("visit_remark_removed")
    elif press.act == "reflections":
        _show_reflections(turn, person, before=press.id or None)
    else:
        raise TooLate


def hear_word(turn: Turn, text: str) -> bool:
    """One word from the door, typed by the helper or by those at home."""
    if turn.person is None:
        return False
    heard = hear_door_words(turn.session, now=turn.now, person_id=turn.person.id, text=text)
    if heard is None:
        return False
    template = "door_words_right" if heard.matched else "door_words_wrong"
    turn.say(template, by_helper=heard.by_helper)
    return True


def show_remarks(turn: Turn) -> None:
    """What helpers left for the next one about somebody this person speaks for."""
    person = turn.person
    spoken = list_spoken_for(turn.session, person_id=person.id) if person else []
    shown = 0
    for one in spoken:
        remarks = list_remarks(turn.session, resident_id=one.resident_id, limit=LISTED_AT_MOST)
        for remark in remarks:
            shown += 1
            turn.say(
                "visit_remark",
                buttons=[[button("visit.remove", "visit", "remove", remark.id, 0)]],
                card=f"remark:{remark.id}",
                volunteer=remark.by,
                remark=remark.words,
                resident=one.name,
                own=one.own,
            )
    if person is not None:
        shown += _show_call_notes(turn, person)
    if not shown:
        turn.say("visit_remark_none", keyboard="menu")


def _show_call_notes(turn: Turn, person: Person) -> int:
    """What callers left for the next one: only to the person it is about."""
    notes = list_own_notes(turn.session, person_id=person.id)
    for one in notes:
        turn.say(
            "call_note_own",
            buttons=[[button("check_in.forget", "check_in", "forget", one.id, 0)]],
            card=f"call_note:{one.id}",
            by=one.by,
            at=one.at.isoformat(),
            marks=one.marks,
            words=one.words,
        )
    return len(notes)


def _show_reflections(turn: Turn, person: Person, *, before: int | None) -> None:
    """What helpers let others read, a few at a time, for staff."""
    found = list_reflections(turn.session, now=turn.now, actor=person, before=before)
    older: list[list[Button]] = []
    if found:
        older = [[button("visit.older", "visit", "reflections", found[-1].id, 0)]]
    facts: dict[str, Fact] = {
        "names": [one.by for one in found],
        "moments": [one.written_at.isoformat() for one in found],
        "lines": [one.words for one in found],
        "before": before is not None,
    }
    turn.say("visit_reflections", buttons=older, card="reflections", more=facts)


def _check_remark(turn: Turn, text: str) -> Fact:
    words = clean(text, limit=REMARK_LIMIT)
    if words is None:
        raise BadAnswer("words_empty")
    if find_disrespectful(words) is not None:
        raise BadAnswer("disrespectful")
    return words


def _check_reflection(turn: Turn, text: str) -> Fact:
    words = clean(text, limit=REFLECTION_LIMIT)
    if words is None:
        raise BadAnswer("words_empty")
    return words


def _finish_remark(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    leave_remark(
        turn.session,
        now=turn.now,
        volunteer_id=turn.person.id,
        claim_id=int(str(answers["claim_id"])),
        words=str(answers["words"]),
    )
    turn.say("visit_remark_kept", keyboard="menu")


def _shares(turn: Turn, answers: Answers) -> list[Option]:
    return [Option("no", "visit.share_no"), Option("yes", "visit.share_yes")]


def _finish_reflection(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    share = answers.get("share") == "yes"
    reflect(
        turn.session,
        now=turn.now,
        volunteer_id=turn.person.id,
        claim_id=int(str(answers["claim_id"])),
        words=str(answers["words"]),
        share=share,
    )
    turn.say("visit_reflected", keyboard="menu", share=share)


REMARK = Form(
    topic="visit_remark",
    questions=(Question("words", "ask_visit_remark", _check_remark),),
    finish=_finish_remark,
)
REFLECT = Form(
    topic="visit_reflect",
    questions=(
        Question("words", "ask_visit_reflection", _check_reflection),
        Question("share", "ask_visit_share", options=_shares),
    ),
    finish=_finish_reflection,
)
