"""Routing: commands, choices, what staff enter for others, danger, the open form, then words."""

import re

from telegram import MessageEntity

from handlers import alarms
from handlers.consents.cards import show_closed
from handlers.dialogue import BadAnswer, ask_current, hear, pick
from handlers.registry import COMMANDS, ENTRIES, FORMS, MEDIA, PRESSES, WORDS
from handlers.turn import Press, Turn
from handlers.typed import Typed, find_menu_key, find_typed
from storage.dialogues import find_dialogue
from storage.refusals import TooLate

# What may follow /start in a link: no words, so no danger in them either.
CODE = re.compile(r"[A-Za-z0-9_-]{16,64}")

# Presses on an alarm or a call are never too many.
URGENT = ("alarm", "check_in")


# What still works in a chat whose owner said no to messages through it.
OPEN_PRESSES = frozenset({"consent", "alarm", "language", "leave"})
OPEN_COMMANDS = frozenset({"consent", "language", "stop"})


def route(turn: Turn) -> None:
    """Give the turn to the one conversation it belongs to; raises Refusal."""
    if turn.closed and not _is_open(turn):
        _route_closed(turn)
    elif turn.query is not None:
        _route_press(turn, turn.press)
    elif turn.has_media:
        _route_document(turn, turn.text)
    elif turn.text is not None:
        _route_text(turn, turn.text)
    elif turn.contact is not None:
        _route_contact(turn)
    else:
        _route_media(turn)


def _is_open(turn: Turn) -> bool:
    if turn.query is not None:
        return turn.press is not None and turn.press.topic in OPEN_PRESSES
    command = _command(turn)
    return command is not None and command[0] in OPEN_COMMANDS


def _route_closed(turn: Turn) -> None:
    """Words of danger are heard all the same; anything else hears how it goes on without."""
    if turn.query is not None or turn.text is None or not alarms.hear_danger(turn, turn.text):
        show_closed(turn)


def _route_document(turn: Turn, caption: str | None) -> None:
    """A file, voice or photo: its caption may be a command or words of danger; else it is taken."""
    command = _command(turn)
    if command is not None and command[0] in COMMANDS:
        turn.text = command[1] or None
        COMMANDS[command[0]](turn)
    else:
        if caption is not None and alarms.hear_danger(turn, caption):
            # What came with it is kept all the same, and says nothing more.
            turn.notes["danger"] = caption
            if turn.document is not None:
                return
        _route_media(turn)


def route_urgent(turn: Turn) -> bool:
    """Route what is heard from somebody who writes too fast as well; False for the rest."""
    if turn.press is not None and turn.press.topic in URGENT:
        _route_press(turn, turn.press)
        return True
    command = _command(turn)
    # "/help" is no call for help.
    words = command[1] if command is not None else turn.text
    return bool(words) and alarms.hear_danger(turn, words or "")


def _route_media(turn: Turn) -> None:
    if not any(take(turn) for take in MEDIA):
        turn.say("media_not_read", kind="")


def _route_press(turn: Turn, press: Press | None) -> None:
    if press is None:
        raise TooLate
    if press.topic == "form":
        _route_form_press(turn, press)
        return
    handler = PRESSES.get(press.topic)
    if handler is None:
        raise TooLate
    handler(turn, press)
    words = turn.notes.pop("words", None)
    if words is not None:
        # A press may hand back words that were held: they go on as if they were said now.
        _route_words(turn, words, None)


def _route_form_press(turn: Turn, press: Press) -> None:
    dialogue = find_dialogue(turn.session, chat_id=turn.chat_id)
    form = FORMS.get(dialogue.topic) if dialogue else None
    if dialogue is None or form is None:
        turn.say("form_is_over", keyboard="menu")
        return
    try:
        pick(turn, form, dialogue, press)
    except BadAnswer as problem:
        ask_current(turn, form, dialogue, lead=f"problem_{problem.key}")


def _route_text(turn: Turn, text: str) -> None:
    if turn.message is None:
        # An edited message: words of danger count, but what it once answered has moved on.
        if not alarms.hear_danger(turn, text):
            turn.say("edit_not_read")
        return
    command = _command(turn)
    if command is not None:
        name, rest = command
        if rest and not CODE.fullmatch(rest) and alarms.hear_danger(turn, rest):
            return
        turn.text = rest or None
        COMMANDS.get(name, COMMANDS["help"])(turn)
        return
    key = find_menu_key(turn, text)
    if key is not None:
        # Also in the middle of a form, which stays where it is.
        COMMANDS[key](turn)
        return
    typed = Typed() if _is_a_count(turn, text) else find_typed(turn, text)
    if typed.press is not None:
        turn.press = typed.press
        _route_press(turn, typed.press)
        return
    if any(take(turn, text) for take in ENTRIES):
        return
    if alarms.hear_danger(turn, text):
        return
    if typed.several:
        turn.say("which_number", numbers=[str(number) for number in typed.several])
        return
    _route_words(turn, text, typed.elsewhere)


def _is_a_count(turn: Turn, text: str) -> bool:
    """Whether the open form asks how many: then "3" is three, and no button's number."""
    if not text.strip().isdigit():
        return False
    dialogue = find_dialogue(turn.session, chat_id=turn.chat_id)
    form = FORMS.get(dialogue.topic) if dialogue else None
    return form is not None and dialogue is not None and form.question(dialogue.question).counts


def _route_words(turn: Turn, text: str, elsewhere: Press | None) -> None:
    dialogue = find_dialogue(turn.session, chat_id=turn.chat_id)
    form = FORMS.get(dialogue.topic) if dialogue else None
    if dialogue is None or form is None:
        if not any(take(turn, text) for take in WORDS):
            turn.say("not_understood")
        return
    try:
        hear(turn, form, dialogue, text)
    except BadAnswer as problem:
        if elsewhere is not None:
            # A number that is no answer here, but a choice of another card.
            turn.press = elsewhere
            _route_press(turn, elsewhere)
            return
        lead = f"problem_{problem.key}"
        ask_current(turn, form, dialogue, lead=lead, facts=problem.facts)


def _route_contact(turn: Turn) -> None:
    dialogue = find_dialogue(turn.session, chat_id=turn.chat_id)
    form = FORMS.get(dialogue.topic) if dialogue else None
    if dialogue is None or form is None or turn.contact is None:
        _route_media(turn)
        return
    question = form.question(dialogue.question)
    own = turn.contact.user_id == turn.chat_id
    if not question.contact or not own:
        lead = "problem_not_your_contact" if question.contact else "problem_choose_one"
        ask_current(turn, form, dialogue, lead=lead)
        return
    try:
        hear(turn, form, dialogue, turn.contact.phone_number)
    except BadAnswer as problem:
        ask_current(turn, form, dialogue, lead=f"problem_{problem.key}", facts=problem.facts)


def _command(turn: Turn) -> tuple[str, str] | None:
    """Return (name, rest) of a message that starts with a command to this bot."""
    message = turn.message
    entities = (message.caption_entities if turn.has_media else message.entities) if message else ()
    first = entities[0] if entities else None
    if (
        first is None
        or first.type != MessageEntity.BOT_COMMAND
        or first.offset != 0
        or turn.text is None
    ):
        return None
    match = re.match(r"/([A-Za-z0-9_]+)(?:@([A-Za-z0-9_]+))?\s*(.*)", turn.text, re.DOTALL)
    if match is None or (match[2] and match[2].casefold() != turn.bot_name.casefold()):
        return None
    return match[1].casefold(), match[3].strip()
