"""Documents, rules and plans: kept by edition, looked up by whoever works by them."""

from storage.documents.keeping import (
    Draft,
    DraftProblem,
    add_document,
    add_edition,
    restore_document,
    withdraw_document,
)
from storage.documents.looking import Document, Edition, Line, get_document, list_documents
from storage.documents.planting import plant_documents

__all__ = [
    "Document",
    "Draft",
    "DraftProblem",
    "Edition",
    "Line",
    "add_document",
    "add_edition",
    "get_document",
    "list_documents",
    "plant_documents",
    "restore_document",
    "withdraw_document",
]
