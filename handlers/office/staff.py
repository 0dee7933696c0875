"""Staff commands: for anybody else they are like commands that do not exist, and journalled."""

from handlers.turn import Turn
from storage.journal import note
from storage.people import Person


def staff_of(turn: Turn, *, command: str) -> Person | None:
    """Return the person if they are staff; otherwise answer as an unknown command does."""
    person = turn.person
    if person is not None and person.is_approved("coordinator"):
        return person
    refuse(turn, command=command)
    return None


def refuse(turn: Turn, *, command: str) -> None:
    """Answer as to a command that does not exist, and write it down."""
    person = turn.person
    note(
        turn.session,
        now=turn.now,
        what="command_refused",
        actor_id=person.id if person else None,
        detail=command,
    )
    turn.say("help", roles=sorted(person.roles) if person else [])
