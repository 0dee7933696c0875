"""The card of what is held, the list of looks, and the copy as a file."""

from handlers.privacy import correcting
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.journal import note
from storage.papers import ask_for_paper
from storage.people import Person
from storage.privacy import (
    ground_of_erasing,
    list_held,
    list_looks,
    list_subjects,
    open_subject,
)
from storage.privacy.looks import PAGE
from storage.refusals import NotAllowed, TooLate

CARD = "privacy"


def open_own(turn: Turn) -> None:
    """/privacy: for everybody; whoever is not registered hears that nothing is held."""
    if turn.person is None:
        turn.say("privacy_nothing", keyboard="menu")
        return
    _show(turn, turn.person)


def press(turn: Turn, press: Press) -> None:
    """A button of the card; ``id`` is whose data it is."""
    actor = turn.person
    if actor is None:
        raise NotAllowed
    subject = open_subject(turn.session, now=turn.now, actor=actor, person_id=press.id)
    if press.act == "see":
        _show(turn, subject)
    elif press.act == "looks":
        _show_looks(turn, subject, press.version or None)
    elif press.act == "copy":
        _ask_for_copy(turn, actor, subject)
    elif press.act == "correct":
        correcting.offer(turn, subject)
    elif press.act in correcting.FIELDS:
        correcting.begin(turn, subject, press.act)
    else:
        raise TooLate


def _show(turn: Turn, subject: Person) -> None:
    assert turn.person is not None
    held = list_held(turn.session, subject=subject)
    own = subject.id == turn.person.id
    turn.say(
        "privacy",
        buttons=[*_buttons(turn, subject), *(_others(turn) if own else [])],
        card=CARD,
        name=subject.name,
        own=own,
        kinds=[one.kind for one in held],
        values=[one.value or str(one.count) for one in held],
    )


def _buttons(turn: Turn, subject: Person) -> list[list[Button]]:
    assert turn.person is not None
    acts = ("looks", "copy", "correct")
    lines = [[Button(f"privacy.{act}", press_data("privacy", act, subject.id, 0))] for act in acts]
    lines.append([Button("privacy.consents", press_data("consent", "list", subject.id, 0))])
    if ground_of_erasing(turn.session, actor=turn.person, subject=subject) is not None:
        ask = press_data("erase", "ask", subject.id, subject.version)
        lines.append([Button("privacy.erase", ask)])
    return lines


def _others(turn: Turn) -> list[list[Button]]:
    assert turn.person is not None
    _, *others = list_subjects(turn.session, actor=turn.person)
    return [
        [Button("privacy.of", press_data("privacy", "see", one.id, 0), {"name": one.name})]
        for one in others
    ]


def _show_looks(turn: Turn, subject: Person, before: int | None) -> None:
    looks = list_looks(turn.session, person_id=subject.id, before=before)
    lines = []
    if len(looks) == PAGE:
        more = press_data("privacy", "looks", subject.id, looks[-1].id)
        lines.append([Button("privacy.more_looks", more)])
    lines.append([Button("privacy.back", press_data("privacy", "see", subject.id, 0))])
    turn.say(
        "privacy_looks",
        buttons=lines,
        card=CARD,
        names=[one.name for one in looks],
        roles=[one.role or "" for one in looks],
        moments=[one.at.isoformat() for one in looks],
        purposes=[one.purpose for one in looks],
        older=before is not None,
    )


def _ask_for_copy(turn: Turn, actor: Person, subject: Person) -> None:
    ask_for_paper(
        turn.session,
        now=turn.now,
        actor=actor,
        kind="my_data",
        facts={"person": str(subject.id)},
    )
    note(turn.session, now=turn.now, what="copy_made", actor_id=actor.id, subject_id=subject.id)
