"""What waits for the office of lists, rounds and sites."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select, text

from storage.people import Person
from storage.scope import seen_through
from storage.tables import import_batch, organisation, rehab_site, survey_answer, survey_round

CLOSES_SOON = timedelta(days=7)


def count_imports(actor: Person, now: datetime) -> Select[int, Any]:
    """Lists that were read and wait for a decision."""
    return select(func.count(), func.min(import_batch.c.created_at)).where(
        # The condition of the index, then the two that wait.
        text("import_batch.state NOT IN ('undone', 'dropped', 'refused')"),
        import_batch.c.state.in_(("choosing", "staged")),
        import_batch.c.scope.startswith(actor.scope or "-", autoescape=True),
    )


def count_rounds(actor: Person, now: datetime) -> Select[int, Any]:
    """Survey rounds that close soon while somebody in sight has not answered."""
    lacking = exists().where(
        survey_answer.c.round_id == survey_round.c.id,
        survey_answer.c.state == "outstanding",
        seen_through(actor, survey_answer.c.person_id),
    )
    return select(func.count(), func.min(survey_round.c.closes_at)).where(
        survey_round.c.next_step_at.is_not(None),
        survey_round.c.closes_at <= now + CLOSES_SOON,
        lacking,
    )


def count_guidance(actor: Person, now: datetime) -> Select[int, Any]:
    """Rehabilitation stations whose guidance visit is overdue."""
    site = organisation.alias("site")
    return select(func.count(), func.min(rehab_site.c.created_at)).where(
        rehab_site.c.next_on < now.date(),
        site.c.id == rehab_site.c.organisation_id,
        site.c.active,
        site.c.path.startswith(actor.scope or "-", autoescape=True),
    )
