"""Yes and no of the two sides, in the chat or spoken to staff; a no needs no reason."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, update

from storage.database import Session
from storage.guardians import is_known_child
from storage.journal import note
from storage.outbox import MessageClass
from storage.pairs.checking import find_why_over, is_held_back
from storage.pairs.proposing import ask_next
from storage.pairs.refusals import GuardianSpeaks, NotSuitable, StaffTakesPart
from storage.pairs.rows import (
    Pair,
    change_pair,
    check_staff_of,
    get_pair,
    note_pair,
    of_same,
    side_of,
)
from storage.pairs.saying import side_buttons, tell_keeper, tell_side
from storage.pairs.settling import settle
from storage.pairs.ties.beginning import begin_tie, is_grown
from storage.pairs.ties.refusals import TieNeedsGuardian
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rules.pairs import PROPOSAL_WAITS, Ending, Kind, PairState, Side
from storage.rules.purposes import Channel
from storage.tables import pair, statement


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody said to staff: how, where, who was there, and whether it was a guardian."""

    channel: Channel
    where: str
    present: str
    by_guardian: bool = False


def say_yes(session: Session, *, now: datetime, actor: Person, pair_id: int) -> Pair:
    """Say yes for one's own side; an old button is as good while nothing was decided."""
    one, side, ground = _speak(session, now=now, actor=actor, pair_id=pair_id)
    return _agree(session, one, side, now=now, by=actor.id, ground=ground, statement_id=None)


def say_no(session: Session, *, now: datetime, actor: Person, pair_id: int) -> Pair:
    """Say no for one's own side, without a reason; these two are not asked about each other again.

    Also whoever said yes may still say no, until the other side has agreed too.
    """
    one = get_pair(session, pair_id=pair_id, hold=True)
    found = side_of(session, one, actor)
    if found is None:
        raise NotAllowed
    if one.state is not PairState.PROPOSED:
        raise TooLate
    return _refuse(session, one, found[0], now=now, by=actor.id)


def enter_spoken(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    pair_id: int,
    side: Side,
    yes: bool,
    spoken: Spoken,
) -> Pair:
    """Write down what one side said to this member of staff, who was there and where."""
    one = get_pair(session, pair_id=pair_id, hold=True)
    check_staff_of(session, one, actor)
    if actor.id in (one.resident_id, one.helper_id):
        raise StaffTakesPart
    whose = one.resident_id if side is Side.RESIDENT else one.helper_id
    if whose is None:
        return enter_organisation(session, now=now, actor=actor, pair_id=pair_id, yes=yes)
    if one.state is not PairState.PROPOSED:
        raise TooLate
    if not spoken.by_guardian:
        check_own_yes(session, one, side, now=now, person_id=whose)
    if not yes:
        return _refuse(session, one, side, now=now, by=actor.id)
    if side in one.said_yes:
        raise AlreadyDone
    if side is Side.HELPER and Side.RESIDENT not in one.said_yes:
        # Not even by word of mouth does the neighbour hear of it before the household.
        raise NotAllowed
    written = _write_down(session, now=now, actor=actor, person_id=whose, spoken=spoken)
    return _agree(
        session, one, side, now=now, by=actor.id, ground="witnessed", statement_id=written
    )


def enter_organisation(
    session: Session, *, now: datetime, actor: Person, pair_id: int, yes: bool
) -> Pair:
    """Write down what an organisation said that has nobody in the chat, by staff who asked it."""
    one = get_pair(session, pair_id=pair_id, hold=True)
    check_staff_of(session, one, actor)
    if one.organisation_id is None:
        raise NotAllowed
    if one.state is not PairState.PROPOSED or Side.RESIDENT not in one.said_yes:
        raise TooLate
    if not yes:
        return _refuse(session, one, Side.HELPER, now=now, by=actor.id)
    return _agree(
        session, one, Side.HELPER, now=now, by=actor.id, ground="staff", statement_id=None
    )


def check_own_yes(
    session: Session, one: Pair, side: Side, *, now: datetime, person_id: int
) -> None:
    """Raise what keeps somebody from saying yes themselves: they are a child, or a minor pupil."""
    if is_known_child(session, now=now, person_id=person_id):
        raise GuardianSpeaks
    if side is Side.RESIDENT and needs_guardian(session, one, now=now):
        raise TieNeedsGuardian


