"""A caregiver joins: who they are, and for whom they wish to ask."""

from handlers.dialogue import Form, Question
from handlers.dialogue.engine import CARD
from handlers.joining.agreeing import agree
from handlers.joining.questions import (
    COMMUNITY,
    NAME,
    PHONE,
    check_name,
    check_phone,
    community_of,
    keep_answers,
    offer_communities,
)
from handlers.turn import Turn
from storage.caregivers import ask_to_care
from storage.dialogues import Answers


def finish(turn: Turn, answers: Answers) -> None:
    """Ask the resident or staff; the answer here is the same whoever was found."""
    person = keep_answers(turn, agree(turn), answers)
    phone = answers["resident_phone"]
    name = str(answers["resident_name"])
    ask_to_care(
        turn.session,
        now=turn.now,
        asker=person,
        name=name,
        community_id=community_of(answers, "resident_community"),
        phone=phone if isinstance(phone, str) else None,
    )
    turn.say("join_caregiver_done", keyboard="menu", card=CARD, name=name)


FORM = Form(
    topic="join_caregiver",
    questions=(
        NAME,
        COMMUNITY,
        PHONE,
        Question(key="resident_name", template="ask_join_relative_name", check=check_name),
        Question(
            key="resident_community",
            template="ask_join_relative_community",
            options=offer_communities,
            columns=2,
        ),
        Question(
            key="resident_phone",
            template="ask_join_relative_phone",
            check=check_phone,
            may_skip=True,
        ),
    ),
    finish=finish,
)
