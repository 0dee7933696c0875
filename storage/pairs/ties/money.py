"""Money in a note: answered kindly, and shown to whoever looks after the tie. Help is unpaid."""

from datetime import datetime

from storage.choices import Button
from storage.database import Session
from storage.outbox import MessageClass, say
from storage.pairs.rows import Pair
from storage.pairs.saying import button, tell_keeper
from storage.people import Person


def answer_money(
    session: Session, one: Pair, *, now: datetime, actor: Person, log_id: int, words: str
) -> None:
    """Say to the one who wrote it that nobody pays here, and lay it before the keeper."""
    say(
        session,
        now=now,
        to=actor.id,
        key=f"pair_log:{log_id}:money",
        template="tie_no_money",
        message_class=MessageClass.ANSWER,
        facts={"keeper": one.keeper},
    )
    tell_keeper(
        session,
        one,
        now=now,
        template="tie_money_said",
        message_class=MessageClass.MUST,
        facts={"by": actor.name, "words": words},
        buttons=[[Button("pair.looked", f"pair:looked:{log_id}:1")], [button("see", one)]],
    )
