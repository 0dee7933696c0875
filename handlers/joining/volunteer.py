"""A volunteer joins: what they can do and when, the pledge, then a coordinator decides."""

from collections.abc import Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question
from handlers.dialogue.engine import CARD
from handlers.joining.agreeing import agree
from handlers.joining.questions import (
    COMMUNITY,
    NAME,
    PHONE,
    check_name,
    check_phone,
    keep_answers,
)
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.entries import note_likeness
from storage.refusals import Fact
from storage.registers import change_profile
from storage.rules.fields import Register
from storage.rules.importing.days import Day, read_day
from storage.rules.skills import Skill, TimeSlot
from storage.volunteers import PLEDGE_VERSION, apply_to_volunteer

ADULT, MINOR = "adult", "minor"


def _offer_skills(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(skill.value, f"skill.{skill.value}") for skill in Skill]


def _offer_times(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(slot.value, f"slot.{slot.value}") for slot in TimeSlot]


def _offer_pledge(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(ADULT, "volunteer.pledge"), Option(MINOR, "volunteer.pledge_minor")]


def _is_minor(turn: Turn, answers: Answers) -> bool:
    return answers.get("pledge") == MINOR


def _check_born(turn: Turn, text: str) -> Fact:
    day, today = read_day(text), turn.session.house.local(turn.now).date()
    if not isinstance(day, Day) or day.day is None:
        raise BadAnswer("date")
    if (day.year, day.month, day.day) > (today.year, today.month, today.day):
        raise BadAnswer("date_ahead")
    return str(day)


def finish(turn: Turn, answers: Answers) -> None:
    """Hand the application in."""
    person = keep_answers(turn, agree(turn), answers)
    minor = _is_minor(turn, answers)
    if minor:
        change_profile(
            turn.session,
            now=turn.now,
            actor=person,
            person_id=person.id,
            values={key: answers[key] for key in ("born_on", "guardian_name", "guardian_phone")},
            ground="self",
            register=Register.VOLUNTEER,
        )
    apply_to_volunteer(
        turn.session,
        now=turn.now,
        person=person,
        skills=[Skill(key) for key in _listed(answers["skills"])],
        times=[TimeSlot(key) for key in _listed(answers["times"])],
        pledge_version=PLEDGE_VERSION,
    )
    note_likeness(turn.session, now=turn.now, person_ids=[person.id])
    turn.say("join_volunteer_done", keyboard="menu", card=CARD, name=person.name, minor=minor)


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
        Question(key="born_on", template="ask_join_born", check=_check_born, applies=_is_minor),
        Question(
            key="guardian_name",
            template="ask_join_guardian_name",
            check=check_name,
            applies=_is_minor,
        ),
        Question(
            key="guardian_phone",
            template="ask_join_guardian_phone",
            check=check_phone,
            applies=_is_minor,
        ),
    ),
    finish=finish,
)
