"""What concerns the chat itself: help, language, reminders, cancelling, leaving."""

from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.doors import present, say_help
from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from messages.render import LANGUAGES
from storage.choices import Button
from storage.dialogues import choose_language, end_dialogue
from storage.leaving import leave, list_held_roles
from storage.people import switch_day_reminders
from storage.refusals import NotAllowed, TooLate


def help_out(turn: Turn) -> None:
    """/help, and every command that is not known."""
    say_help(turn, keyboard="menu")


def cancel(turn: Turn) -> None:
    """/cancel: leave the open form."""
    if end_dialogue(turn.session, chat_id=turn.chat_id):
        turn.say("form_cancelled", keyboard="menu", card=FORM_CARD)
    else:
        turn.say("form_nothing_open", keyboard="menu")


def ask_language(turn: Turn) -> None:
    """/language: each by its own name."""
    turn.say(
        "language_ask",
        buttons=[
            [Button(f"language.{one}", press_data("language", one, 0, 0)) for one in LANGUAGES]
        ],
        card="language",
    )


def press_language(turn: Turn, press: Press) -> None:
    """A language was chosen."""
    if press.act not in LANGUAGES:
        raise TooLate
    choose_language(turn.session, chat_id=turn.chat_id, language=press.act)
    turn.edit("language_chosen", card="language")
    # The standing menu is worded anew only by a message that carries it.
    turn.say("language_menu", keyboard="menu")


def show_days(turn: Turn) -> None:
    """/days: whether reminders of commemorative days come."""
    on = present(turn).day_reminders
    turn.say("days_switch", buttons=_days_buttons(on), card="days", on=on)


def press_days(turn: Turn, press: Press) -> None:
    """Reminders on or off; a reminder carries the same button."""
    if press.act not in ("on", "off"):
        raise TooLate
    on = press.act == "on"
    switch_day_reminders(turn.session, now=turn.now, person_id=present(turn).id, on=on)
    turn.edit("days_switch", buttons=_days_buttons(on), card="days", on=on)


def _days_buttons(on: bool) -> list[list[Button]]:
    act = "off" if on else "on"
    return [[Button(f"days.{act}", press_data("days", act, 0, 0))]]


def ask_leave(turn: Turn) -> None:
    """/stop: what would end, what stays until it is handed over, and the question."""
    if turn.person is None:
        turn.say("leaving_nothing_kept", keyboard="remove")
        return
    person = turn.person
    turn.say(
        "leaving_ask",
        buttons=[
            [Button("leaving.yes", press_data("leave", "yes", person.id, person.version))],
            [Button("leaving.no", press_data("leave", "no", person.id, person.version))],
        ],
        card="leave",
        kept=list_held_roles(turn.session, person=person),
    )


def press_leave(turn: Turn, press: Press) -> None:
    """Leave, or stay."""
    person = present(turn)
    if press.id != person.id or press.act not in ("yes", "no"):
        raise NotAllowed
    if press.act == "no":
        turn.edit("leaving_stayed", card="leave")
        return
    if press.version != person.version:
        raise TooLate
    left = leave(turn.session, now=turn.now, person=person)
    end_dialogue(turn.session, chat_id=turn.chat_id)
    turn.edit("leaving_done", card="leave", ended=left.ended, kept=left.kept)


TOPIC = Topic(
    commands={
        "help": help_out,
        "cancel": cancel,
        "language": ask_language,
        "days": show_days,
        "stop": ask_leave,
    },
    presses={
        "language": press_language,
        "days": press_days,
        "leave": press_leave,
    },
)
