"""Figures of needs for any stretch of days: counted, fit for who sees them, made as a paper."""

from storage.figures.asking import KIND, ask_for_figures, check_figures, note_figures, period_in
from storage.figures.counting import Counts, count_needs, count_stated
from storage.figures.showing import MEASURES, STANDS, Shown, show_counts

__all__ = [
    "KIND",
    "MEASURES",
    "STANDS",
    "Counts",
    "Shown",
    "ask_for_figures",
    "check_figures",
    "count_needs",
    "count_stated",
    "note_figures",
    "period_in",
    "show_counts",
]
