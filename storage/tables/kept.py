"""What may only grow: the database itself refuses to change or delete rows of these tables.

Whoever owns the database can drop a trigger; a bug, a hasty statement or a tool cannot pass it.
A migration that rebuilds such a table on SQLite has to make its triggers again.
"""

from sqlalchemy import DDL, Table, event
from sqlalchemy.schema import ExecutableDDLElement

_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
"""


def statements(table: str, dialect: str) -> list[str]:
    """Return the statements that make a table append-only."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for act in ("UPDATE", "DELETE")
        ]
    return [
        _REFUSE,
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def only_grows(table: Table) -> None:
    """Make the table append-only wherever it is made."""
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(table.name, dialect):
            event.listen(table, "after_create", _on(dialect, statement))


def _on(dialect: str, statement: str) -> ExecutableDDLElement:
    made: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call]
    return made.execute_if(dialect=dialect)
