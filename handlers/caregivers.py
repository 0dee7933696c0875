"""Family: who may ask for whom; the resident says yes or no, and can end it at any time."""

from typing import Any

from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.caregivers import (
    Tie,
    copy_to,
    decide_tie,
    end_tie,
    list_ties,
    make_guardian,
    open_tie,
    tie_buttons,
    wish_end,
)
from storage.choices import Button
from storage.consents import NOTICE_VERSION, give_consent
from storage.outbox import Wanted
from storage.people import Person
from storage.refusals import NotAllowed, TooLate

CARD = "family"


def show_family(turn: Turn) -> None:
    """/family: the ties of this person, and what waits for their word."""
    person = turn.person
    if person is None or not person.roles:
        raise NotAllowed
    ties = list_ties(turn.session, person_id=person.id)
    standing = [tie for tie in ties if tie.state == "confirmed"]
    lines = [line for tie in standing for line in _lines(tie, person)]
    lines.append([Button("caregiver.add", press_data("join", "caregiver", 0, 0))])
    turn.say(
        "caregiver_list",
        buttons=lines,
        card=CARD,
        carers=[tie.caregiver_name for tie in standing if tie.resident_id == person.id],
        residents=[tie.resident_name for tie in standing if tie.caregiver_id == person.id],
        guardians=[
            tie.caregiver_name
            for tie in standing
            if tie.resident_id == person.id and tie.kind == "guardian"
        ],
        without=[
            tie.caregiver_name
            for tie in standing
            if tie.resident_id == person.id and not tie.copies
        ],
        # Not their names as registered: that would tell the asker who is known here.
        waiting=sum(tie.state == "asked" and tie.caregiver_id == person.id for tie in ties),
    )
    for tie in ties:
        if tie.state == "asked" and tie.resident_id == person.id and not tie.by_staff:
            turn.say(
                "caregiver_asks",
                buttons=tie_buttons(tie),
                card=f"caregiver:{tie.id}",
                wanted=Wanted("caregiver", tie.id, tie.version),
                name=tie.caregiver_name,
            )


def _lines(tie: Tie, person: Person) -> list[list[Button]]:
    if tie.resident_id != person.id:
        return [[_end_button(tie, person)]]
    if tie.kind == "guardian":
        wish = press_data("caregiver", "wish", tie.id, tie.version)
        return [[Button("caregiver.wish", wish, {"name": tie.caregiver_name})]]
    act = "hush" if tie.copies else "copy"
    data = press_data("caregiver", act, tie.id, tie.version)
    copies = Button(f"caregiver.{act}", data, {"name": tie.caregiver_name})
    return [[copies], [_end_button(tie, person)]]


def _end_button(tie: Tie, person: Person) -> Button:
    mine = tie.resident_id == person.id
    other = tie.caregiver_name if mine else tie.resident_name
    label = "caregiver.end_carer" if mine else "caregiver.end_resident"
    data = press_data("caregiver", "end", tie.id, tie.version)
    return Button(label, data, {"name": other})


def press_tie(turn: Turn, press: Press) -> None:
    """A button of a tie."""
    if turn.person is None:
        raise NotAllowed
    if press.act in ("yes", "no", "guardian"):
        _decide(turn, press, turn.person)
    elif press.act in ("hush", "copy", "wish", "make", "unmake"):
        _change(turn, press, turn.person)
    elif press.act == "end":
        tie = end_tie(
            turn.session,
            now=turn.now,
            actor=turn.person,
            tie_id=press.id,
            version=press.version,
        )
        mine = tie.resident_id == turn.person.id
        name = tie.caregiver_name if mine else tie.resident_name
        turn.edit("caregiver_end_done", card=CARD, name=name)
    elif press.act == "phones":
        resident, asker = open_tie(turn.session, now=turn.now, actor=turn.person, tie_id=press.id)
        turn.say(
            "caregiver_phones",
            name=resident.name,
            phone=resident.phone,
            caregiver=asker.name,
            caregiver_phone=asker.phone,
        )
    else:
        raise TooLate


def _decide(turn: Turn, press: Press, actor: Person) -> None:
    tie = decide_tie(
        turn.session,
        now=turn.now,
        actor=actor,
        tie_id=press.id,
        version=press.version,
        yes=press.act != "no",
        guardian=press.act == "guardian",
    )
    if tie.by_staff and press.act != "no":
        # Staff have just asked by phone or at the door: that yes is on their word.
        give_consent(
            turn.session,
            now=turn.now,
            person_id=tie.resident_id,
            purpose="keep_data",
            version=NOTICE_VERSION,
            given_by=actor.id,
            ground="staff",
        )
    turn.edit(
        "caregiver_decided",
        card=f"caregiver:{press.id}",
        name=tie.caregiver_name,
        by=None,
        state="declined" if press.act == "no" else "confirmed",
    )


def _change(turn: Turn, press: Press, actor: Person) -> None:
    """Copies on or off, the wish for another guardian, and what staff write down."""
    facts: Any = {"now": turn.now, "actor": actor, "tie_id": press.id}
    if press.act == "wish":
        tie = wish_end(turn.session, **facts)
        turn.edit("guardian_wish_noted", card=CARD, name=tie.caregiver_name)
        return
    on = press.act in ("copy", "make")
    step = copy_to if press.act in ("copy", "hush") else make_guardian
    tie = step(turn.session, **facts, version=press.version, on=on)
    turn.edit(
        "caregiver_changed",
        card=CARD if step is copy_to else f"caregiver:{press.id}",
        name=tie.caregiver_name,
        resident=tie.resident_name,
        act=press.act,
    )


TOPIC = Topic(commands={"family": show_family}, presses={"caregiver": press_tie})
