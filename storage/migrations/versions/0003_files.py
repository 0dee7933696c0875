"""Files in and out: the table, and two more kinds of outbox rows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of files, and let the outbox send and fetch them."""
    op.create_table(
        "file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('awaited', 'kept', 'lost', 'wiped')", name=op.f("ck_file_state")
        ),
        sa.CheckConstraint("(state = 'kept') = (body IS NOT NULL)", name=op.f("ck_file_body")),
        sa.CheckConstraint("(state = 'lost') = (reason IS NOT NULL)", name=op.f("ck_file_reason")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_file_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
    )
    op.create_index(
        "ix_file_expires",
        "file",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("state <> 'wiped'"),
        postgresql_where=sa.text("state <> 'wiped'"),
    )
    op.create_index(
        "ix_file_digest",
        "file",
        ["digest"],
        unique=False,
        sqlite_where=sa.text("digest IS NOT NULL"),
        postgresql_where=sa.text("digest IS NOT NULL"),
    )
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("file_id", sa.Integer(), nullable=True))
        outbox.create_foreign_key(op.f("fk_outbox_file_id_file"), "file", ["file_id"], ["id"])
        outbox.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        outbox.create_check_constraint(
            op.f("ck_outbox_kind"), "kind IN ('send', 'edit', 'leave', 'document', 'fetch')"
        )
        outbox.create_check_constraint(
            op.f("ck_outbox_file"), "(kind IN ('document', 'fetch')) = (file_id IS NOT NULL)"
        )
    op.create_index(
        "ix_outbox_file",
        "outbox",
        ["file_id"],
        unique=False,
        sqlite_where=sa.text("file_id IS NOT NULL"),
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )
