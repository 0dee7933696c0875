"""Looking at rounds: coverage by community at any moment, and the replies to the own questions."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select

from storage.database import Session
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.surveys import AnswerState
from storage.scope import seen_people
from storage.surveys.rows import (
    fields_in,
    get_round_row,
    may_manage,
    open_sealed,
    questions_in,
)
from storage.tables import community, person, survey_answer, survey_round

LISTED = 8
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a round is among some people."""

    people: int
    answered: int
    refused: int
    not_reached: int

    @property
    def outstanding(self) -> int:
        """Whoever has neither said yes nor no, and was not missed by staff either."""
        return self.people - self.answered - self.refused - self.not_reached

    @property
    def percent(self) -> int:
        """How many of a hundred have answered, rounded down: all is said only of all."""
        return self.answered * 100 // self.people if self.people else 0


@dataclass(frozen=True, slots=True)
class Place:
    """One community's part of a round; no name: those who live in none."""

    id: int | None
    name: str | None
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Tally:
    """What was replied to one of the office's own questions."""

    question: str
    yes: int
    no: int


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in the list."""

    id: int
    title: str
    state: str
    closes_at: datetime
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Round:
    """A round as its staff see it: of their own people only."""

    id: int
    title: str
    kind: str
    state: str
    version: int
    closes_at: datetime
    reminders: int
    fields: int
    by_chat: int
    coverage: Coverage
    places: tuple[Place, ...]
    tallies: tuple[Tally, ...]
    manages: bool


def list_rounds(session: Session, *, actor: Person) -> list[RoundLine]:
    """List the newest rounds in which anybody is asked whom the actor sees; open ones first."""
    _check(actor)
    rows = session.all(
        select(survey_round, *_counts())
        .join(survey_answer, survey_answer.c.round_id == survey_round.c.id)
        .join(person, person.c.id == survey_answer.c.person_id)
        .where(seen_people(actor))
        .group_by(survey_round.c.id)
        .order_by(survey_round.c.state.desc(), survey_round.c.id.desc())
        .limit(LISTED)
    )
    return [
        RoundLine(row.id, row.title, row.state, row.closes_at, _coverage([row])) for row in rows
    ]


def get_round(session: Session, *, actor: Person, round_id: int) -> Round:
    """Return a round with its figures; raises NotAllowed when nobody in it is theirs to see."""
    _check(actor)
    row = get_round_row(session, round_id)
    counted = session.all(
        select(community.c.id, community.c.name, *_counts())
        .select_from(survey_answer)
        .join(person, person.c.id == survey_answer.c.person_id)
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(survey_answer.c.round_id == round_id, seen_people(actor))
        .group_by(community.c.id, community.c.name, community.c.position)
        .order_by(community.c.position.is_(None), community.c.position)
    )
    if not counted:
        raise NotAllowed
    return Round(
        id=row.id,
        title=row.title,
        kind=row.kind,
        state=row.state,
        version=row.version,
        closes_at=row.closes_at,
        reminders=row.reminders,
        fields=len(fields_in(row)),
        by_chat=sum(one.by_chat for one in counted),
        coverage=_coverage(counted),
        places=tuple(Place(one.id, one.name, _coverage([one])) for one in counted),
        tallies=_tally(session, actor=actor, row=row),
        manages=may_manage(session, actor=actor, row=row),
    )


def _check(actor: Person) -> None:
    if not actor.is_approved("coordinator"):
        raise NotAllowed


def _counts() -> tuple[ColumnElement[int], ...]:
    states = {
        state.value: _sum(survey_answer.c.state == state.value).label(state.value)
        for state in (AnswerState.ANSWERED, AnswerState.REFUSED, AnswerState.NOT_REACHED)
    }
    return (
        func.count().label("people"),
        _sum(survey_answer.c.by_chat).label("by_chat"),
        *states.values(),
    )


def _sum(condition: ColumnElement[Any]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _coverage(rows: Any) -> Coverage:
    return Coverage(
        people=sum(row.people for row in rows),
        answered=sum(row.answered for row in rows),
        refused=sum(row.refused for row in rows),
        not_reached=sum(row.not_reached for row in rows),
    )


def _tally(session: Session, *, actor: Person, row: Row[Any]) -> tuple[Tally, ...]:
    """Count the replies to the own questions: each person's last word on each."""
    questions = questions_in(row)
    if not questions:
        return ()
    said: Counter[tuple[str, str]] = Counter()
    after = 0
    while True:
        rows = session.all(
            select(survey_answer)
            .join(person, person.c.id == survey_answer.c.person_id)
            .where(survey_answer.c.round_id == row.id, seen_people(actor))
            .where(survey_answer.c.answers.is_not(None), survey_answer.c.id > after)
            .order_by(survey_answer.c.id)
            .limit(CHUNK)
        )
        for one in rows:
            last: dict[str, str] = {}
            for handed_in in open_sealed(session, one, "answers"):
                last |= handed_in["replies"]
            said.update(last.items())
        if len(rows) < CHUNK:
            break
        after = rows[-1].id
    return tuple(
        Tally(question, said[str(at), "yes"], said[str(at), "no"])
        for at, question in enumerate(questions)
    )
