"""A volunteer rests, or is there again: no offers meanwhile, what was promised stays."""

from datetime import timedelta

from handlers.turn import Turn, press_data
from storage.choices import Button
from storage.people import Person
from storage.refusals import NotAllowed
from storage.volunteers import get_volunteer, pause_volunteer, resume_volunteer

RESTS = {"week": timedelta(days=7), "fortnight": timedelta(days=14), "month": timedelta(days=30)}
CARD = "pause"


def show_rest(turn: Turn, person: Person) -> None:
    """How long, or until when."""
    if "volunteer" not in person.roles:
        raise NotAllowed
    until = get_volunteer(turn.session, person_id=person.id).paused_until
    resting = until is not None and until > turn.now
    acts = ["resume"] if resting else list(RESTS)
    turn.say(
        "pause",
        buttons=[[Button(f"pause.{act}", press_data("pause", act, 0, 0))] for act in acts],
        card=CARD,
        until=until.isoformat() if until is not None and resting else None,
    )


def rest(turn: Turn, person: Person, act: str) -> None:
    """A length of rest was chosen."""
    until = turn.now + RESTS[act]
    pause_volunteer(turn.session, now=turn.now, person=person, until=until)
    turn.edit("pause_begun", card=CARD, until=until.isoformat())


def resume(turn: Turn, person: Person) -> None:
    """The rest is over."""
    resume_volunteer(turn.session, now=turn.now, person=person)
    turn.edit("pause_over", card=CARD)
