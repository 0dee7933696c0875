"""/profile: what a volunteer tells of themselves beyond skills and times."""

from handlers.register.change import OWN, start_change
from handlers.register.words import line_of
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.registers import list_qualifications, open_profile
from storage.rules.fields import FIELDS, Register

CARD, KIND = "own", "choice.qualification"
ASKED = ("languages", "team", "service_area", "serves_whom", "disabled", "born_on")


def show_own(turn: Turn) -> None:
    """Show one's own entry; a command of volunteers."""
    person = _volunteer(turn)
    known = open_profile(turn.session, person_id=person.id, register=Register.VOLUNTEER)
    papers = list_qualifications(turn.session, person_id=person.id)
    flat = [
        Button(
            f"volunteer_field.{key}",
            press_data("own", "field", person.id, 0, f"volunteer.{key}"),
        )
        for key in ASKED
    ]
    ends = [
        Button(
            "own.end",
            press_data("qualification", "end", one.id, one.version),
            {
                "paper": turn.wording.label(
                    f"choice.qualification.{one.kind}", language=turn.language
                )
            },
        )
        for one in papers
    ]
    turn.say(
        "own_card",
        buttons=[
            *(flat[at : at + 2] for at in range(0, len(flat), 2)),
            [Button("own.add", press_data("qualification", "add", person.id, 0))],
            *([one] for one in ends),
        ],
        card=CARD,
        lines=[
            line_of(turn, field, known[field.key])
            for field in FIELDS[Register.VOLUNTEER].values()
            if field.key in OWN and field.key in known
        ],
        papers=[one.kind for one in papers],
        waiting=sum(one.state == "waiting" for one in papers),
    )


def press_own(turn: Turn, press: Press) -> None:
    """See it again, or fill in one column."""
    person = _volunteer(turn)
    if press.act == "see":
        show_own(turn)
    elif press.act == "field" and press.id == person.id:
        start_change(turn, person, press)
    else:
        raise TooLate


def _volunteer(turn: Turn) -> Person:
    if turn.person is None or "volunteer" not in turn.person.roles:
        raise NotAllowed
    return turn.person
