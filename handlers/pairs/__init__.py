"""Neighbour pairs in the chat: one's own for the two sides, coverage and lists for staff."""

from handlers.doors import let_in
from handlers.pairs import desk, forms, own, reporting
from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.refusals import NotAllowed, TooLate

TAKING_PART = ("resident", "caregiver", "volunteer")


def open_pairs(turn: Turn) -> None:
    """/pairs: coverage for staff and those who lead; the pairs of whoever takes part in some."""
    person = let_in(turn, "pairs", (*TAKING_PART, "coordinator", "leading_group"))
    if person is None:
        return
    if person.is_approved("coordinator") or person.is_approved("leading_group"):
        desk.show_coverage(turn, person)
    own.show_own(turn, person, quiet=person.scope is not None)


def _press(turn: Turn, press: Press) -> None:
    if turn.person is None:
        raise NotAllowed
    for room in (own, desk, forms, reporting):
        if press.act in room.ACTS:
            room.ACTS[press.act](turn, turn.person, press)
            return
    raise TooLate


TOPIC = Topic(
    commands={"pairs": open_pairs},
    presses={"pair": _press},
    forms=(forms.PROPOSE, forms.NEIGHBOUR, forms.SPOKEN, reporting.REPORT),
)
