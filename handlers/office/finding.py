"""Looking for a person: /find, "找 陈素芬", or the button of the office's list."""

import re

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.doors import let_in
from handlers.turn import Press, Turn, press_data
from storage.choices import Button, close_card
from storage.dialogues import Answers
from storage.office import Hit, Page, find_people, next_page
from storage.refusals import Fact, NotAllowed, TooLate

CARD = "find"
# A gap must follow, so that nothing said as a need ("找人修灯") is taken for a search.
LOOK_FOR = re.compile(r"(?:找人|找|查找|find)[\s:：]+(.+)", re.IGNORECASE)


def command(turn: Turn) -> None:
    """/find 陈: the words may follow at once, or are asked for."""
    if let_in(turn, "find") is None:
        return
    if turn.text:
        _find(turn, turn.text)
    else:
        start(turn, FORM)


def hear(turn: Turn, text: str) -> bool:
    """Staff may type "找 陈素芬" without any command."""
    found = LOOK_FOR.fullmatch(text.strip())
    if found is None or turn.person is None or not turn.person.is_approved("coordinator"):
        return False
    _find(turn, found[1])
    return True


def press_find(turn: Turn, press: Press) -> None:
    """Ask whom to look for, or turn the page."""
    if turn.person is None or not turn.person.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "ask":
        start(turn, FORM)
    elif press.act == "next":
        page = next_page(turn.session, actor=turn.person, after=press.id, version=press.version)
        _show(turn, page)
    else:
        raise TooLate


def _find(turn: Turn, words: str) -> None:
    if turn.person is None:
        raise NotAllowed
    page = find_people(turn.session, now=turn.now, actor=turn.person, words=words)
    if page is None or not page.hits:
        turn.say("find_nothing", buttons=[[_again()]], card=CARD)
        return
    _show(turn, page)


def _show(turn: Turn, page: Page) -> None:
    lines = [[_button(turn, one)] for one in page.hits]
    if page.after is not None:
        data = press_data("find", "next", page.after, page.version)
        lines.append([Button("find.next", data)])
    turn.say(
        "find_results", buttons=[*lines, [_again()]], card=CARD, goes_on=page.after is not None
    )


def _button(turn: Turn, one: Hit) -> Button:
    comma, and_ = ("，", "、") if turn.language == "zh" else (", ", ", ")
    words = [turn.wording.label(f"role.{kind}", language=turn.language) for kind in one.roles]
    described = [part for part in (one.community, and_.join(words)) if part]
    label = "find.hit" if described else "verbatim"
    facts: dict[str, Fact] = {"text": one.name, "name": one.name}
    return Button(
        label,
        press_data("person", "see", one.person_id, 0),
        facts | {"described": comma.join(described)},
    )


def _again() -> Button:
    return Button("find.again", press_data("find", "ask", 0, 0))


def _check(turn: Turn, text: str) -> Fact:
    if not text.strip():
        raise BadAnswer("name_empty")
    return text


def _finish(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
    _find(turn, str(answers["whom"]))


FORM = Form(
    topic="find",
    questions=(Question(key="whom", template="ask_find", check=_check),),
    finish=_finish,
)
