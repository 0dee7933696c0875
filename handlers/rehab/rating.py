"""How content somebody is with a rehabilitation site: one press, once a quarter."""

from handlers.doors import present
from handlers.turn import Press, Turn, read_number
from storage.refusals import TooLate
from storage.rehab import rate_site


def press(turn: Turn, press: Press) -> None:
    """A number from 1 to 5."""
    score = read_number(press.extra)
    if press.act != "give" or score is None:
        raise TooLate
    rate_site(
        turn.session,
        now=turn.now,
        person_id=present(turn).id,
        organisation_id=press.id,
        quarter=press.version,
        score=score,
    )
    turn.edit("rate_thanks", card=f"rate:{press.id}:{press.version}")
