"""Designated (定点) and qualified organisations, as the office has seen it in writing."""

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.doors import present
from handlers.services.cards import CARD, Lines
from handlers.turn import Press, Turn, press_data
from storage.choices import Button, close_card
from storage.dialogues import Answers
from storage.organisations import get_organisation
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.ages import read_day
from storage.rules.licences import Licence
from storage.rules.text import clean
from storage.services import add_licence, end_licence, list_licences

FOREVER = "forever"
FAR = timedelta(days=366 * 30)


def press_licence(turn: Turn, press: Press) -> None:
    """A button of what an organisation may do; the office's alone."""
    person = present(turn)
    if not person.is_office:
        raise NotAllowed
    if press.act == "list":
        show_licences(turn, press.id)
    elif press.act == "add":
        get_organisation(turn.session, organisation_id=press.id)
        start(turn, ADD, {"organisation": press.id})
    elif press.act == "end":
        organisation_id = end_licence(
            turn.session, now=turn.now, actor=person, licence_id=press.id, version=press.version
        )
        show_licences(turn, organisation_id)
    else:
        raise TooLate


def show_licences(turn: Turn, organisation_id: int, *, edit: bool = True) -> None:
    """Show what an organisation holds, each with its last day."""
    one = get_organisation(turn.session, organisation_id=organisation_id)
    held = list_licences(turn.session, now=turn.now, organisation_id=organisation_id)
    lines: Lines = [
        [
            Button(
                f"licence.end_{each.kind.value}",
                press_data("licence", "end", each.id, each.version),
            )
        ]
        for each in held
    ]
    lines.append([Button("licence.add", press_data("licence", "add", one.id, 0))])
    lines.append([Button("service.all", press_data("service", "org", one.id, 0))])
    speak = turn.edit if edit else turn.say
    speak(
        "licence_list",
        buttons=lines,
        card=CARD,
        organisation=one.name,
        kinds=[each.kind.value for each in held],
        days=[each.expires_on.isoformat() if each.expires_on else "" for each in held],
        hold=["yes" if each.holds else "" for each in held],
    )


def _kinds(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"licence_kind.{one.value}") for one in Licence]


def _forever(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(FOREVER, "licence.forever")]


def _check_day(turn: Turn, text: str) -> Fact:
    day = read_day(clean(text, limit=30) or "")
    today = turn.session.house.local(turn.now).date()
    if day is None or not today <= day <= today + FAR:
        raise BadAnswer("licence_until")
    return day.isoformat()


def _finish(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
    until = str(answers["until"])
    organisation_id = int(str(answers["organisation"]))
    add_licence(
        turn.session,
        now=turn.now,
        actor=present(turn),
        organisation_id=organisation_id,
        kind=Licence(str(answers["kind"])),
        expires_on=None if until == FOREVER else date.fromisoformat(until),
    )
    show_licences(turn, organisation_id, edit=False)


ADD = Form(
    topic="licence_add",
    questions=(
        Question("kind", "ask_licence_kind", options=_kinds),
        Question("until", "ask_licence_until", _check_day, options=_forever),
    ),
    finish=_finish,
)
