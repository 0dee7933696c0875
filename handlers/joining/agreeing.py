"""The two yeses asked of everybody before anything else: keeping data, and servers abroad."""

from typing import Any

from handlers.turn import Turn
from storage.consents import give_consent, has_consent, refuse, withdraw
from storage.people import Person, add_person, get_person, rename_person
from storage.refusals import NotAllowed
from storage.rules.purposes import PURPOSES, Purpose
from storage.rules.text import clean

NOTICE = PURPOSES[Purpose.KEEP_DATA].version
ABROAD = PURPOSES[Purpose.ABROAD].version
# Where the messenger shows no name that can be seen; the first question then asks for one.
NAMELESS = "?"


def has_agreed(turn: Turn) -> bool:
    """Whether both yeses stand; those registered before keep the yes they gave."""
    if turn.person is not None and turn.person.roles:
        return has_consent(turn.session, person_id=turn.person.id, purpose=Purpose.KEEP_DATA)
    return lets_keep(turn) and _says_yes(turn, Purpose.ABROAD, ABROAD)


def lets_keep(turn: Turn) -> bool:
    """Whether the yes to keeping data stands, to the words as they are now."""
    return _says_yes(turn, Purpose.KEEP_DATA, NOTICE)


def _says_yes(turn: Turn, purpose: Purpose, version: str) -> bool:
    return turn.person is not None and has_consent(
        turn.session, person_id=turn.person.id, purpose=purpose, version=version
    )


def agree(turn: Turn) -> Person:
    """Both yeses, where a form has asked for them or they were given before."""
    agree_to_keep(turn)
    return agree_abroad(turn)


def agree_to_keep(turn: Turn) -> Person:
    """Write the first yes down with its version and time; from now on the person is known."""
    if turn.person is None:
        shown = turn.update.effective_user
        name = clean(shown.full_name, limit=64) if shown else None
        person_id = add_person(
            turn.session, now=turn.now, name=name or NAMELESS, telegram_id=turn.chat_id
        )
        turn.person = get_person(turn.session, person_id=person_id)
    _give(turn, turn.person, Purpose.KEEP_DATA)
    return turn.person


def agree_abroad(turn: Turn) -> Person:
    """Write the second yes down, which is asked for apart (个人信息保护法 39)."""
    if turn.person is None:
        raise NotAllowed
    _give(turn, turn.person, Purpose.ABROAD)
    return turn.person


def _give(turn: Turn, person: Person, purpose: Purpose) -> None:
    give_consent(
        turn.session, now=turn.now, person_id=person.id, purpose=purpose, given_by=person.id
    )


def refuse_abroad(turn: Turn) -> None:
    """Not through servers abroad: nothing is kept but the no itself, so that it can be kept to."""
    person = turn.person
    if person is None or person.roles:
        raise NotAllowed
    known: dict[str, Any] = {"now": turn.now, "person_id": person.id, "actor_id": person.id}
    for purpose in (Purpose.KEEP_DATA, Purpose.ABROAD):
        withdraw(turn.session, **known, purpose=purpose)
    refuse(turn.session, **known, purpose=Purpose.ABROAD)
    rename_person(turn.session, person_id=person.id, name=NAMELESS)
