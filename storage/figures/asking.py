"""Asking for figures of a period: who may, of which days; made as a paper beside everything."""

from datetime import datetime

from storage.database import Session
from storage.journal import note
from storage.papers import ask_for_paper
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.periods import Period, Stretch, period_of
from storage.scope import readers_view

NEEDS, CALLS = "need_figures", "call_figures"


def check_figures(session: Session, *, actor: Person, stretch: Stretch) -> Person:
    """Return the actor with the scope in which figures count; raises NotAllowed.

    Whoever sees no people chooses whole stretches only: of single days they could subtract one
    from the other.
    """
    reader = readers_view(session, actor=actor)
    if actor.scope is None and stretch is Stretch.DATES:
        raise NotAllowed
    return reader


def ask_for_figures(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    stretch: Stretch,
    period: Period | None = None,
    kind: str = NEEDS,
) -> int:
    """Queue the figures of a stretch that today lies in, or of typed days; returns the job's id."""
    check_figures(session, actor=actor, stretch=stretch)
    if period is None:
        period = period_of(stretch, session.house.local(now).date())
    facts = {"stretch": stretch.value, "first": f"{period.first}", "last": f"{period.last}"}
    return ask_for_paper(session, now=now, actor=actor, kind=kind, facts=dict(facts))


def period_in(facts: dict[str, str]) -> tuple[Stretch, Period]:
    """What was asked for, read back."""
    return Stretch(facts["stretch"]), Period.read(facts["first"], facts["last"])


def note_figures(session: Session, *, now: datetime, actor_id: int, period: Period) -> None:
    """Journal that figures went out; they hold nobody's name."""
    note(
        session,
        now=now,
        what="figures_made",
        actor_id=actor_id,
        detail=f"{period.first} {period.last}",
    )
