"""Mutual help: a lightly disabled resident helps one or two who are severely so (一帮一、一帮二).

Nobody who helps learns the other's grade: what speaks against a tie is told to staff alone, who
may lift it with a reason. Obligations 45 to 49.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from storage.apart import may_they_meet
from storage.database import Session
from storage.guardians import is_known_minor
from storage.organisations import get_organisation
from storage.pairs.proposing import ask_next
from storage.pairs.rows import Pair, get_pair, note_pair
from storage.pairs.ties.homes import home_of
from storage.pairs.ties.items import list_items
from storage.pairs.ties.refusals import TieBarred, TieUnfit
from storage.people import Person, get_person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.registers import check_staff, list_disabilities
from storage.roles import is_approved
from storage.rules.pairs import FREQUENCIES, PROPOSAL_WAITS, Kind, PairState
from storage.rules.ties import SLOTS_AT_MOST, TIES, Bar, find_bars, free_slot
from storage.tables import attachment, pair, person, tie

RULE = TIES[Kind.MUTUAL]
HELPERS = ("resident", "volunteer")
TRIES = 3


@dataclass(frozen=True, slots=True)
class MutualDraft:
    """What is proposed: who does what how often, and what is given back in their own words."""

    resident_id: int
    helper_id: int
    acts: tuple[str, ...]
    frequency: str
    gives_back: str | None = None


def propose_mutual(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    draft: MutualDraft,
    lifting: Collection[Bar] = (),
    reason: str | None = None,
) -> Pair:
    """Propose that one resident helps another; the one who would be helped is asked first.

    1. Staff who see both may, or an association whose members both are.
    2. What never fits is refused; what speaks against it is told, and lifted only with a reason
       by staff who saw exactly that.
    3. Each recipient takes one of the helper's slots: a constraint, whoever comes at once.
    """
    organiser_id = find_organiser(session, actor=actor, draft=draft)
    check_two(session, now=now, draft=draft)
    bars = list_bars(session, draft=draft)
    may_lift = organiser_id is None
    if not reason or not may_lift or not set(bars) <= set(lifting):
        _refuse(session, bars, draft=draft, lifts=may_lift)
    most = SLOTS_AT_MOST if Bar.FULL in bars else RULE.at_most
    pair_id = _take_slot(session, now=now, actor=actor, draft=draft, most=most, lifts=may_lift)
    row: dict[str, object] = {"bars": ",".join(bars), "organiser_id": organiser_id}
    if bars:
        row |= {"overridden_by": actor.id, "overridden_at": now}
    write_tie(
        session,
        pair_id=pair_id,
        row=row,
        gives_back=draft.gives_back,
        reason=reason if bars else None,
    )
    one = get_pair(session, pair_id=pair_id)
    note_pair(session, one, now=now, what="pair_proposed", actor_id=actor.id, detail="mutual")
    if bars:
        note_pair(
            session,
            one,
            now=now,
            what="tie_overridden",
            actor_id=actor.id,
            ground="reason",
            detail=",".join(bars),
        )
    return ask_next(session, one, now=now)


def find_organiser(session: Session, *, actor: Person, draft: MutualDraft) -> int | None:
    """The association through which somebody acts, None for staff of both; or raise NotAllowed."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    at = actor.organisation_id
    if at is not None and get_organisation(session, organisation_id=at).kind in RULE.organisers:
        if not are_members(
            session, organisation_id=at, people=[draft.resident_id, draft.helper_id]
        ):
            raise NotAllowed
        return at
    for one in (draft.resident_id, draft.helper_id):
        check_staff(session, actor=actor, person_id=one)
    return None


def are_members(session: Session, *, organisation_id: int, people: Sequence[int]) -> bool:
    """Whether all of them are tied to an organisation now."""
    tied = select(attachment.c.person_id).where(
        attachment.c.organisation_id == organisation_id,
        attachment.c.person_id.in_(people),
        attachment.c.state == "active",
    )
    return set(session.execute(tied).scalars()) == set(people)


