"""Alarms in the chat: words of danger are heard before everything else, also from strangers."""

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.alarms import (
    ENDINGS,
    Alarm,
    Ending,
    Raised,
    add_to_alarm,
    ask_if_danger,
    confirm_danger,
    deny_danger,
    end_alarm,
    get_alarm_to_end,
    number_facts,
    raise_alarm,
    say_safe,
    show_alarms,
    take_alarm,
)
from storage.choices import Button
from storage.dialogues import Answers, find_dialogue
from storage.outbox import MessageClass
from storage.refusals import NotAllowed, TooLate
from storage.rules.dangers import Danger, DangerKind
from storage.rules.reading import read_need

REASONS = ("misread", "test", "by_mistake")
REASON_LIMIT = 300


def hear_danger(turn: Turn, text: str) -> bool:
    """Take words of danger, or what follows them; returns whether the text was taken.

    A form that is open stays where it is.
    """
    reading = read_need(text)
    person_id = turn.person.id if turn.person is not None else None
    kind = reading.danger_kind or DangerKind.UNKNOWN
    if reading.danger is Danger.NONE:
        followed = add_to_alarm(turn.session, now=turn.now, chat_id=turn.chat_id, words=text)
        if followed is not None:
            _say_added(turn, followed)
        return followed is not None
    take = raise_alarm if reading.danger is Danger.CERTAIN else ask_if_danger
    raised = take(
        turn.session,
        now=turn.now,
        chat_id=turn.chat_id,
        person_id=person_id,
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


def _ask(turn: Turn, alarm: Alarm) -> None:
    turn.say(
        "danger_question",
        message_class=MessageClass.ALARM,
        buttons=[[alarm.button("yes")], [alarm.button("no")]],
        card=alarm.card,
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
        more=number_facts(raised.alarm.kind),
    )


def _say_added(turn: Turn, raised: Raised) -> None:
    turn.say(
        "danger_added",
        message_class=MessageClass.ALARM,
        buttons=_buttons(turn, raised.alarm),
        card=raised.alarm.card,
        told=raised.told,
        form=_has_form(turn),
        more=number_facts(raised.alarm.kind),
    )


def _buttons(turn: Turn, alarm: Alarm) -> list[list[Button]]:
    safe = [alarm.button("safe")]
    # The form's own engine shows an old press where the form stands.
    resume = [Button("alarm.resume", press_data("form", "resume", 0, 0))]
    return [safe, resume] if _has_form(turn) else [safe]


def _has_form(turn: Turn) -> bool:
    return find_dialogue(turn.session, chat_id=turn.chat_id) is not None


def _press(turn: Turn, press: Press) -> None:
    mine = {"yes": _yes, "no": _no, "safe": _safe}
    if press.act in mine:
        mine[press.act](turn, press)
    elif press.act in ("take", "longer"):
        _take(turn, press, actor_id=_actor_id(turn))
    elif press.act == Ending.FALSE_ALARM.value:
        get_alarm_to_end(turn.session, actor_id=_actor_id(turn), alarm_id=press.id)
        start(turn, REASON, {"alarm_id": press.id})
    elif press.act in [ending.value for ending in ENDINGS]:
        _end(turn, press, ending=Ending(press.act), actor_id=_actor_id(turn))
    elif press.act == "list" and turn.person is not None:
        if not show_alarms(turn.session, now=turn.now, actor=turn.person):
            turn.edit("office_nothing", card="office")
    else:
        raise TooLate


def _actor_id(turn: Turn) -> int:
    if turn.person is None:
        raise NotAllowed
    return turn.person.id


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


def _take(turn: Turn, press: Press, *, actor_id: int) -> None:
    held = take_alarm(turn.session, now=turn.now, actor_id=actor_id, alarm_id=press.id)
    ends = [[held.alarm.button(ending.value)] for ending in ENDINGS]
    turn.edit(
        "alarm_yours",
        buttons=[*ends, [held.alarm.button("longer")]],
        card=held.alarm.card,
        more=held.facts,
    )


def _end(turn: Turn, press: Press, *, ending: Ending, actor_id: int) -> None:
    ended = end_alarm(
        turn.session,
        now=turn.now,
        actor_id=actor_id,
        alarm_id=press.id,
        ending=ending,
    )
    turn.edit("alarm_done", card=ended.card, ending=ending.value)


def _reason(_turn: Turn, text: str) -> str:
    if not text.strip():
        raise BadAnswer("name_empty")
    return text[:REASON_LIMIT]


def _reasons(_turn: Turn, _answers: Answers) -> list[Option]:
    return [Option(key, f"alarm.{key}") for key in REASONS]


def _finish_reason(turn: Turn, answers: Answers) -> None:
    ended = end_alarm(
        turn.session,
        now=turn.now,
        actor_id=_actor_id(turn),
        alarm_id=int(str(answers["alarm_id"])),
        ending=Ending.FALSE_ALARM,
        reason=str(answers["reason"]),
    )
    turn.say("alarm_done", card=ended.card, ending=ended.ending, keyboard="menu")


REASON = Form(
    topic="alarm_reason",
    questions=(
        Question(key="reason", template="ask_alarm_reason", check=_reason, options=_reasons),
    ),
    finish=_finish_reason,
)

TOPIC = Topic(presses={"alarm": _press}, forms=(REASON,))
