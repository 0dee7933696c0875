"""What the statements of a use case really read: their plans, as SQLite explains them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlmodel import SQLModel

from storage.database import Session


def steps_of(session: Session, act: Callable[[], object]) -> list[str]:
    """Do something and return the steps of every SELECT that ran, in order."""
    ran: list[tuple[str, Any]] = []

    def remember(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            ran.append((statement, parameters))

    event.listen(session.connection, "before_cursor_execute", remember)
    try:
        act()
    finally:
        event.remove(session.connection, "before_cursor_execute", remember)
    driver: Any = session.connection.connection.driver_connection
    return [
        str(row[3])
        for statement, parameters in ran
        for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]


# Indexes that hold only what waits: reading one through costs as much as there is to do.
WAITING = tuple(
    str(index.name)
    for table in SQLModel.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
)


# As many rows as there are communities, or rounds, however many people live there.
SMALL = ("organisation", "survey_round")


def read_through(steps: list[str]) -> list[str]:
    """The steps that read a whole table, or sort what they read."""
    return [
        step
        for step in steps
        if "TEMP B-TREE FOR ORDER BY" in step
        or ("SCAN " in step and not any(name in step.split() for name in (*WAITING, *SMALL)))
    ]