def needs_guardian(session: Session, one: Pair, *, now: datetime) -> bool:
    """Whether only a guardian says yes for the resident: of a child, and of a minor pupil."""
    if is_known_child(session, now=now, person_id=one.resident_id):
        return True
    return one.kind is Kind.STUDY and not is_grown(session, now=now, person_id=one.resident_id)


def _speak(
    session: Session, *, now: datetime, actor: Person, pair_id: int
) -> tuple[Pair, Side, str]:
    one = get_pair(session, pair_id=pair_id, hold=True)
    found = side_of(session, one, actor)
    if found is None:
        raise NotAllowed
    side, ground = found
    if one.is_live and side in one.said_yes:
        raise AlreadyDone
    if one.state is not PairState.PROPOSED:
        raise TooLate
    if ground == "self":
        check_own_yes(session, one, side, now=now, person_id=actor.id)
    if side is Side.HELPER and Side.RESIDENT not in one.said_yes:
        # Nobody asked them yet: a forged press.
        raise NotAllowed
    return one, side, ground


def _agree(
    session: Session,
    one: Pair,
    side: Side,
    *,
    now: datetime,
    by: int,
    ground: str,
    statement_id: int | None,
) -> Pair:
    """Keep the yes of a side; with both it is a pair, and only then each hears of the other."""
    if find_why_over(session, one) is not None or is_held_back(session, one):
        raise NotSuitable
    values: dict[str, object] = {
        f"{side.value}_yes_at": now,
        f"{side.value}_yes_by": by,
        f"{side.value}_ground": ground,
        f"{side.value}_statement_id": statement_id,
        "asked": 0,
    }
    both = side.other in one.said_yes
    if both:
        # Due at once: the agreement is drawn up.
        values |= {"state": PairState.ACTIVE.value, "agreed_at": now, "sign_at": now}
    values["due_at"] = now if both else now + PROPOSAL_WAITS
    agreed = change_pair(session, one, values)
    note_pair(
        session,
        agreed,
        now=now,
        what="pair_yes",
        actor_id=by,
        ground=ground,
        detail=side.value,
    )
    if not both:
        return ask_next(session, agreed, now=now)
    note_pair(session, agreed, now=now, what="pair_agreed", actor_id=by)
    _begin(session, agreed, now=now, by=by)
    return agreed


def _begin(session: Session, one: Pair, *, now: datetime, by: int) -> None:
    session.change(
        update(pair)
        .where(of_same(one), pair.c.seeking_since.is_not(None))
        .values(seeking_since=None)
    )
    begin_tie(session, one, now=now)
    for side in Side:
        tell_side(
            session,
            one,
            side,
            now=now,
            template="pair_agreed",
            message_class=MessageClass.MUST,
            buttons=side_buttons(one, side),
        )
    tell_keeper(session, one, now=now, template="pair_agreed_desk", without=by)


def _refuse(session: Session, one: Pair, side: Side, *, now: datetime, by: int) -> Pair:
    ending = Ending.RESIDENT_NO if side is Side.RESIDENT else Ending.HELPER_NO
    return settle(session, one, now=now, ending=ending, by=by)


def _write_down(
    session: Session, *, now: datetime, actor: Person, person_id: int, spoken: Spoken
) -> int:
    uid = secrets.token_hex(16)
    words = {
        "read_out": "pair",
        "present": spoken.present,
        "where": spoken.where,
        "by_guardian": spoken.by_guardian,
    }
    sealed = session.vault.seal(
        json.dumps(words, ensure_ascii=False), place=f"statement.words:{uid}"
    )
    written = session.add(
        insert(statement).values(
            uid=uid,
            person_id=person_id,
            witness_id=actor.id,
            channel=spoken.channel.value,
            words=sealed,
            said_at=now,
            created_at=now,
        )
    )
    note(
        session,
        now=now,
        what="statement_entered",
        actor_id=actor.id,
        subject_id=person_id,
        thing="statement",
        thing_id=written,
        ground=spoken.channel.value,
    )
    return written
