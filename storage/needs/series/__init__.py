"""Services that recur: made, changed, paused and ended; their visits are made some days ahead."""

from storage.needs.series.cards import (
    Missed,
    Series,
    Visit,
    find_series,
    get_series,
    get_series_for,
    list_missed,
    list_series,
    list_series_of,
    list_visits,
)
from storage.needs.series.changing import (
    end_series,
    leave_series,
    move_series,
    pause_series,
    resume_series,
    skip_visit,
)
from storage.needs.series.making import Recurring, make_series
from storage.needs.series.refusals import SeriesOver
from storage.needs.series.visiting import make_visits, next_visit_due_at

__all__ = [
    "Missed",
    "Recurring",
    "Series",
    "SeriesOver",
    "Visit",
    "end_series",
    "find_series",
    "get_series",
    "get_series_for",
    "leave_series",
    "list_missed",
    "list_series",
    "list_series_of",
    "list_visits",
    "make_series",
    "make_visits",
    "move_series",
    "next_visit_due_at",
    "pause_series",
    "resume_series",
    "skip_visit",
]
