"""An alarm in the hands of who is on duty: taken, confirmed within minutes, ended."""

from collections.abc import Callable, Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.doors import present
from handlers.turn import Press, Turn
from storage.alarms import (
    HANDED_TO,
    Confirmed,
    Ending,
    Handover,
    HeldAlarm,
    confirm_alarm,
    end_alarm,
    get_alarm_to_end,
    show_alarms,
    take_alarm,
)
from storage.dialogues import Answers
from storage.refusals import NotAllowed
from storage.rules.text import clean

REASONS = ("misread", "test", "by_mistake")
REASON_LIMIT = 300
NAME_LIMIT = 64
MYSELF = "me"


def _take(turn: Turn, press: Press) -> None:
    held = take_alarm(turn.session, now=turn.now, actor_id=present(turn).id, alarm_id=press.id)
    _show_held(turn, held)


def _confirm(turn: Turn, press: Press) -> None:
    held = confirm_alarm(
        turn.session,
        now=turn.now,
        actor_id=present(turn).id,
        alarm_id=press.id,
        how=Confirmed(press.act),
    )
    if held.is_mine:
        _show_held(turn, held)
    else:
        turn.say("alarm_also_noted", holder=held.facts["holder"])


def _show_held(turn: Turn, held: HeldAlarm) -> None:
    """First what to say next, then how it may end; what was confirmed is not asked again."""
    alarm = held.alarm
    first = [how.value for how in Confirmed if alarm.confirmed_as is None]
    lines = [[alarm.button(act)] for act in (*first, "seen", "reached", "handed_over")]
    longer = alarm.button("longer" if alarm.confirmed_as else "on_way")
    lines += [[longer], [alarm.button("false_alarm")]]
    turn.edit("alarm_yours", buttons=lines, card=alarm.card, more=held.facts)


def _end(turn: Turn, press: Press) -> None:
    ended = end_alarm(
        turn.session,
        now=turn.now,
        actor_id=present(turn).id,
        alarm_id=press.id,
        ending=Ending(press.act),
    )
    turn.edit("alarm_done", card=ended.card, ending=ended.ending, handed_to=None, handed_by=None)


def _ask_end(form: Form) -> Callable[[Turn, Press], None]:
    def ask(turn: Turn, press: Press) -> None:
        get_alarm_to_end(turn.session, actor_id=present(turn).id, alarm_id=press.id)
        start(turn, form, {"alarm_id": press.id})

    return ask


def _list(turn: Turn, _press: Press) -> None:
    if turn.person is None:
        raise NotAllowed
    if not show_alarms(turn.session, now=turn.now, actor=turn.person):
        turn.edit("office_nothing", card="office")


def _reason(_turn: Turn, text: str) -> str:
    if not text.strip():
        raise BadAnswer("name_empty")
    return text[:REASON_LIMIT]


def _reasons(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(key, f"alarm.{key}") for key in REASONS]


def _finish_reason(turn: Turn, answers: Answers) -> None:
    _finish(turn, answers, Ending.FALSE_ALARM, reason=str(answers["reason"]))


def _numbers(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(number, f"alarm.to_{number}") for number in HANDED_TO]


def _callers(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(MYSELF, "alarm.by_me")]


def _name(_turn: Turn, text: str) -> str:
    name = clean(text, limit=NAME_LIMIT)
    if name is None:
        raise BadAnswer("name_empty")
    return " ".join(name.split())


def _finish_handover(turn: Turn, answers: Answers) -> None:
    by = str(answers["by"])
    if by == MYSELF and turn.person is not None:
        by = turn.person.name
    handover = Handover(str(answers["number"]), by)
    _finish(turn, answers, Ending.HANDED_OVER, handover=handover)


def _finish(
    turn: Turn,
    answers: Answers,
    ending: Ending,
    *,
    reason: str = "",
    handover: Handover | None = None,
) -> None:
    ended = end_alarm(
        turn.session,
        now=turn.now,
        actor_id=present(turn).id,
        alarm_id=int(str(answers["alarm_id"])),
        ending=ending,
        reason=reason,
        handover=handover,
    )
    turn.say(
        "alarm_done",
        card=ended.card,
        ending=ended.ending,
        handed_to=ended.handed_to,
        handed_by=ended.handed_by,
        keyboard="menu",
    )


REASON = Form(
    topic="alarm_reason",
    questions=(
        Question(key="reason", template="ask_alarm_reason", check=_reason, options=_reasons),
    ),
    finish=_finish_reason,
)
HANDOVER = Form(
    topic="alarm_handover",
    questions=(
        Question(key="number", template="ask_alarm_number", options=_numbers, columns=3),
        Question(key="by", template="ask_alarm_by", check=_name, options=_callers),
    ),
    finish=_finish_handover,
)

ACTS: dict[str, Callable[[Turn, Press], None]] = {
    "take": _take,
    "longer": _take,
    "on_way": _take,
    **{how.value: _confirm for how in Confirmed},
    Ending.SEEN.value: _end,
    Ending.REACHED.value: _end,
    Ending.HANDED_OVER.value: _ask_end(HANDOVER),
    Ending.FALSE_ALARM.value: _ask_end(REASON),
    "list": _list,
}
