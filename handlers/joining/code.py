"""Staff join by a one-use code, in the link or typed."""

from collections.abc import Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD
from handlers.joining.agreeing import agree, has_agreed
from handlers.joining.questions import NAME, keep_answers
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.invitations import Code, check_code, use_code
from storage.organisations import find_organisation
from storage.refusals import Fact
from storage.roles import grant

PROBLEMS = {Code.WRONG: "code_wrong", Code.CLOSED: "code_closed"}


def try_at_the_door(turn: Turn, code: str) -> str | None:
    """Open the form when the code in a link would open; else name what is to be said first."""
    result = check_code(turn.session, now=turn.now, chat_id=turn.chat_id, code=code)
    if result is not Code.GOOD:
        return f"problem_{PROBLEMS[result]}"
    # It is used up at the end of the form, so that who turns back at the notice keeps it.
    start(turn, FORM, {"code": code})
    return None


def ask_for_code(turn: Turn) -> None:
    """Open the form with the question for the code."""
    start(turn, FORM)


def _check(turn: Turn, text: str) -> Fact:
    code = text.strip().removeprefix("/start").strip()
    result = check_code(turn.session, now=turn.now, chat_id=turn.chat_id, code=code)
    if result is not Code.GOOD:
        raise BadAnswer(PROBLEMS[result])
    return code


def _not_yet_agreed(turn: Turn, answers: Answers) -> bool:
    return not has_agreed(turn)


def _offer_yes(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option("yes", "join.agree")]


def _offer_abroad(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option("yes", "join.abroad")]


def _has_no_code(turn: Turn, answers: Answers) -> bool:
    return "code" not in answers


def finish(turn: Turn, answers: Answers) -> None:
    """Use the code up; of two who use it at once, one is let in."""
    person = agree(turn)
    invited = use_code(
        turn.session,
        now=turn.now,
        chat_id=turn.chat_id,
        person_id=person.id,
        code=str(answers["code"]),
    )
    if invited is None:
        turn.say("problem_code_wrong", keyboard="menu", card=CARD)
        return
    person = keep_answers(turn, person, answers)
    grant(
        turn.session,
        now=turn.now,
        person_id=person.id,
        kind=invited.role,
        organisation_id=invited.organisation_id,
        actor_id=person.id,
        ground="invitation",
    )
    where = invited.organisation_id
    one = find_organisation(turn.session, organisation_id=where) if where else None
    turn.say(
        "join_staff_done",
        keyboard="menu_staff" if invited.role == "coordinator" else "menu",
        card=CARD,
        name=person.name,
        role=invited.role,
        organisation=one.name if one else None,
    )


FORM = Form(
    topic="join_code",
    questions=(
        Question(key="agreed", template="join_notice", options=_offer_yes, applies=_not_yet_agreed),
        Question(
            key="abroad", template="join_abroad", options=_offer_abroad, applies=_not_yet_agreed
        ),
        Question(key="code", template="ask_join_code", check=_check, applies=_has_no_code),
        NAME,
    ),
    finish=finish,
)
