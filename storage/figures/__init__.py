"""Figures for any stretch of days: counted, fit for who sees them, made as a paper.

Of needs, and of calls with the ladders behind them.
"""

from storage.figures.asking import (
    CALLS,
    ask_for_figures,
    check_figures,
    note_figures,
    period_in,
)
from storage.figures.calls import CALL_STANDS, IN_TIME, CallCounts, count_calls
from storage.figures.calls_shown import PAIRED, CallsShown, show_calls
from storage.figures.counting import Counts, count_needs, count_stated
from storage.figures.showing import MEASURES, STANDS, Cells, Shown, show_counts

__all__ = [
    "CALLS",
    "CALL_STANDS",
    "IN_TIME",
    "MEASURES",
    "PAIRED",
    "STANDS",
    "CallCounts",
    "CallsShown",
    "Cells",
    "Counts",
    "Shown",
    "ask_for_figures",
    "check_figures",
    "count_calls",
    "count_needs",
    "count_stated",
    "note_figures",
    "period_in",
    "show_calls",
    "show_counts",
]
