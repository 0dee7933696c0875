"""A pair as it stands: its row, its two sides, and who may speak for each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select, update

from storage.database import Session
from storage.guardians import is_known_child, list_guardians
from storage.journal import note
from storage.outbox import Wanted
from storage.people import Person, find_person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.pairs import Ending, Kind, PairState, Side
from storage.scope import check_sees, list_staff_of, sees
from storage.tables import organisation, pair, person, role, tie

_helper, _keeper = person.alias("helper"), person.alias("keeper")


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair; ``helper`` is the name of the person or organisation."""

    id: int
    uid: str
    kind: Kind
    household_id: int
    resident_id: int
    resident: str
    helper_id: int | None
    organisation_id: int | None
    helper: str
    state: PairState
    acts: tuple[str, ...]
    frequency: str
    words: str | None
    said_yes: frozenset[Side]
    agreed_at: datetime | None
    file_id: int | None
    due_at: datetime | None
    asked: int
    sign_at: datetime | None
    keeper_id: int
    keeper: str
    created_at: datetime
    ended_at: datetime | None
    ending: Ending | None
    version: int

    @property
    def card(self) -> str:
        """The card that its messages share in each chat."""
        return f"pair:{self.id}"

    @property
    def is_tie(self) -> bool:
        """Whether it is anything else than a neighbour's."""
        return self.kind is not Kind.NEIGHBOUR

    @property
    def is_live(self) -> bool:
        """Whether it is not over."""
        return self.state is not PairState.ENDED

    @property
    def is_agreed(self) -> bool:
        """Whether both said yes, and nobody ended it since."""
        return self.state in (PairState.ACTIVE, PairState.DORMANT)

    @property
    def wanted(self) -> Wanted:
        """What is said of it is only wanted while it stands as it does now."""
        return Wanted("pair", self.id, self.version)

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for its wording."""
        return {
            "kind": self.kind.value,
            "resident": self.resident,
            "helper": self.helper,
            "state": self.state.value,
            "acts": list(self.acts),
            "frequency": self.frequency,
            "also": self.words,
            "ending": self.ending.value if self.ending else None,
        }


def find_pair(session: Session, *, pair_id: int, hold: bool = False) -> Pair | None:
    """Return the pair; with ``hold`` its row is kept until the end of the transaction."""
    statement = _pairs().where(pair.c.id == pair_id)
    row = session.find(statement.with_for_update(of=pair) if hold else statement)
    return as_pair(session, row) if row is not None else None


def get_pair(session: Session, *, pair_id: int, hold: bool = False) -> Pair:
    """Return the pair; one that does not exist is answered like one out of reach."""
    found = find_pair(session, pair_id=pair_id, hold=hold)
    if found is None:
        raise NotAllowed
    return found


def select_pairs() -> Select[Any]:
    """Pairs with the names that belong to them."""
    return _pairs()


def as_pair(session: Session, row: Row[Any]) -> Pair:
    """Return the pair in a row of ``select_pairs``."""
    yes = {Side.RESIDENT: row.resident_yes_at, Side.HELPER: row.helper_yes_at}
    return Pair(
        id=row.id,
        uid=row.uid,
        kind=Kind(row.kind),
        household_id=row.household_id,
        resident_id=row.resident_id,
        resident=row.resident,
        helper_id=row.helper_id,
        organisation_id=row.organisation_id,
        helper=row.helper or row.organisation or "",
        state=PairState(row.state),
        acts=tuple(one for one in row.acts.split(",") if one),
        frequency=row.frequency,
        words=_words(session, row),
        said_yes=frozenset(side for side, at in yes.items() if at is not None),
        agreed_at=row.agreed_at,
        file_id=row.file_id,
        due_at=row.due_at,
        asked=row.asked,
        sign_at=row.sign_at,
        keeper_id=row.keeper_id,
        keeper=row.keeper,
        created_at=row.created_at,
        ended_at=row.ended_at,
        ending=Ending(row.ended_reason) if row.ended_reason else None,
        version=row.version,
    )


def change_pair(session: Session, one: Pair, values: Mapping[str, object]) -> Pair:
    """Change a pair if it is still as it was read, and return it as it is now."""
    changed = session.change(
        update(pair)
        .where(pair.c.id == one.id, pair.c.version == one.version, pair.c.state == one.state.value)
        .values(**values, version=one.version + 1)
    )
    if changed != 1:
        raise TooLate
    return get_pair(session, pair_id=one.id)


def of_same(one: Pair) -> ColumnElement[bool]:
    """Condition: pairs that are as good, a neighbour for the household, a tie for the person."""
    whom = (
        pair.c.resident_id == one.resident_id
        if one.is_tie
        else pair.c.household_id == one.household_id
    )
    return and_(whom, pair.c.kind == one.kind.value)


def side_of(session: Session, one: Pair, actor: Person) -> tuple[Side, str] | None:
    """Return for which side somebody speaks and on what ground; None for neither.

    Whoever would help has no part in it before the household said yes: nobody asked them.
    """
    if actor.id == one.helper_id:
        return (Side.HELPER, "self") if Side.RESIDENT in one.said_yes else None
    if actor.id == one.resident_id:
        return Side.RESIDENT, "self"
    if actor.id in list_guardians(session, person_id=one.resident_id):
        return Side.RESIDENT, "guardian"
    if one.organisation_id is not None and actor.organisation_id == one.organisation_id:
        return Side.HELPER, "staff"
    return None


def list_side(session: Session, one: Pair, side: Side, *, now: datetime) -> list[int]:
    """Whom one side's messages go to: the person, their guardians, an organisation's staff."""
    if side is Side.HELPER:
        if one.helper_id is not None:
            return [one.helper_id]
        staff = select(role.c.person_id).where(
            role.c.organisation_id == one.organisation_id,
            role.c.kind == "coordinator",
            role.c.state == "approved",
        )
        return sorted(session.execute(staff).scalars())
    guardians = list_guardians(session, person_id=one.resident_id)
    if guardians and is_known_child(session, now=now, person_id=one.resident_id):
        return guardians
    return [one.resident_id, *guardians]


def is_by_chat(session: Session, one: Pair, side: Side, *, now: datetime) -> bool:
    """Whether anybody of a side can be written to."""
    found = [find_person(session, person_id=who) for who in list_side(session, one, side, now=now)]
    return any(who is not None and who.telegram_id is not None for who in found)


def check_staff_of(session: Session, one: Pair, actor: Person) -> None:
    """Raise NotAllowed unless the actor is staff who see the resident, or who made the tie.

    A child's tie with a school is known to that school and the office alone (2020-116, 3 (三)).
    """
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    if _is_organiser(session, one, actor):
        return
    if one.kind is Kind.STUDY and not actor.is_office:
        raise NotAllowed
    check_sees(session, actor=actor, person_id=one.resident_id)


def check_keeps(session: Session, one: Pair, actor: Person) -> None:
    """Raise NotAllowed unless the actor is staff of the pair, or made it and may look after it."""
    if actor.id != one.keeper_id or not may_keep(session, one, actor):
        check_staff_of(session, one, actor)


def may_keep(session: Session, one: Pair, actor: Person) -> bool:
    """Whether somebody who made a pair may still look after it."""
    if not actor.is_approved("coordinator"):
        return False
    if (
        _is_organiser(session, one, actor)
        or actor.organisation_id == one.organisation_id is not None
    ):
        return True
    office = one.kind is not Kind.STUDY or actor.is_office
    return office and sees(session, actor=actor, person_id=one.resident_id)


def _is_organiser(session: Session, one: Pair, actor: Person) -> bool:
    """Whether they work for the association that brought the two together."""
    if one.kind is not Kind.MUTUAL or actor.organisation_id is None:
        return False
    made = select(tie.c.pair_id).where(
        tie.c.pair_id == one.id, tie.c.organiser_id == actor.organisation_id
    )
    return session.find(made) is not None


def keepers_of(session: Session, one: Pair) -> list[int]:
    """Who looks after a pair now: its keeper, or who answers for the resident since they left."""
    keeper = find_person(session, person_id=one.keeper_id)
    there = keeper is not None and keeper.telegram_id is not None
    if there and keeper is not None and may_keep(session, one, keeper):
        return [keeper.id]
    about = None if one.kind is Kind.STUDY else one.resident_id
    staff = list_staff_of(session, person_id=about, reachable=True)
    return [who for who, _ in staff]


def note_pair(
    session: Session,
    one: Pair,
    *,
    now: datetime,
    what: str,
    actor_id: int | None,
    ground: str = "",
    detail: str = "",
) -> None:
    """Write down what was done with a pair."""
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=one.resident_id,
        thing="pair",
        thing_id=one.id,
        ground=ground,
        detail=detail,
    )


def _words(session: Session, row: Row[Any]) -> str | None:
    if row.words is None:
        return None
    return session.vault.unseal(row.words, place=f"pair.words:{row.uid}") or None


def _pairs() -> Select[Any]:
    resident = person
    return (
        select(
            pair,
            resident.c.name.label("resident"),
            _helper.c.name.label("helper"),
            organisation.c.name.label("organisation"),
            _keeper.c.name.label("keeper"),
        )
        .join(resident, resident.c.id == pair.c.resident_id)
        .join(_keeper, _keeper.c.id == pair.c.keeper_id)
        .outerjoin(_helper, _helper.c.id == pair.c.helper_id)
        .outerjoin(organisation, organisation.c.id == pair.c.organisation_id)
    )
