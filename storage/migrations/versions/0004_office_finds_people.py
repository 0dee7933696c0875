"""The office finds people: names by prefix, and the words of a search for its next page."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Index names by code points, and what waits among ties; keep searches."""
    if op.get_context().dialect.name == "postgresql":
        op.execute('ALTER TABLE person ALTER COLUMN name TYPE varchar(64) COLLATE "C"')
    op.create_index("ix_person_name", "person", ["name", "id"], unique=False)
    op.create_index("ix_person_home", "person", ["community_id", "name", "id"], unique=False)
    op.create_index(
        "ix_caregiver_asked",
        "caregiver",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table(
        "search",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_search_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_search")),
    )
    op.create_index(
        "ix_search_wipe",
        "search",
        ["at"],
        unique=False,
        sqlite_where=sa.text("words IS NOT NULL"),
        postgresql_where=sa.text("words IS NOT NULL"),
    )
