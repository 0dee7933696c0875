"""Asks to stand behind a caller that nobody answered yet, by how long they wait."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

ASKED = sa.text("state = 'asked'")


def upgrade() -> None:
    """Find those that wait without reading those that were answered."""
    op.create_index(
        "ix_call_stand_in_waiting",
        "call_stand_in",
        ["created_at"],
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )
