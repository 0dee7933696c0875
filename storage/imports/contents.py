"""What is kept of a row, sealed: its cells, what was read in them, and why not."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from storage.database import Session
from storage.rules.importing.cells import Cell, Reason
from storage.rules.importing.rows import Values


@dataclass(frozen=True, slots=True)
class Content:
    """A row as it came and as it was read."""

    cells: list[Cell]
    values: Values
    reasons: list[Reason] = field(default_factory=list)
    warnings: list[Reason] = field(default_factory=list)


def seal_content(session: Session, content: Content, *, uid: str) -> bytes:
    """Seal a row's content for its place."""
    whole = {
        "cells": [_cell(cell) for cell in content.cells],
        "values": content.values,
        "reasons": [_reason(reason) for reason in content.reasons],
        "warnings": [_reason(reason) for reason in content.warnings],
    }
    return _seal(session, whole, place=f"import_row.content:{uid}")


def open_content(session: Session, sealed: bytes, *, uid: str) -> Content:
    """Open a row's content."""
    whole = json.loads(session.vault.unseal(sealed, place=f"import_row.content:{uid}"))
    return Content(
        cells=whole["cells"],
        values=whole["values"],
        reasons=[Reason(*one) for one in whole["reasons"]],
        warnings=[Reason(*one) for one in whole["warnings"]],
    )


def seal_undo(session: Session, undo: dict[str, Any], *, uid: str) -> bytes:
    """Seal what there was before a row was written."""
    return _seal(session, undo, place=f"import_row.undo:{uid}")


def open_undo(session: Session, sealed: bytes, *, uid: str) -> dict[str, Any]:
    """Open what there was before."""
    opened: dict[str, Any] = json.loads(
        session.vault.unseal(sealed, place=f"import_row.undo:{uid}")
    )
    return opened


def _seal(session: Session, whole: object, *, place: str) -> bytes:
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return session.vault.seal(text, place=place)


def _cell(cell: Cell) -> str | int | float | bool | None:
    """A day goes back into the file of unread rows as it is written most plainly."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell


def _reason(reason: Reason) -> list[object]:
    return [reason.key, dict(reason.facts), reason.column]
