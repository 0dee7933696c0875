"""When something that ends on a day is to be spoken of: mornings, in the programme's zone."""

from datetime import date, datetime, time, timedelta

from storage.database import Session

MORNING = time(9, 0)


def morning_before(session: Session, day: date, ahead: timedelta) -> datetime:
    """Nine in the morning, so long before the day."""
    return datetime.combine(day - ahead, MORNING, tzinfo=session.house.zone)


def end_of_day(session: Session, day: date) -> datetime:
    """When the day is over."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=session.house.zone)
