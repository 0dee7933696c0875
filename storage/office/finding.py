"""Finding a person: by name, phone or community, page by page, within the asker's sight.

Each page stands on one index, (name, id) or (community, name, id), so its cost does not grow with
the register; the next page begins behind the last name shown (keyset), never at an offset.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, true, tuple_, update

from storage.communities import Community, list_communities
from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.finding import LAST, Asked, name_of, read_asked
from storage.scope import seen_people
from storage.tables import (
    community,
    disability_certificate,
    household,
    household_member,
    organisation,
    person,
    role,
    search,
)

PAGE = 8
KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody found, as a line shows them: no phone, no number."""

    person_id: int
    name: str
    community: str | None  # with the group
    roles: list[str]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of those found; ``after`` is the last of them when there are more."""

    hits: list[Hit]
    after: int | None
    version: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What to look for: a condition on people, and the name from which they are listed."""

    kind: str
    where: ColumnElement[bool]
    name: str = ""


def find_people(session: Session, *, now: datetime, actor: Person, words: str) -> Page | None:
    """Return the first page of those whom the words mean; None when they mean nothing.

    The journal keeps what kind of search it was and how many it found, never the words.
    """
    _check(actor)
    asked = read_asked(words)
    if asked is None:
        return None
    version = _keep(session, now=now, actor=actor, words=words)
    wanted = _wanted(session, asked)
    page = _page(session, actor=actor, wanted=wanted, after=None, version=version)
    found = f"{len(page.hits)}{'+' if page.after else ''}"
    outside = "" if page.hits or not _is_outside(session, wanted) else " outside"
    detail = f"{wanted.kind} {found}{outside}"
    note(session, now=now, what="people_searched", actor_id=actor.id, detail=detail)
    return page


def next_page(session: Session, *, actor: Person, after: int, version: int) -> Page:
    """Return the page behind ``after``; raises TooLate when something else was searched since."""
    _check(actor)
    row = session.find(
        select(search).where(search.c.person_id == actor.id, search.c.version == version)
    )
    if row is None or row.words is None:
        raise TooLate
    asked = read_asked(session.vault.unseal(row.words, place=f"search.words:{row.uid}"))
    if asked is None:
        raise TooLate
    wanted = _wanted(session, asked)
    return _page(session, actor=actor, wanted=wanted, after=after, version=version)


def forget_searches(session: Session, *, now: datetime) -> None:
    """Wipe the words of searches that nobody pages through any more."""
    session.change(
        update(search)
        .where(search.c.words.is_not(None), search.c.at < now - KEPT)
        .values(words=None)
    )


def _check(actor: Person) -> None:
    if not actor.is_approved("coordinator"):
        raise NotAllowed


def _keep(session: Session, *, now: datetime, actor: Person, words: str) -> int:
    row = session.find(select(search.c.uid, search.c.version).where(search.c.person_id == actor.id))
    uid = row.uid if row else secrets.token_hex(16)
    version = row.version + 1 if row else 1
    values = {
        "words": session.vault.seal(words, place=f"search.words:{uid}"),
        "at": now,
        "version": version,
    }
    if row is None:
        session.execute(insert(search), values | {"person_id": actor.id, "uid": uid})
    else:
        session.change(update(search).where(search.c.person_id == actor.id).values(**values))
    return version


def _wanted(session: Session, asked: Asked) -> _Wanted:
    if asked.phone is not None:
        key = session.vault.fingerprint(asked.phone, field="phone")
        return _Wanted("phone", person.c.phone_key == key)
    if asked.numbers:
        keys = [session.vault.fingerprint(one, field="certificate") for one in asked.numbers]
        holds = select(disability_certificate.c.person_id)
        holds = holds.where(disability_certificate.c.number_key.in_(keys))
        return _Wanted("number", person.c.id.in_(holds))
    return _by_words(session, asked)


def _by_words(session: Session, asked: Asked) -> _Wanted:
    """One of the words may name a community; the rest is the beginning of a name."""
    places = list_communities(session, hidden=True)
    home = next((one for word in asked.words for one in _meant(places, word)), None)
    rest = tuple(word for word in asked.words if home is None or home not in _meant(places, word))
    where: ColumnElement[bool] = true()
    kind = ["name"] if rest else []
    if asked.groups:
        where, kind = household.c.group_code.in_(asked.groups), ["group", *kind]
    if home is not None:
        where, kind = where & (person.c.community_id == home.id), ["community", *kind]
    return _Wanted(" ".join(kind), where, name_of(rest) if rest else "")


def _meant(places: list[Community], word: str) -> list[Community]:
    """The community of this name, also without its last sign: 青山 is 青山村."""
    exact = [one for one in places if one.name == word]
    begun = [one for one in places if len(word) > 1 and one.name.startswith(word)]
    return exact or (begun if len(begun) == 1 else [])


def _people() -> Select[Any]:
    return (
        select(
            person.c.id,
            person.c.name,
            community.c.name.label("community"),
            household.c.group_code.label("group_code"),
        )
        .outerjoin(community, community.c.id == person.c.community_id)
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(household, household.c.id == household_member.c.household_id)
    )


def _where(row: Row[Any]) -> str | None:
    """The community and the group, as one; nothing that leads to a door."""
    return f"{row.community or ''}{row.group_code or ''}" or None


def _page(
    session: Session, *, actor: Person, wanted: _Wanted, after: int | None, version: int
) -> Page:
    rows = session.all(
        _people()
        # No plain "is null": SQLite took its index, read everybody and sorted them by name.
        .where(func.coalesce(person.c.merged_into, 0) == 0)
        .where(wanted.where, _behind(session, wanted, after), _seen(session, actor))
        .order_by(person.c.name, person.c.id)
        .limit(PAGE + 1)
    )
    shown = rows[:PAGE]
    roles = _roles(session, [row.id for row in shown])
    hits = [Hit(row.id, row.name, _where(row), roles.get(row.id, [])) for row in shown]
    return Page(hits, hits[-1].person_id if len(rows) > PAGE else None, version)


def _seen(session: Session, actor: Person) -> ColumnElement[bool]:
    """Whom the actor sees; of one community, so that its own index gives them in their order."""
    if actor.is_office or actor.scope is None:
        return seen_people(actor)
    homes = session.all(
        select(organisation.c.community_id)
        .where(organisation.c.community_id.is_not(None))
        .where(organisation.c.path.startswith(actor.scope, autoescape=True))
        .limit(2)
    )
    return person.c.community_id == homes[0][0] if len(homes) == 1 else seen_people(actor)


def _behind(session: Session, wanted: _Wanted, after: int | None) -> ColumnElement[bool]:
    """From where in the order of names, and up to where."""
    until = person.c.name < wanted.name + LAST if wanted.name else true()
    if after is None:
        return (person.c.name >= wanted.name) & until if wanted.name else true()
    last = session.value(select(person.c.name).where(person.c.id == after))
    if last is None:
        raise TooLate
    return (tuple_(person.c.name, person.c.id) > (last, after)) & until


def _roles(session: Session, ids: list[int]) -> dict[int, list[str]]:
    rows = session.all(
        select(role.c.person_id, role.c.kind)
        .where(role.c.person_id.in_(ids), role.c.state.in_(("waiting", "approved")))
        .order_by(role.c.id)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.kind)
    return found


def _is_outside(session: Session, wanted: _Wanted) -> bool:
    """Whether somebody is meant whom the actor does not see: the journal says so, nobody else."""
    anybody = _people().where(wanted.where, _behind(session, wanted, None)).limit(1)
    return session.find(anybody) is not None
