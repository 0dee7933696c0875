"""The agreement of a pair on paper: drawn up once both said yes, kept, and sent to both."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from storage.database import Session
from storage.files import keep_file
from storage.outbox import MessageClass, say
from storage.pairs.rows import (
    Pair,
    change_pair,
    check_staff_of,
    get_pair,
    keepers_of,
    list_side,
    note_pair,
    side_of,
)
from storage.papers import PaperAskedAlready, TooManyPapers, ask_for_paper
from storage.people import Person, get_person
from storage.refusals import NotAllowed, TooLate
from storage.registers import find_household
from storage.rules.pairs import ASK_EVERY, Side
from storage.tables import community, pair

KIND = "pair_agreement"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# As long as the pair lasts; its end sets the day on which it goes.
KEPT_FOR = timedelta(days=3650)
TRY_AGAIN = timedelta(minutes=10)
ORDERED_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What stands on the paper; no phone and no address, which each has in the chat."""

    pair: Pair
    community: str | None
    grounds: dict[str, str]


def order_agreement(session: Session, one: Pair, *, now: datetime) -> None:
    """Have the paper made for who looks after the pair; later, when they wait for too many."""
    soon = (one.agreed_at or now) + ASK_EVERY
    keeper = next(iter(keepers_of(session, one)), None)
    if keeper is not None:
        try:
            with session.savepoint():
                _ask(session, one, now=now, actor=get_person(session, person_id=keeper))
        except TooManyPapers:
            soon = now + TRY_AGAIN
        except PaperAskedAlready:
            pass
    change_pair(session, one, {"due_at": soon})


def is_to_be_drawn_up(one: Pair, *, now: datetime) -> bool:
    """Whether the paper is still to be ordered: for a day; later staff order it by hand."""
    fresh = one.agreed_at is not None and now < one.agreed_at + ORDERED_WITHIN
    return fresh and one.file_id is None


def ask_for_agreement(session: Session, *, now: datetime, actor: Person, pair_id: int) -> Pair:
    """Have the paper made again, by staff who see the household."""
    one = get_pair(session, pair_id=pair_id)
    check_staff_of(session, one, actor)
    if not one.is_agreed:
        raise TooLate
    _ask(session, one, now=now, actor=actor)
    return one


def _ask(session: Session, one: Pair, *, now: datetime, actor: Person) -> None:
    ask_for_paper(session, now=now, actor=actor, kind=KIND, facts={"pair": one.id})


def open_agreement(session: Session, *, actor: Person, pair_id: int) -> Agreement:
    """What the paper says; the maker asks for it, for staff who see the household."""
    one = get_pair(session, pair_id=pair_id)
    check_staff_of(session, one, actor)
    if not one.is_agreed:
        raise NotAllowed
    home = find_household(session, household_id=one.household_id)
    place = home.community_id if home else None
    grounds = session.find(
        select(pair.c.resident_ground, pair.c.helper_ground).where(pair.c.id == one.id)
    )
    return Agreement(
        pair=one,
        community=session.value(select(community.c.name).where(community.c.id == place)),
        grounds={
            "resident": grounds.resident_ground if grounds else "self",
            "helper": grounds.helper_ground if grounds else "self",
        },
    )


def keep_agreement(
    session: Session, *, now: datetime, pair_id: int, name: str, body: bytes
) -> None:
    """Keep the paper as a record and send it to both sides, unless the pair ended meanwhile."""
    one = get_pair(session, pair_id=pair_id, hold=True)
    if not one.is_agreed:
        return
    file_id = keep_file(
        session,
        now=now,
        name=name,
        media_type=MEDIA_TYPE,
        body=body,
        purpose=KIND,
        owner_id=one.resident_id,
        kept_for=KEPT_FOR,
    )
    kept = change_pair(session, one, {"file_id": file_id})
    note_pair(session, kept, now=now, what="pair_agreement_kept", actor_id=None)
    for side in Side:
        for to in list_side(session, kept, side, now=now):
            say(
                session,
                now=now,
                to=to,
                key=f"{kept.card}:v{kept.version}:paper:{to}",
                template="pair_agreement_sent",
                message_class=MessageClass.MUST,
                facts=kept.facts,
                document=file_id,
                # On paper it is handed over by staff, who have it too.
                aloud=False,
            )


def show_agreement(session: Session, *, now: datetime, actor: Person, pair_id: int) -> bool:
    """Send the kept paper again to one of the two or to staff; False when it is not made yet."""
    one = get_pair(session, pair_id=pair_id)
    if side_of(session, one, actor) is None:
        check_staff_of(session, one, actor)
    if one.file_id is None:
        return False
    note_pair(session, one, now=now, what="pair_agreement_seen", actor_id=actor.id)
    return say(
        session,
        now=now,
        to=actor.id,
        key=f"{one.card}:v{one.version}:paper:{actor.id}:{now:%Y%m%d%H%M%S}",
        template="pair_agreement_sent",
        message_class=MessageClass.ANSWER,
        facts=one.facts,
        document=one.file_id,
    )
