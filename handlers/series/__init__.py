"""Services that recur in the chat: "make this regular", the list, and what can be done with one."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from handlers.dialogue import start
from handlers.doors import let_in, present
from handlers.series.cards import show_list, show_series
from handlers.series.forms import MOVE, NEW
from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.needs import find_need, may_see_words
from storage.needs.series import (
    Series,
    end_series,
    get_series,
    get_series_for,
    leave_series,
    pause_series,
    resume_series,
    skip_visit,
)
from storage.refusals import NotAllowed, TooLate

KINDS = ("coordinator", "resident", "caregiver")


def _list(turn: Turn) -> None:
    if let_in(turn, "series", KINDS) is not None:
        show_list(turn, present(turn))


def _press(turn: Turn, press: Press) -> None:
    if press.act == "new":
        _start_new(turn, press)
    elif press.act == "more":
        show_list(turn, present(turn), after=press.id)
    elif press.act in ("leave", "yes_leave"):
        _leave(turn, press)
    else:
        by = present(turn).id
        _act(turn, press, get_series_for(turn.session, actor_id=by, series_id=press.id))


def _start_new(turn: Turn, press: Press) -> None:
    card = find_need(turn.session, need_id=press.id)
    if card is None or not may_see_words(turn.session, person_id=present(turn).id, card=card):
        raise NotAllowed
    start(turn, NEW, {"need_id": card.id})


def _act(turn: Turn, press: Press, one: Series) -> None:
    by: dict[str, Any] = {"actor_id": present(turn).id, "series_id": one.id, "now": turn.now}
    acts: Mapping[str, Callable[[], object]] = {
        "see": lambda: None,
        "pause": lambda: pause_series(turn.session, **by),
        "resume": lambda: resume_series(turn.session, **by),
        "skip": lambda: skip_visit(turn.session, **by, day=_day(press.extra)),
        "yes_end": lambda: end_series(turn.session, **by, version=press.version),
    }
    if press.act == "end":
        _ask_sure(turn, one)
    elif press.act == "move":
        start(turn, MOVE, {"series_id": one.id, "version": one.version})
    elif press.act in acts:
        acts[press.act]()
        show_series(turn, get_series(turn.session, series_id=one.id))
    else:
        raise TooLate


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007
    except ValueError as error:
        raise TooLate from error


def _ask_sure(turn: Turn, one: Series) -> None:
    lines = [
        [Button(f"series.{act}", press_data("series", act, one.id, one.version))]
        for act in ("yes_end", "see")
    ]
    turn.edit("series_end_sure", buttons=lines, card=f"series:{one.id}", more=one.facts)


def _leave(turn: Turn, press: Press) -> None:
    by = present(turn).id
    one = get_series(turn.session, series_id=press.id)
    if press.act == "yes_leave":
        leave_series(turn.session, now=turn.now, volunteer_id=by, series_id=one.id)
        turn.edit("series_left_own", card=f"series:{one.id}:leave")
        return
    lines = [[Button("series.yes_leave", press_data("series", "yes_leave", one.id, 0))]]
    turn.say("series_leave_sure", buttons=lines, card=f"series:{one.id}:leave")


TOPIC = Topic(commands={"series": _list}, presses={"series": _press}, forms=(NEW, MOVE))
