"""How many statements an act takes: as many for a thousand people as for one."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from storage.database import Database


def count_statements(database: Database, act: Callable[[], object]) -> int:
    """Do something and return how many statements the database was given."""
    ran: list[str] = []

    def remember(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        ran.append(statement)

    event.listen(database.engine, "before_cursor_execute", remember)
    try:
        act()
    finally:
        event.remove(database.engine, "before_cursor_execute", remember)
    return len(ran)
