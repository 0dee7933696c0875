"""Opening sealed columns for the copy, each by its listed place."""

from typing import Any

from sqlalchemy import Row

from storage.database import Session
from storage.sealed import SEALED


def opened(session: Session, table: str, column: str, row: Row[Any]) -> str | None:
    """Open one sealed column of a row by its listed place."""
    value = row._mapping[column]
    if value is None:
        return None
    one = next(one for one in SEALED if (one.table, one.column) == (table, column))
    return session.vault.unseal(value, place=one.place_of(row._mapping))
