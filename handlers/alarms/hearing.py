"""Words of danger in the chat: what the one who wrote them is told, and what they can press."""

from handlers.turn import Press, Turn, press_data
from storage.alarms import (
    Alarm,
    Raised,
    add_to_alarm,
    ask_if_danger,
    confirm_danger,
    deny_danger,
    find_subject,
    number_facts,
    own_buttons,
    raise_alarm,
    say_safe,
    say_unsafe,
)
from storage.choices import Button
from storage.dialogues import find_dialogue
from storage.outbox import MessageClass
from storage.refusals import Fact
from storage.rules.dangers import Danger, DangerKind
from storage.rules.reading import read_need

# How many ways there are to say "we are listening": nobody is to hear the same line twice running.
WARM_WORDS = 4


def hear_danger(turn: Turn, text: str) -> bool:
    """Take words of danger, or what follows them; returns whether the text was taken.

    A form that is open stays where it is.
    """
    reading = read_need(text)
    kind = reading.danger_kind or DangerKind.UNKNOWN
    if reading.danger is Danger.NONE or (reading.guessed and _writes_for_others(turn)):
        followed = add_to_alarm(turn.session, now=turn.now, chat_id=turn.chat_id, words=text)
        if followed is not None:
            _say_added(turn, followed)
        return followed is not None
    take = raise_alarm if reading.danger is Danger.CERTAIN else ask_if_danger
    own_id = turn.person.id if turn.person is not None else None
    raised = take(
        turn.session,
        now=turn.now,
        chat_id=turn.chat_id,
        person_id=find_subject(turn.session, person_id=own_id, words=text),
        words=text,
        kind=kind,
    )
    if raised.alarm.rings == 0:
        _ask(turn, raised.alarm)
    elif raised.is_new:
        _say_what_to_do(turn, raised)
    else:
        _say_added(turn, raised)
    return True


def _writes_for_others(turn: Turn) -> bool:
    """Staff in a form write of other people's days: there only words that name a danger count."""
    return turn.person is not None and turn.person.is_approved("coordinator") and _has_form(turn)


def _ask(turn: Turn, alarm: Alarm) -> None:
    turn.say(
        "danger_question",
        message_class=MessageClass.ALARM,
        buttons=[[alarm.button("yes")], [alarm.button("no")]],
        card=alarm.card,
        more=_numbers(turn, alarm),
    )


def _say_what_to_do(turn: Turn, raised: Raised) -> None:
    turn.say(
        "danger_certain",
        message_class=MessageClass.ALARM,
        buttons=_buttons(turn, raised.alarm),
        card=raised.alarm.card,
        told=raised.told,
        registered=turn.person is not None,
        form=_has_form(turn),
        more=_numbers(turn, raised.alarm),
    )


def _say_added(turn: Turn, raised: Raised) -> None:
    alarm = raised.alarm
    listens = alarm.kind is DangerKind.SELF_HARM
    turn.say(
        "danger_listening" if listens else "danger_added",
        message_class=MessageClass.ALARM,
        buttons=_buttons(turn, alarm),
        card=alarm.card,
        told=raised.told,
        form=_has_form(turn),
        said=alarm.words.count("\n") % WARM_WORDS,
        more=_numbers(turn, alarm),
    )


def _numbers(turn: Turn, alarm: Alarm) -> dict[str, Fact]:
    # Whoever writes for somebody else reads and speaks for them.
    own = turn.person is not None and turn.person.id == alarm.person_id
    reader = alarm.person_id if own else None
    return number_facts(turn.session, kind=alarm.kind, person_id=reader)


def _buttons(turn: Turn, alarm: Alarm) -> list[list[Button]]:
    # The form's own engine shows an old press where the form stands.
    resume = [Button("alarm.resume", press_data("form", "resume", 0, 0))]
    return [*own_buttons(alarm), *([resume] if _has_form(turn) else [])]


def _has_form(turn: Turn) -> bool:
    return find_dialogue(turn.session, chat_id=turn.chat_id) is not None


def _yes(turn: Turn, press: Press) -> None:
    raised = confirm_danger(turn.session, now=turn.now, chat_id=turn.chat_id, alarm_id=press.id)
    _say_what_to_do(turn, raised)


def _no(turn: Turn, press: Press) -> None:
    denied = deny_danger(turn.session, now=turn.now, chat_id=turn.chat_id, alarm_id=press.id)
    if denied.alarm.state == "closed":
        turn.edit("danger_not", card=denied.alarm.card)
        if denied.is_new:
            # The router gives them on as if they had just been typed.
            turn.notes["words"] = denied.alarm.words
    else:
        turn.edit("danger_safe_noted", card=denied.alarm.card, told=denied.told)


def _safe(turn: Turn, press: Press) -> None:
    safe = say_safe(turn.session, now=turn.now, chat_id=turn.chat_id, alarm_id=press.id)
    turn.say("danger_safe_noted", card=safe.alarm.card, told=safe.told)


def _unsafe(turn: Turn, press: Press) -> None:
    raised = say_unsafe(turn.session, now=turn.now, chat_id=turn.chat_id, alarm_id=press.id)
    turn.say(
        "danger_unsafe",
        message_class=MessageClass.ALARM,
        buttons=_buttons(turn, raised.alarm),
        card=raised.alarm.card,
        told=raised.told,
        more=_numbers(turn, raised.alarm),
    )


ACTS = {"yes": _yes, "no": _no, "safe": _safe, "unsafe": _unsafe}
