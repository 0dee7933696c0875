"""The dates that stand in data files: doctor says in good time when a table comes to its end."""

from datetime import date, timedelta

from bot.commands.finding import Finding
from storage.rules.holidays import HOLIDAYS
from storage.rules.tiers import LUNAR

# Time enough for a release with more dates.
SAID_BEFORE = timedelta(days=365)


def examine_calendars(today: date) -> Finding:
    """Until when festivals by the lunar calendar, and holidays without a notice, are known."""
    tables = {
        "tiers.toml": min(max(days) for days in LUNAR.values()),
        "holidays.toml": max(HOLIDAYS.moving),
    }
    ends = min(tables.values())
    if ends - today > SAID_BEFORE:
        return Finding("festival dates", True, f"known until {ends}")
    short = ", ".join(name for name, day in tables.items() if day - today <= SAID_BEFORE)
    says = f"known until {ends} only; add the next years to storage/rules/data: {short}"
    return Finding("festival dates", False, says)
