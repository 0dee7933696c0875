"""The list of one's consents, a card for each purpose, and yes or no by one tap."""

from handlers.consents import statement
from handlers.dialogue import start
from handlers.doors import present
from handlers.turn import Press, Turn, press_data
from storage.caregivers import list_ties
from storage.choices import Button
from storage.consenting import (
    Known,
    answer,
    get_known,
    list_wards,
)
from storage.consents import Consent
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.purposes import PURPOSES, Purpose

CARD = "consent"
Lines = list[list[Button]]


def open_own(turn: Turn) -> None:
    """/consent: what this person agreed to."""
    actor = present(turn)
    known = get_known(turn.session, now=turn.now, actor=actor, person_id=actor.id)
    turn.say(
        "consent_list",
        buttons=[*_lines(turn, known), *_wards(turn, actor)],
        card=CARD,
        more=_list_facts(turn, known),
    )


def press(turn: Turn, press: Press) -> None:
    """A button of the list, or of one purpose."""
    actor = present(turn)
    if press.act == "list":
        _show_list(turn, actor, press.id)
    elif press.act == "record":
        if not get_known(turn.session, now=turn.now, actor=actor, person_id=press.id).staff:
            raise NotAllowed
        start(turn, statement.FORM, {"person_id": press.id})
    elif press.act == "one":
        _show_one(turn, actor, press.id, _purpose(press)[0])
    elif press.act in ("yes", "no"):
        _answer(turn, actor, press)
    else:
        raise TooLate


def _purpose(press: Press) -> tuple[Purpose, str]:
    """Read "purpose=version"; a forged one is too late for anything."""
    word, _, version = press.extra.partition("=")
    try:
        return Purpose(word), version
    except ValueError as error:
        raise TooLate from error


def _button(act: str, known: Known, one: Consent, label: str) -> Button:
    purpose = Purpose(one.purpose)
    extra = f"{purpose.value}={PURPOSES[purpose].version}"
    data = press_data("consent", act, known.person_id, 0, extra)
    return Button(label, data, {"what": one.purpose})


def _show_list(turn: Turn, actor: Person, person_id: int) -> None:
    known = get_known(turn.session, now=turn.now, actor=actor, person_id=person_id)
    wards = _wards(turn, actor) if known.own else []
    turn.edit(
        "consent_list",
        buttons=[*_lines(turn, known), *wards],
        card=CARD,
        more=_list_facts(turn, known),
    )


def _staff_lines(turn: Turn, known: Known) -> Lines:
    """What staff can do: write down what was said, and who is the guardian."""
    record = press_data("consent", "record", known.person_id, 0)
    lines = [[Button("consent.record", record)]]
    for tie in list_ties(turn.session, person_id=known.person_id):
        if tie.resident_id == known.person_id and tie.state == "confirmed":
            act = "unmake" if tie.kind == "guardian" else "make"
            data = press_data("caregiver", act, tie.id, tie.version)
            lines.append([Button(f"caregiver.{act}", data, {"name": tie.caregiver_name})])
    return lines


def _lines(turn: Turn, known: Known) -> Lines:
    if known.staff:
        return _staff_lines(turn, known)
    if not known.may_answer:
        return []
    return [
        [_button("no", known, one, f"consent.back_{one.purpose}")]
        if one.given
        else [_button("one", known, one, f"consent.see_{one.purpose}")]
        for one in known.consents
        if one.purpose != Purpose.KEEP_DATA
    ]


def _wards(turn: Turn, actor: Person) -> Lines:
    return [
        [Button("consent.ward", press_data("consent", "list", ward.id, 0), {"name": ward.name})]
        for ward in list_wards(turn.session, guardian_id=actor.id)
    ]


def _list_facts(turn: Turn, known: Known) -> dict[str, Fact]:
    rows = known.consents
    return {
        "name": None if known.own else known.name,
        "staff": known.staff,
        "purposes": [one.purpose for one in rows],
        "states": [_state(turn, one) for one in rows],
        "since": [one.given_at.isoformat() if one.given_at else "" for one in rows],
        "by": ["" if one.own or not one.given_by else one.given_by for one in rows],
        "grounds": [one.ground or "" for one in rows],
        "until": [one.expires_at.isoformat() if one.expires_at else "" for one in rows],
    }


def _state(turn: Turn, one: Consent) -> str:
    if one.given:
        ended = one.expires_at is not None and one.expires_at <= turn.now
        return "ended" if ended else "yes"
    return "no" if one.last_no_at else "unasked"


def _show_one(turn: Turn, actor: Person, person_id: int, purpose: Purpose) -> None:
    known = get_known(turn.session, now=turn.now, actor=actor, person_id=person_id)
    one = next((each for each in known.consents if each.purpose == purpose), None)
    if one is None:
        raise NotAllowed
    answers = [
        [_button("yes", known, one, "consent.yes")],
        [_button("no", known, one, "consent.no")],
    ]
    back = Button("consent.list", press_data("consent", "list", person_id, 0))
    turn.edit(
        "consent_one",
        buttons=[*(answers if known.may_answer and not known.staff else []), [back]],
        card=CARD,
        name=None if known.own else known.name,
        purpose=purpose.value,
        essential=one.essential,
    )


def _answer(turn: Turn, actor: Person, press: Press) -> None:
    purpose, version = _purpose(press)
    yes = press.act == "yes"
    answer(
        turn.session,
        now=turn.now,
        actor=actor,
        person_id=press.id,
        purpose=purpose,
        version=version,
        yes=yes,
    )
    known = get_known(turn.session, now=turn.now, actor=actor, person_id=press.id)
    one = next(each for each in known.consents if each.purpose == purpose)
    other = _button("one", known, one, "consent.again") if not yes else None
    back = Button("consent.list", press_data("consent", "list", press.id, 0))
    turn.edit(
        "consent_given" if yes else "consent_taken_back",
        buttons=[*([[other]] if other else []), [back]],
        card=CARD,
        purpose=purpose.value,
        name=None if known.own else known.name,
    )


def show_closed(turn: Turn) -> None:
    """Whatever is said in a closed chat: how it goes on without, and how to open it again."""
    if turn.person is None:
        raise NotAllowed
    extra = f"{Purpose.ABROAD.value}={PURPOSES[Purpose.ABROAD].version}"
    yes = press_data("consent", "yes", turn.person.id, 0, extra)
    turn.say("consent_chat_closed", buttons=[[Button("consent.reopen", yes)]], card=CARD)
