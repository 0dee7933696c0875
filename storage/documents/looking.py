"""Looking documents up: what is in force today, what comes, and what was said before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from storage.database import Session
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.documents import in_force
from storage.tables import document, edition, organisation, person

READERS = ("coordinator", "leading_group", "volunteer")


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition as it was kept."""

    id: int
    number: int
    title: str
    reference: str
    text: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class Document:
    """A document with the edition in force; without one, it only comes into force later."""

    id: int
    kind: str
    topic: str | None
    is_basis: bool
    state: str
    organisation: str | None
    owner: str | None
    version: int
    current: Edition | None
    editions: tuple[Edition, ...]

    @property
    def newest(self) -> Edition:
        """The edition kept last, in force or not yet."""
        return self.editions[-1]


@dataclass(frozen=True, slots=True)
class Line:
    """A document in a list."""

    id: int
    kind: str
    topic: str | None
    title: str
    reference: str


def list_documents(
    session: Session, *, actor: Person, today: date, withdrawn: bool = False
) -> list[Line]:
    """List what is in force, basis documents first; for the office also what is withdrawn."""
    _check(actor)
    state = "withdrawn" if withdrawn and actor.is_office else "kept"
    rows = session.all(
        select(document)
        .where(document.c.state == state)
        .order_by(document.c.is_basis.desc(), document.c.kind, document.c.topic, document.c.id)
    )
    said = _editions(session, [row.id for row in rows])
    lines: list[Line] = []
    for row in rows:
        # What only comes into force is the office's to know, so that it can be corrected.
        shown = in_force(said[row.id], today) or (said[row.id][-1] if actor.is_office else None)
        if shown is not None:
            lines.append(Line(row.id, row.kind, row.topic, shown.title, shown.reference))
    return lines


def get_document(session: Session, *, actor: Person, document_id: int, today: date) -> Document:
    """Return a document with all its editions; raises NotAllowed when it is not theirs to see."""
    _check(actor)
    row = session.find(
        select(document, organisation.c.name.label("organisation"), person.c.name.label("owner"))
        .outerjoin(organisation, organisation.c.id == document.c.organisation_id)
        .outerjoin(person, person.c.id == document.c.owner_id)
        .where(document.c.id == document_id)
    )
    if row is None or (row.state != "kept" and not actor.is_office):
        raise NotAllowed
    editions = _editions(session, [row.id])[row.id]
    current = in_force(editions, today)
    if current is None and not actor.is_office:
        raise NotAllowed
    return Document(
        id=row.id,
        kind=row.kind,
        topic=row.topic,
        is_basis=row.is_basis,
        state=row.state,
        organisation=row.organisation,
        owner=row.owner,
        version=row.version,
        current=current,
        editions=tuple(editions),
    )


def _check(actor: Person) -> None:
    if not any(actor.is_approved(kind) for kind in READERS):
        raise NotAllowed


def _editions(session: Session, ids: Sequence[int]) -> defaultdict[int, list[Edition]]:
    found: defaultdict[int, list[Edition]] = defaultdict(list)
    rows = session.all(
        select(edition).where(edition.c.document_id.in_(ids)).order_by(edition.c.number)
    )
    for row in rows:
        found[row.document_id].append(
            Edition(
                id=row.id,
                number=row.number,
                title=row.title,
                reference=row.reference,
                text=row.text,
                effective_on=row.effective_on,
            )
        )
    return found
