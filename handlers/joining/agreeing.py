"""The yes to keeping data: asked of everybody before anything else is."""

from handlers.turn import Turn
from storage.consents import NOTICE_VERSION, give_consent, has_consent
from storage.people import Person, add_person, get_person
from storage.rules.text import clean

NOTICE = NOTICE_VERSION
# Where the messenger shows no name that can be seen; the first question then asks for one.
NAMELESS = "?"


def has_agreed(turn: Turn) -> bool:
    """Whether this person's yes stands; those registered before keep the yes they gave."""
    if turn.person is None:
        return False
    version = None if turn.person.roles else NOTICE
    return has_consent(turn.session, person_id=turn.person.id, purpose="keep_data", version=version)


def agree(turn: Turn) -> Person:
    """Write the yes down with its version and time; from now on the person is known."""
    if turn.person is None:
        shown = turn.update.effective_user
        name = clean(shown.full_name, limit=64) if shown else None
        person_id = add_person(
            turn.session, now=turn.now, name=name or NAMELESS, telegram_id=turn.chat_id
        )
        turn.person = get_person(turn.session, person_id=person_id)
    give_consent(
        turn.session,
        now=turn.now,
        person_id=turn.person.id,
        purpose="keep_data",
        version=NOTICE,
        given_by=turn.person.id,
    )
    return turn.person
