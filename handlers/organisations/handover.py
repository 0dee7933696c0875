"""/handover: all open work of a coordinator goes to another, in one step."""

from collections.abc import Sequence

from handlers.dialogue import Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.doors import let_in
from handlers.organisations.forms import actor_of
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.people import find_person
from storage.refusals import Fact
from storage.staffing import count_work, hand_over, list_successors


def begin(turn: Turn) -> None:
    """/handover: one's own work; for anybody but staff a command like any unknown one."""
    actor = let_in(turn, "handover")
    if actor is None:
        return
    if not list_successors(turn.session, actor=actor, person_id=actor.id):
        turn.say("handover_nobody")
        return
    start(turn, FORM, {"from": str(actor.id)})


def _offer_heirs(turn: Turn, answers: Answers) -> Sequence[Option]:
    heirs = list_successors(turn.session, actor=actor_of(turn), person_id=int(str(answers["from"])))
    return [Option(str(one.id), "verbatim", {"text": one.name}) for one in heirs]


def _offer_ends(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option("end", "org.hand_over_and_end"), Option("stay", "org.hand_over")]


def _facts(turn: Turn, answers: Answers) -> dict[str, Fact]:
    leaving = int(str(answers["from"]))
    who = find_person(turn.session, person_id=leaving)
    chosen = answers.get("to")
    heir = find_person(turn.session, person_id=int(chosen)) if isinstance(chosen, str) else None
    work = count_work(turn.session, person_id=leaving)
    return {
        "name": who.name if who else "",
        "own": turn.person is not None and turn.person.id == leaving,
        "to": heir.name if heir else None,
        "alarms": work.alarms,
        "check_ins": work.check_ins,
        "calls": work.calls,
        "stand_ins": work.stand_ins,
        "pairs": work.pairs,
        "tellings": work.tellings,
        "contacts": work.contacts,
        "asks": work.asks,
        "rounds": work.rounds,
    }


def _finish(turn: Turn, answers: Answers) -> None:
    done = hand_over(
        turn.session,
        now=turn.now,
        actor=actor_of(turn),
        person_id=int(str(answers["from"])),
        to_id=int(str(answers["to"])),
        end=answers["end"] == "end",
    )
    turn.say(
        "handover_done",
        keyboard="menu",
        card=FORM_CARD,
        name=done.name,
        to=done.to,
        ended=done.ended,
        total=done.work.total,
    )


FORM = Form(
    topic="handover",
    questions=(
        Question(key="to", template="ask_handover_to", options=_offer_heirs, facts=_facts),
        Question(key="end", template="ask_handover_end", options=_offer_ends, facts=_facts),
    ),
    finish=_finish,
)
