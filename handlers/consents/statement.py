"""Staff write down what somebody said who does not use the chat: yes or no, to what, where."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from handlers.dialogue import BadAnswer, Form, Option, Question
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.turn import Turn, press_data
from storage.choices import Button
from storage.consenting import SpokenTo, enter_statement, list_statable
from storage.dialogues import Answers
from storage.guardians import is_known_child
from storage.people import get_person
from storage.refusals import Fact, NotAllowed
from storage.rules.ages import read_day
from storage.rules.purposes import Channel, Purpose
from storage.rules.text import clean

WORDS_LIMIT = 300
DAYS = ("today", "yesterday")
STANDARD = "standard"


def _person_id(answers: Answers) -> int:
    return int(str(answers["person_id"]))


def _facts(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    person_id = _person_id(answers)
    return {
        "name": get_person(turn.session, person_id=person_id).name,
        "child": is_known_child(turn.session, now=turn.now, person_id=person_id),
    }


def _purposes(turn: Turn, answers: Answers) -> Sequence[Option]:
    listed = list_statable(turn.session, now=turn.now, person_id=_person_id(answers))
    return [Option(one.value, f"purpose.{one.value}") for one in listed]


def _yes_or_no(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option("yes", "consent.said_yes"), Option("no", "consent.said_no")]


def _channels(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [
        Option(one.value, f"consent.over_{one.value}") for one in (Channel.PAPER, Channel.PHONE)
    ]


def _days(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(day, f"consent.{day}") for day in DAYS]


def _check_day(turn: Turn, text: str) -> Fact:
    day = read_day(text.strip().replace("/", "-").replace(".", "-"))
    if day is None or day > turn.session.house.local(turn.now).date():
        raise BadAnswer("statement_day")
    return day.isoformat()


def _check_words(turn: Turn, text: str) -> Fact:
    words = clean(text, limit=WORDS_LIMIT)
    if words is None:
        raise BadAnswer("need_empty")
    return words


def _read_out(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(STANDARD, "consent.read_standard")]


def _by_whom(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option("guardian", "consent.by_guardian"), Option("self", "consent.by_self")]


def _said_at(turn: Turn, answers: Answers) -> datetime:
    """Noon of the day, or the present where noon is still to come."""
    house = turn.session.house
    today = house.local(turn.now).date()
    chosen = str(answers["day"])
    days = {"today": today, "yesterday": today - timedelta(days=1)}
    day = days.get(chosen) or datetime.fromisoformat(chosen).date()
    return min(datetime.combine(day, time(12), tzinfo=house.zone), turn.now)


def _finish(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    chosen = answers["purposes"]
    purposes = [Purpose(one) for one in chosen] if isinstance(chosen, list) else []
    person_id = _person_id(answers)
    yes = answers["answer"] == "yes"
    enter_statement(
        turn.session,
        now=turn.now,
        actor=turn.person,
        person_id=person_id,
        purposes=purposes,
        yes=yes,
        spoken=SpokenTo(
            read_out=str(answers["read_out"]),
            present=str(answers["present"]),
            where=str(answers["where"]),
            said_at=_said_at(turn, answers),
            channel=Channel(str(answers["channel"])),
            by_guardian=answers["speaker"] == "guardian",
        ),
    )
    turn.say(
        "statement_kept",
        card=FORM_CARD,
        keyboard="menu",
        name=get_person(turn.session, person_id=person_id).name,
        purposes=[one.value for one in purposes],
        yes=yes,
    )
    back = Button("consent.list", press_data("consent", "list", person_id, 0))
    turn.say("statement_more", buttons=[[back]], card="consent")


FORM = Form(
    topic="statement",
    questions=(
        Question("purposes", "ask_statement_purposes", options=_purposes, many=True, facts=_facts),
        Question("answer", "ask_statement_answer", options=_yes_or_no, facts=_facts),
        Question("speaker", "ask_statement_speaker", options=_by_whom, facts=_facts),
        Question("channel", "ask_statement_channel", options=_channels),
        Question("day", "ask_statement_day", _check_day, options=_days),
        Question("where", "ask_statement_where", _check_words),
        Question("present", "ask_statement_present", _check_words),
        Question("read_out", "ask_statement_read_out", _check_words, options=_read_out),
    ),
    finish=_finish,
)
