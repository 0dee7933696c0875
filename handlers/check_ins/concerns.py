"""What a coordinator looks at after calls: another hour, a low mood, something amiss."""

from collections.abc import Callable

from handlers.doors import present
from handlers.turn import Press, Turn, press_data
from storage.check_ins import (
    ConcernCard,
    end_concern,
    find_check_in_of,
    list_concerns,
    open_history,
    remove_note,
)
from storage.choices import Button
from storage.refusals import TooLate


def _list(turn: Turn, _press: Press) -> None:
    cards = list_concerns(turn.session, actor=present(turn))
    if not cards:
        turn.edit("office_nothing", card="office")
    for one in cards:
        _show(turn, one)


def _show(turn: Turn, one: ConcernCard) -> None:
    history = open_history(
        turn.session, now=turn.now, actor=present(turn), check_in_id=one.check_in_id
    )
    turn.say(
        "call_concern",
        buttons=[
            [
                Button(
                    f"call_concern.{one.kind.value}",
                    press_data("check_in", "looked", one.id, one.version),
                )
            ]
        ],
        card=f"call_concern:{one.id}",
        kind=one.kind.value,
        since=one.since.isoformat(),
        more=history,
    )


def _looked(turn: Turn, press: Press) -> None:
    name = end_concern(
        turn.session,
        now=turn.now,
        actor=present(turn),
        concern_id=press.id,
        version=press.version,
    )
    turn.edit("call_concern_ended", card=f"call_concern:{press.id}", name=name)


def _history(turn: Turn, press: Press) -> None:
    """Behind a need that a call opened: what was heard then, and before."""
    check_in_id = find_check_in_of(turn.session, need_id=press.id)
    if check_in_id is None:
        raise TooLate
    found = open_history(turn.session, now=turn.now, actor=present(turn), check_in_id=check_in_id)
    turn.say("call_history", more=found)


def _forget(turn: Turn, press: Press) -> None:
    """The person whom a note is about deletes it."""
    remove_note(turn.session, now=turn.now, actor_id=present(turn).id, note_id=press.id)
    turn.edit("call_note_removed", card=f"call_note:{press.id}")


ACTS: dict[str, Callable[[Turn, Press], None]] = {
    "concerns": _list,
    "looked": _looked,
    "history": _history,
    "forget": _forget,
}
