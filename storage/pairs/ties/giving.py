"""What the one who is helped gives in turn, in their own words (相互依托，互助互利)."""

from datetime import datetime

from sqlalchemy import update

from storage.database import Session
from storage.outbox import MessageClass
from storage.pairs.rows import Pair, change_pair, check_staff_of, get_pair, note_pair, side_of
from storage.pairs.saying import tell_side
from storage.pairs.tied import find_tie
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.pairs import Kind, Side
from storage.tables import tie


def say_what_is_given(
    session: Session, *, now: datetime, actor: Person, pair_id: int, words: str
) -> Pair:
    """Write down what the recipient gives back; theirs to say, or for staff who heard it."""
    one = check_may_say(session, actor=actor, pair_id=pair_id)
    kept = find_tie(session, pair_id=one.id)
    if kept is None:
        raise TooLate
    sealed = session.vault.seal(words, place=f"tie.gives_back:{kept.uid}")
    session.change(update(tie).where(tie.c.pair_id == one.id).values(gives_back=sealed))
    fresh = change_pair(session, one, {})
    note_pair(session, fresh, now=now, what="tie_gives_back", actor_id=actor.id)
    if fresh.is_agreed:
        tell_side(
            session,
            fresh,
            Side.HELPER,
            now=now,
            template="tie_gives_back",
            message_class=MessageClass.INFO,
            facts={"words": words},
        )
    return fresh


def check_may_say(session: Session, *, actor: Person, pair_id: int) -> Pair:
    """Return the tie to its recipient, their guardian, or staff who see it; raise for others."""
    one = get_pair(session, pair_id=pair_id, hold=True)
    found = side_of(session, one, actor)
    if found is None:
        check_staff_of(session, one, actor)
    elif found[0] is not Side.RESIDENT:
        raise NotAllowed
    if not one.is_live or one.kind is not Kind.MUTUAL:
        raise TooLate
    return one
