"""Figures of the week: for the office, and for those who lead and see no people."""

from handlers.doors import let_in
from handlers.turn import Turn
from storage.office import figure_facts
from storage.people import Person

MAY_SEE = ("coordinator", "leading_group")


def open_figures(turn: Turn) -> None:
    """/figures: for anybody else a command like any unknown one."""
    person = let_in(turn, "figures", MAY_SEE)
    if person is not None:
        show_figures(turn, person)


def show_figures(turn: Turn, person: Person) -> None:
    """This week so far beside the last."""
    turn.say("figures", more=figure_facts(turn.session, now=turn.now, actor=person))
