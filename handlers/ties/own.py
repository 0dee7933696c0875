"""What the one who is helped gives in turn: said in their own words, whenever they like."""

from handlers.dialogue import Form, Question, start
from handlers.doors import present
from handlers.ties.parts import check_words
from handlers.turn import Press, Turn
from storage.dialogues import Answers
from storage.pairs.ties.giving import check_may_say, say_what_is_given
from storage.refusals import TooLate


def press(turn: Turn, press: Press) -> None:
    """The button "I can give something too" of a tie's card."""
    if press.act != "say":
        raise TooLate
    check_may_say(turn.session, actor=present(turn), pair_id=press.id)
    start(turn, BACK, {"pair": press.id})


def _keep(turn: Turn, answers: Answers) -> None:
    pair_id = answers.get("pair")
    one = say_what_is_given(
        turn.session,
        now=turn.now,
        actor=present(turn),
        pair_id=pair_id if isinstance(pair_id, int) else 0,
        words=str(answers["words"]),
    )
    turn.say("tie_back_kept", keyboard="menu", card="form", more=one.facts)


BACK = Form(
    topic="tie_back",
    questions=(Question("words", "ask_tie_back_own", check_words),),
    finish=_keep,
)
