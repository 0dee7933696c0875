"""Asking for an export: who may, of whom, how many; and the journal of what went out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.database import Session
from storage.exports.choosing import Choice
from storage.exports.residents import list_residents
from storage.exports.rows import whom
from storage.journal import note
from storage.papers import ask_for_paper
from storage.people import Person
from storage.refusals import NotAllowed, Refusal
from storage.rules.fields import Register
from storage.rules.weeks import FEW
from storage.scope import readers_view, seen_communities
from storage.tables import community

PAPERS = {Register.RESIDENT: "residents", Register.VOLUNTEER: "volunteers"}
FIGURES = "figures"
# More would have to be opened than an answer may take; beyond it is said how many there can be.
SIFTED_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Count:
    """How many people an export holds; not ``exact``: at most so many."""

    people: int
    exact: bool


class NobodyToExport(Refusal):
    """Nobody fits the conditions."""

    key = "nobody_to_export"


def check_export(session: Session, *, actor: Person, choice: Choice) -> Person:
    """Return the reader as seen by the scope; raises NotAllowed."""
    reader = readers_view(session, actor=actor)
    if actor.scope is None and choice.columns != FIGURES:
        raise NotAllowed
    asked = set(choice.communities)
    theirs = session.all(
        select(community.c.id).where(
            community.c.id.in_(asked), seen_communities(reader, community.c.id)
        )
    )
    if asked - {row.id for row in theirs}:
        raise NotAllowed
    return reader


def count_export(session: Session, *, now: datetime, actor: Person, choice: Choice) -> Count:
    """Count whom it would hold; to those who see figures alone a few are only "at most so many".

    By community, category and grade together a small number points to somebody.
    """
    reader = check_export(session, actor=actor, choice=choice)
    counted = _count(session, now=now, reader=reader, choice=choice)
    if actor.scope is None and 0 < counted.people < FEW:
        return Count(FEW, exact=False)
    return counted


def _count(session: Session, *, now: datetime, reader: Person, choice: Choice) -> Count:
    meant = whom(reader, choice).subquery()
    people = int(session.value(select(func.count()).select_from(meant)) or 0)
    if not choice.sifts or not people:
        return Count(people, exact=True)
    if people > SIFTED_AT_ONCE:
        return Count(people, exact=False)
    page = list_residents(
        session, now=now, actor=reader, choice=choice, after=0, limit=SIFTED_AT_ONCE
    )
    return Count(len(page.rows), exact=True)


def ask_for_export(session: Session, *, now: datetime, actor: Person, choice: Choice) -> int:
    """Queue the export and return the job's id; raises NotAllowed or NobodyToExport."""
    check_export(session, actor=actor, choice=choice)
    if count_export(session, now=now, actor=actor, choice=choice).people == 0:
        raise NobodyToExport
    kind = PAPERS[choice.register]
    return ask_for_paper(session, now=now, actor=actor, kind=kind, facts=choice.as_facts())


def note_export(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    choice: Choice,
    people: Mapping[int | None, int],
    job_id: int,
) -> None:
    """Journal what went out: a row for each community and not for each person.

    Thirty thousand rows at each export would bury the looks at single people; by the community a
    person still sees that, when and by whom the register they stand in was handed out.
    """
    for community_id, count in people.items():
        note(
            session,
            now=now,
            what="register_exported",
            actor_id=actor_id,
            thing="community",
            thing_id=community_id,
            ground=f"office_job:{job_id}",
            detail=f"{choice.register.value} {choice.columns} people={count}",
        )
