"""Run by Alembic: the steps, on the connection that ``upgrade`` opened."""

from alembic import context
from sqlmodel import SQLModel

from storage import tables

__all__ = ["tables"]  # imported for the tables it declares
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
