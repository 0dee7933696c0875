"""Notices: how many go at a time, when, and how often somebody is reminded to read one."""

from datetime import datetime, timedelta

from storage.rules.sending import QuietHours

# A village's worth at a time: whoever stops a wrong notice after a minute has told few.
BATCH = 100
BETWEEN_BATCHES = timedelta(minutes=1)
REMINDERS = 2
BETWEEN_REMINDERS = timedelta(days=1)
TEXT_LIMIT = 1000
# How long a notice may be worth sending, in days, as offered.
LASTS = (3, 7, 30)


def next_batch_at(now_local: datetime, quiet: QuietHours) -> datetime:
    """When the next batch may go: it is not even queued in the quiet hours, so it can be stopped
    all night long."""
    moment = now_local + BETWEEN_BATCHES
    return quiet.end_after(moment) if quiet.covers(moment) else moment


def first_batch_at(now_local: datetime, quiet: QuietHours) -> datetime:
    """When the first batch may go."""
    return quiet.end_after(now_local) if quiet.covers(now_local) else now_local


def may_remind(reminders: int, last: datetime, now: datetime) -> bool:
    """Whether those who have not read it may be reminded once more."""
    return reminders < REMINDERS and now - last >= BETWEEN_REMINDERS