def check_two(session: Session, *, now: datetime, draft: MutualDraft) -> None:
    """Raise what no reason lifts: who they are, that they may meet, and what would be done."""
    known = {one.key for one in list_items(session, kind=Kind.MUTUAL)}
    if not draft.acts or not set(draft.acts) <= known or draft.frequency not in FREQUENCIES:
        raise TooLate
    if not is_approved(session, person_id=draft.resident_id, kind="resident"):
        raise NotAllowed
    helps = any(is_approved(session, person_id=draft.helper_id, kind=kind) for kind in HELPERS)
    if not helps or draft.helper_id == draft.resident_id:
        raise TieUnfit
    if is_known_minor(session, now=now, person_id=draft.helper_id):
        raise TieUnfit
    if not may_they_meet(session, helper_id=draft.helper_id, person_id=draft.resident_id):
        raise TieUnfit


def list_bars(session: Session, *, draft: MutualDraft) -> tuple[Bar, ...]:
    """What speaks against these two, by the registers; the helper's row is held until the end."""
    session.find(select(person.c.id).where(person.c.id == draft.helper_id).with_for_update())
    known = list_disabilities(session, person_ids=[draft.helper_id, draft.resident_id])
    helper, resident = (known.get(one) for one in (draft.helper_id, draft.resident_id))
    return find_bars(
        helper_grade=helper.grade if helper else None,
        recipient_grade=resident.grade if resident else None,
        held=len(list_slots(session, helper_id=draft.helper_id)),
        at_most=RULE.at_most,
        policy=session.house.severity,
    )


def list_slots(session: Session, *, helper_id: int) -> list[int]:
    """Which slots of a helper are taken, by ties that stand or are proposed."""
    taken = select(pair.c.slot).where(
        pair.c.helper_id == helper_id, pair.c.slot.is_not(None), pair.c.state != "ended"
    )
    return list(session.execute(taken).scalars())


def write_tie(
    session: Session,
    *,
    pair_id: int,
    row: dict[str, object],
    gives_back: str | None = None,
    reason: str | None = None,
) -> None:
    """Write what a pair has as a tie; words are sealed."""
    uid = secrets.token_hex(16)
    sealed = {
        name: session.vault.seal(words, place=f"tie.{name}:{uid}")
        for name, words in (("gives_back", gives_back), ("override", reason))
        if words
    }
    session.execute(insert(tie), {"pair_id": pair_id, "uid": uid, **row, **sealed})


def _take_slot(
    session: Session, *, now: datetime, actor: Person, draft: MutualDraft, most: int, lifts: bool
) -> int:
    """Insert the pair in the lowest free slot; who comes too late for the last one hears it."""
    row: dict[str, Any] = {
        "uid": secrets.token_hex(16),
        "kind": Kind.MUTUAL.value,
        "household_id": home_of(session, now=now, actor=actor, resident_id=draft.resident_id),
        "resident_id": draft.resident_id,
        "helper_id": draft.helper_id,
        "state": PairState.PROPOSED.value,
        "acts": ",".join(draft.acts),
        "frequency": draft.frequency,
        "due_at": now + PROPOSAL_WAITS,
        "keeper_id": actor.id,
        "made_by": actor.id,
        "created_at": now,
        "version": 1,
    }
    for _ in range(TRIES):
        slot = free_slot(list_slots(session, helper_id=draft.helper_id), most)
        if slot is None:
            break
        try:
            with session.savepoint():
                return session.add(insert(pair).values(row | {"slot": slot}))
        except IntegrityError as error:
            if _stands(session, draft):
                raise AlreadyDone from error
    _refuse(session, (Bar.FULL,), draft=draft, lifts=lifts)
    raise TooLate


def _stands(session: Session, draft: MutualDraft) -> bool:
    same = select(pair.c.id).where(
        pair.c.kind == Kind.MUTUAL.value,
        pair.c.resident_id == draft.resident_id,
        pair.c.helper_id == draft.helper_id,
        pair.c.state != "ended",
    )
    return session.find(same) is not None


def _refuse(session: Session, bars: Sequence[Bar], *, draft: MutualDraft, lifts: bool) -> None:
    if bars:
        raise TieBarred(
            bars=[one.value for one in bars],
            helper=get_person(session, person_id=draft.helper_id).name,
            resident=get_person(session, person_id=draft.resident_id).name,
            most=RULE.at_most,
            lifts=lifts,
        )
