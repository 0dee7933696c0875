"""A volunteer joins: what they can do and when, the pledge, then a coordinator decides."""

from collections.abc import Sequence

from handlers.dialogue import Form, Option, Question
from handlers.dialogue.engine import CARD
from handlers.joining.agreeing import agree
from handlers.joining.questions import COMMUNITY, NAME, PHONE, keep_answers
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.entries import note_likeness
from storage.refusals import Fact
from storage.rules.skills import Skill, TimeSlot
from storage.volunteers import PLEDGE_VERSION, apply_to_volunteer


def _offer_skills(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(skill.value, f"skill.{skill.value}") for skill in Skill]


def _offer_times(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(slot.value, f"slot.{slot.value}") for slot in TimeSlot]


def _offer_pledge(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(PLEDGE_VERSION, "volunteer.pledge")]


def finish(turn: Turn, answers: Answers) -> None:
    """Hand the application in."""
    person = keep_answers(turn, agree(turn), answers)
    apply_to_volunteer(
        turn.session,
        now=turn.now,
        person=person,
        skills=[Skill(key) for key in _listed(answers["skills"])],
        times=[TimeSlot(key) for key in _listed(answers["times"])],
        pledge_version=str(answers["pledge"]),
    )
    note_likeness(turn.session, now=turn.now, person_ids=[person.id])
    turn.say("join_volunteer_done", keyboard="menu", card=CARD, name=person.name)


def _listed(answer: Fact) -> list[str]:
    return answer if isinstance(answer, list) else []


FORM = Form(
    topic="join_volunteer",
    questions=(
        NAME,
        COMMUNITY,
        PHONE,
        Question(
            key="skills",
            template="ask_join_skills",
            options=_offer_skills,
            many=True,
            columns=2,
        ),
        Question(
            key="times", template="ask_join_times", options=_offer_times, many=True, columns=2
        ),
        Question(key="pledge", template="volunteer_pledge", options=_offer_pledge),
    ),
    finish=finish,
)
