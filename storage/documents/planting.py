"""The basis documents that an empty register begins with."""

from datetime import datetime

from sqlalchemy import insert, select

from storage.database import Session
from storage.rules.documents import shipped_documents
from storage.tables import document, edition


def plant_documents(session: Session, *, now: datetime) -> int:
    """Put the shipped documents into a register that has none; returns how many."""
    if session.find(select(document.c.id).limit(1)) is not None:
        return 0
    shipped = shipped_documents()
    for one in shipped:
        added = session.add(
            insert(document).values(
                kind=one.kind.value, is_basis=True, state="kept", created_at=now, version=1
            )
        )
        session.execute(
            insert(edition).values(
                document_id=added,
                number=1,
                title=one.title,
                reference=one.reference,
                text=one.text,
                effective_on=one.effective_on,
                created_at=now,
            )
        )
    return len(shipped)
