"""Doors: a command that is not theirs is to anybody like one that does not exist."""

from collections.abc import Sequence

from handlers.turn import Turn
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed


def let_in(
    turn: Turn, command: str, kinds: Sequence[str] = ("coordinator",), *, office: bool = False
) -> Person | None:
    """Return who is here if they hold one of the roles; else answer as to an unknown command.

    With ``office`` a coordinator must work in the programme's own.
    """
    person = turn.person
    holds = person is not None and any(person.is_approved(kind) for kind in kinds)
    if person is not None and holds and (person.is_office or not office):
        return person
    note(
        turn.session,
        now=turn.now,
        what="command_refused",
        actor_id=person.id if person else None,
        detail=command,
    )
    say_help(turn)
    return None


def say_help(turn: Turn, *, keyboard: str | None = None) -> None:
    """How it works, with the commands of this person's roles and no others."""
    person = turn.person
    turn.say(
        "help",
        keyboard=keyboard,
        roles=sorted(person.roles) if person else [],
        office=person is not None and person.is_office,
    )


def present(turn: Turn) -> Person:
    """Return who is here; storage decides what they may."""
    if turn.person is None:
        raise NotAllowed
    return turn.person
