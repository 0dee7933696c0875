"""The seven actions and who answers for each; the office changes owners and names."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.tables import action, organisation, organisation_kind


@dataclass(frozen=True, slots=True)
class Action:
    """One action; ``owner`` is an organisation's name, or a kind's when each of it answers."""

    key: str
    name: str
    owner: str
    by_kind: bool
    version: int


def list_actions(session: Session) -> list[Action]:
    """List the actions in the programme's order."""
    rows = session.all(
        select(
            action,
            organisation.c.name.label("organisation"),
            organisation_kind.c.name.label("kind"),
        )
        .outerjoin(organisation, organisation.c.id == action.c.owner_id)
        .outerjoin(organisation_kind, organisation_kind.c.key == action.c.owner_kind)
        .order_by(action.c.position)
    )
    return [
        Action(row.key, row.name, row.organisation or row.kind, row.owner_id is None, row.version)
        for row in rows
    ]


def set_owner(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    key: str,
    version: int,
    organisation_id: int | None = None,
    kind: str | None = None,
) -> None:
    """Say who answers for an action: one organisation, or each of a kind."""
    if not actor.is_office or (organisation_id is None) == (kind is None):
        raise NotAllowed
    changed = session.change(
        update(action)
        .where(action.c.key == key, action.c.version == version)
        .values(owner_id=organisation_id, owner_kind=kind, version=version + 1)
    )
    if changed == 0:
        raise TooLate
    note(
        session,
        now=now,
        what="action_owner_set",
        actor_id=actor.id,
        thing="organisation" if organisation_id else None,
        thing_id=organisation_id,
        detail=key,
    )
