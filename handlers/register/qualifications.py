"""Qualifications: a volunteer names one, staff confirm those they have seen."""

from collections.abc import Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.register.answers import read_date
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.registers import (
    Qualification,
    add_qualification,
    check_staff,
    decide_qualification,
    end_qualification,
    list_qualifications,
    list_to_look_at,
)
from storage.rules.ages import read_day
from storage.rules.fields import OPTIONS

SHOWN_AT_ONCE = 5


def press_qualification(turn: Turn, press: Press) -> None:
    """Staff list, confirm, decline and add; a volunteer adds and takes off their own."""
    actor = turn.person
    if actor is None:
        raise NotAllowed
    if press.act in ("list", "ending"):
        _show_waiting(turn, actor, state="waiting" if press.act == "list" else "ending")
    elif press.act == "of":
        check_staff(turn.session, actor=actor, person_id=press.id)
        _show_of(turn, press.id)
    elif press.act == "add":
        if actor.id != press.id:
            check_staff(turn.session, actor=actor, person_id=press.id)
        start(turn, FORM, {"person": str(press.id)})
    elif press.act in ("confirm", "decline"):
        _decide(turn, actor, press)
    elif press.act == "end":
        end_qualification(
            turn.session,
            now=turn.now,
            actor=actor,
            qualification_id=press.id,
            version=press.version,
        )
        turn.edit("qualification_ended", card=f"qualification:{press.id}")
    else:
        raise TooLate


def _show_waiting(turn: Turn, actor: Person, *, state: str) -> None:
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    found = list_to_look_at(turn.session, actor=actor, state=state, limit=SHOWN_AT_ONCE)
    for one in found:
        _show_one(turn, one)
    if not found:
        turn.say("office_nothing")


def _show_of(turn: Turn, person_id: int) -> None:
    found = list_qualifications(turn.session, person_id=person_id)
    for one in found:
        _show_one(turn, one)
    turn.say(
        "qualification_list",
        buttons=[
            [
                Button("qualification.add", press_data("qualification", "add", person_id, 0)),
                Button("person.back", press_data("person", "see", person_id, 0)),
            ]
        ],
        card=f"qualifications:{person_id}",
        count=len(found),
    )


def _show_one(turn: Turn, one: Qualification) -> None:
    acts = ("confirm", "decline") if one.state == "waiting" else ("end",)
    turn.say(
        "qualification_card",
        buttons=[
            [
                Button(
                    f"qualification.{act}", press_data("qualification", act, one.id, one.version)
                )
                for act in acts
            ],
            [Button("qualification.whose", press_data("person", "see", one.person_id, 0))],
        ],
        card=f"qualification:{one.id}",
        more=facts_of(one),
    )


def facts_of(one: Qualification) -> dict[str, Fact]:
    """What is said of a paper."""
    return {
        "name": one.name,
        "kind": one.kind,
        "state": one.state,
        "expires_on": one.expires_on.isoformat() if one.expires_on else None,
    }


def _decide(turn: Turn, actor: Person, press: Press) -> None:
    decided = decide_qualification(
        turn.session,
        now=turn.now,
        actor=actor,
        qualification_id=press.id,
        version=press.version,
        confirm=press.act == "confirm",
    )
    turn.edit("qualification_decided", card=f"qualification:{press.id}", more=facts_of(decided))


def _offer_kinds(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(one.key, f"choice.qualification.{one.key}") for one in OPTIONS["qualification"]]


def _check_until(turn: Turn, text: str) -> Fact:
    until = read_date(text, today=turn.session.house.local(turn.now).date(), past=False)
    day = read_day(until)
    if day is None:
        raise BadAnswer("date")
    if day < turn.session.house.local(turn.now).date():
        raise BadAnswer("date_over")
    return day.isoformat()


def _finish(turn: Turn, answers: Answers) -> None:
    actor = turn.person
    if actor is None:
        raise NotAllowed
    person_id = int(str(answers["person"]))
    add_qualification(
        turn.session,
        now=turn.now,
        actor=actor,
        person_id=person_id,
        kind=str(answers["kind"]),
        expires_on=read_day(answers.get("until")),
    )
    own = actor.id == person_id
    back = (
        Button("own.back", press_data("own", "see", 0, 0))
        if own
        else Button("person.back", press_data("person", "see", person_id, 0))
    )
    turn.say(
        "qualification_kept", buttons=[[back]], card=FORM_CARD, kind=str(answers["kind"]), waits=own
    )


FORM = Form(
    topic="qualification",
    questions=(
        Question(key="kind", template="ask_qualification_kind", options=_offer_kinds, columns=2),
        Question(
            key="until", template="ask_qualification_until", check=_check_until, may_skip=True
        ),
    ),
    finish=_finish,
)
