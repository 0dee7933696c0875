"""A look at a child's data: a reason first, then a colleague or the guardian says yes."""

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.turn import Press, Turn
from storage.dialogues import Answers
from storage.looks import ask_look, check_may_ask, decide_look, list_looks
from storage.outbox import Wanted
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.text import clean

REASON_LIMIT = 300
SHOWN_AT_ONCE = 5


def press(turn: Turn, press: Press) -> None:
    """Ask for a look, or decide on one."""
    if turn.person is None:
        raise NotAllowed
    if press.act == "ask":
        check_may_ask(turn.session, now=turn.now, actor=turn.person, child_id=press.id)
        start(turn, FORM, {"child_id": press.id})
        return
    if press.act == "list":
        _show_waiting(turn, turn.person)
        return
    if press.act not in ("yes", "no"):
        raise TooLate
    decided = decide_look(
        turn.session,
        now=turn.now,
        actor=turn.person,
        look_id=press.id,
        version=press.version,
        yes=press.act == "yes",
    )
    turn.edit(
        "look_decided",
        card=f"look:{press.id}",
        child=decided.child,
        asker=decided.asker,
        yes=press.act == "yes",
    )


def _show_waiting(turn: Turn, actor: Person) -> None:
    waiting = list_looks(turn.session, actor=actor, limit=SHOWN_AT_ONCE)
    for one in waiting:
        turn.say(
            "look_waits",
            buttons=one.buttons,
            card=one.card,
            wanted=Wanted("look", one.id, one.version),
            more=one.facts,
        )
    if not waiting:
        turn.say("look_none")


def _check(turn: Turn, text: str) -> Fact:
    reason = clean(text, limit=REASON_LIMIT)
    if reason is None:
        raise BadAnswer("need_empty")
    return reason


def _finish(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    told = ask_look(
        turn.session,
        now=turn.now,
        actor=turn.person,
        child_id=int(str(answers["child_id"])),
        reason=str(answers["reason"]),
    )
    turn.say("look_asked", card=FORM_CARD, keyboard="menu", told=told)


FORM = Form(
    topic="look",
    questions=(Question("reason", "ask_look_reason", _check),),
    finish=_finish,
)
