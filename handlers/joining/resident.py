"""A resident joins: three questions at most, and is registered at once."""

from handlers.dialogue import Form
from handlers.dialogue.engine import CARD
from handlers.joining.agreeing import agree
from handlers.joining.questions import COMMUNITY, NAME, PHONE_OR_NOT, keep_answers
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.entries import note_likeness
from storage.roles import grant


def finish(turn: Turn, answers: Answers) -> None:
    """Register, and say that typing is all it takes from now on."""
    person = keep_answers(turn, agree(turn), answers)
    grant(
        turn.session,
        now=turn.now,
        person_id=person.id,
        kind="resident",
        actor_id=person.id,
        ground="joined",
    )
    # Somebody may have written them down before: the office is asked, nothing is merged here.
    note_likeness(turn.session, now=turn.now, person_ids=[person.id])
    turn.say("join_resident_done", keyboard="menu", card=CARD, name=person.name)


FORM = Form(topic="join_resident", questions=(NAME, COMMUNITY, PHONE_OR_NOT), finish=finish)
