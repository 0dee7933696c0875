"""What a row means for the register: somebody new, a change, the same again, or not to be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from storage.database import Session
from storage.entries import find_like, load_entries
from storage.imports.values import find_changes, open_values
from storage.people import Person
from storage.rules.fields import Register
from storage.rules.importing.cells import Reason
from storage.rules.importing.rows import Values
from storage.rules.same_person import Entry, find_likeness, is_same
from storage.scope import seen_communities
from storage.tables import community, person, role


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a row: the state it gets, whom it is about, and what it changes."""

    state: str
    person_id: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    old: Values = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)


def list_own_communities(session: Session, *, actor: Person) -> frozenset[int]:
    """The communities whose people the actor may write."""
    rows = session.all(select(community.c.id).where(seen_communities(actor, community.c.id)))
    return frozenset(row.id for row in rows)


def as_entry(session: Session, values: Values) -> Entry:
    """A row as it is compared with people."""
    phone, number = values.get("phone"), values.get("certificate_number")
    fingerprint = session.vault.fingerprint
    home = values.get("community")
    return Entry(
        name=str(values["name"]),
        community_id=home if isinstance(home, int) else None,
        phone_key=fingerprint(phone, field="phone") if isinstance(phone, str) else None,
        certificate_keys=frozenset(
            {fingerprint(number, field="certificate")} if isinstance(number, str) else ()
        ),
        born_on=_text(values.get("born_on")),
        sex=_text(values.get("sex")),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def judge(
    session: Session,
    *,
    actor: Person,
    register: Register,
    own: frozenset[int],
    rows: Sequence[Values],
) -> list[Verdict]:
    """Judge rows that could be read, together: one look at the register for all of them."""
    entries = [as_entry(session, values) for values in rows]
    likes = find_like(session, entries=entries)
    everybody = {one for like in likes for one in like}
    known = load_entries(session, person_ids=everybody)
    surely = {
        one
        for entry, like in zip(entries, likes, strict=True)
        for one in like
        if is_same(entry, known[one])
    }
    there = _There(
        known=known,
        present=open_values(session, register=register, person_ids=surely),
        chats=_list_chats(session, surely),
        listed=_list_holders(session, register, surely),
    )
    return [
        _judge(actor, register, own, values, entry, like, there)
        for values, entry, like in zip(rows, entries, likes, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _There:
    """What the register knows of everybody who could be meant."""

    known: Mapping[int, Entry]
    present: Mapping[int, Values]
    chats: frozenset[int]
    listed: frozenset[int]


def _judge(
    actor: Person,
    register: Register,
    own: frozenset[int],
    values: Values,
    entry: Entry,
    like: Sequence[int],
    there: _There,
) -> Verdict:
    known = there.known
    outside = _outside(actor, own, entry.community_id)
    if outside is not None:
        return Verdict("bad", reasons=[outside])
    same = [one for one in like if is_same(entry, known[one])]
    carded = [one for one in like if entry.certificate_keys & known[one].certificate_keys]
    if carded and not set(carded) & set(same):
        mine = _outside(actor, own, known[carded[0]].community_id) is None
        name = known[carded[0]].name if mine else None
        return Verdict("bad", reasons=[Reason("certificate_of_another", {"name": name})])
    meant = [one for one in same if one in carded] or same
    if len(meant) > 1:
        return Verdict("bad", reasons=[Reason("several_people", {"count": len(meant)})])
    if not meant:
        likely = any(find_likeness(entry, known[one]) is not None for one in like)
        return Verdict("duplicate" if likely else "new")
    person_id = meant[0]
    if _outside(actor, own, known[person_id].community_id) is not None:
        return Verdict("bad", reasons=[Reason("registered_elsewhere")])
    old = there.present[person_id]
    changes = find_changes(register, new=values, old=old, uses_chat=person_id in there.chats)
    is_same_again = not changes and person_id in there.listed
    return Verdict("same" if is_same_again else "changed", person_id, changes, old)


def _outside(actor: Person, own: frozenset[int], community_id: int | None) -> Reason | None:
    """Whoever has no community is the office's."""
    if community_id is None:
        return None if actor.is_office else Reason("community_missing")
    return None if community_id in own else Reason("community_not_yours")


def _list_chats(session: Session, person_ids: set[int]) -> frozenset[int]:
    rows = session.all(
        select(person.c.id).where(person.c.id.in_(person_ids), person.c.telegram_id.is_not(None))
    )
    return frozenset(row.id for row in rows)


def _list_holders(session: Session, register: Register, person_ids: set[int]) -> frozenset[int]:
    rows = session.all(
        select(role.c.person_id).where(
            role.c.person_id.in_(person_ids),
            role.c.kind == register.value,
            role.c.state == "approved",
        )
    )
    return frozenset(row.person_id for row in rows)
