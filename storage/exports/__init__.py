"""Exports of both registers: who may have which columns of whom, counted before it is made."""

from storage.exports.asking import (
    Count,
    NobodyToExport,
    ask_for_export,
    check_export,
    count_export,
    note_export,
)
from storage.exports.choosing import Choice, columns_of
from storage.exports.residents import list_residents
from storage.exports.rows import Page, Row, count_needs_by_area
from storage.exports.volunteers import list_volunteers

__all__ = [
    "Choice",
    "Count",
    "NobodyToExport",
    "Page",
    "Row",
    "ask_for_export",
    "check_export",
    "columns_of",
    "count_export",
    "count_needs_by_area",
    "list_residents",
    "list_volunteers",
    "note_export",
]
