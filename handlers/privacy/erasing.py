"""Being erased: what is open first, two confirmations in words, and no way back."""

from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.leaving import erase, hand_to_office, list_held_roles, list_reasons
from storage.people import Person, find_person
from storage.privacy import ground_of_erasing
from storage.refusals import NotAllowed, TooLate
from storage.scope import check_sees

CARD = "privacy"


def press(turn: Turn, press: Press) -> None:
    """A button of the way there; ``id`` and ``version`` are of the person to be erased."""
    actor = turn.person
    subject = find_person(turn.session, person_id=press.id)
    if actor is None or subject is None:
        raise NotAllowed
    ground = _ground(turn, actor, subject)
    if press.act == "hand_over":
        _hand_over(turn, subject)
        return
    if press.act == "keep":
        turn.edit("privacy_kept", card=CARD)
        return
    if press.act == "ask":
        _ask(turn, subject, ground)
    elif press.version != subject.version:
        raise TooLate
    elif press.act == "sure":
        _confirm(turn, subject, "privacy_erase_sure", "go", ground)
    elif press.act == "go":
        erase(turn.session, now=turn.now, actor=actor, subject=subject, ground=ground)
        turn.edit("privacy_erased", own=ground == "self", name=subject.name)
    else:
        raise TooLate


def _ground(turn: Turn, actor: Person, subject: Person) -> str:
    """Their own wish, a guardian's, or staff with the person's signed request."""
    ground = ground_of_erasing(turn.session, actor=actor, subject=subject)
    if ground is None:
        check_sees(turn.session, actor=actor, person_id=subject.id)
    return ground or "signed"


def _ask(turn: Turn, subject: Person, ground: str) -> None:
    reasons = list_reasons(turn.session, person=subject)
    if not reasons:
        _confirm(turn, subject, "privacy_erase_ask", "sure", ground)
        return
    over = press_data("erase", "hand_over", subject.id, subject.version)
    turn.say(
        "refusal_not_erased",
        buttons=[[Button("erase.hand_over", over)]],
        card=CARD,
        reasons=reasons,
    )


def _confirm(turn: Turn, subject: Person, template: str, act: str, ground: str) -> None:
    yes = press_data("erase", act, subject.id, subject.version)
    no = press_data("erase", "keep", subject.id, subject.version)
    turn.say(
        template,
        buttons=[[Button(f"erase.{act}", yes)], [Button("erase.keep", no)]],
        card=CARD,
        name=subject.name,
        ground=ground,
    )


def _hand_over(turn: Turn, subject: Person) -> None:
    kept = list_held_roles(turn.session, person=subject)
    kept = kept or sorted(subject.roles)
    hand_to_office(turn.session, now=turn.now, person=subject, kept=kept)
    turn.edit("privacy_hand_over", card=CARD)
