"""Public numbers in the chat: anybody may look them up, the office confirms and changes them."""

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.doors import present
from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.hotlines import change_hotline, confirm_hotline, get_hotline, list_hotlines
from storage.refusals import NotAllowed, TooLate
from storage.rules.contacts import read_number

CARD = "numbers"
# Written instead of a number: there is none any more.
NONE = ("无", "没有", "none")


def show_numbers(turn: Turn) -> None:
    """/numbers: what to call for what, and when each was last checked."""
    _show(turn)


def _show(turn: Turn, *, edit: bool = False) -> None:
    today = turn.session.house.local(turn.now).date()
    office = turn.person is not None and turn.person.is_office
    known = [one for one, _ in list_hotlines(turn.session)]
    shown = [one for one in known if one.number]
    lines = [
        [
            Button(
                f"contact.{one.key.value}",
                press_data("number", "see", 0, 0, one.key.value),
            )
        ]
        for one in known
    ]
    speak = turn.edit if edit else turn.say
    speak(
        "numbers",
        buttons=lines if office else (),
        card=CARD,
        keys=[one.key.value for one in shown],
        digits=[one.number for one in shown],
        checked=[one.checked.isoformat() for one in shown],
        marks=["stale" if one.is_stale(today) else "" for one in shown],
        office=office,
    )


def press_number(turn: Turn, press: Press) -> None:
    """A button of the list, or of one number."""
    if not present(turn).is_office:
        raise NotAllowed
    if press.act == "list":
        _show(turn, edit=True)
    elif press.act == "see":
        _show_one(turn, press.extra)
    elif press.act in ("same", "tried"):
        confirm_hotline(
            turn.session,
            now=turn.now,
            actor=present(turn),
            key=press.extra,
            version=press.version,
            tested=press.act == "tried",
        )
        _show_one(turn, press.extra)
    elif press.act == "change":
        get_hotline(turn.session, key=press.extra)
        start(turn, FORM, {"contact": press.extra, "version": press.version})
    else:
        raise TooLate


def _show_one(turn: Turn, key: str, *, edit: bool = True) -> None:
    one, version = get_hotline(turn.session, key=key)
    today = turn.session.house.local(turn.now).date()
    acts = ["same", "tried"] if one.number else []
    acts += [] if one.fixed else ["change"]
    lines = [[Button(f"number.{act}", press_data("number", act, 0, version, key))] for act in acts]
    lines.append([Button("number.list", press_data("number", "list", 0, 0))])
    speak = turn.edit if edit else turn.say
    speak(
        "number_one",
        buttons=lines,
        card=CARD,
        key=key,
        number=one.number,
        checked=one.checked.isoformat(),
        tested=one.tested,
        fixed=one.fixed,
        stale=one.is_stale(today),
    )


def _check_number(_turn: Turn, text: str) -> str:
    if text.strip().casefold() in NONE:
        return ""
    number = read_number(text)
    if number is None:
        raise BadAnswer("public_number")
    return number


def _finish(turn: Turn, answers: Answers) -> None:
    change_hotline(
        turn.session,
        now=turn.now,
        actor=present(turn),
        key=str(answers["contact"]),
        version=int(str(answers["version"])),
        number=str(answers["number"]),
    )
    _show_one(turn, str(answers["contact"]), edit=False)


FORM = Form(
    topic="number",
    questions=(
        Question(
            "number",
            "ask_public_number",
            _check_number,
            counts=True,
            facts=lambda _turn, answers: {"key": answers["contact"]},
        ),
    ),
    finish=_finish,
)

TOPIC = Topic(commands={"numbers": show_numbers}, presses={"number": press_number}, forms=(FORM,))
