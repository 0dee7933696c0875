"""The office's figures stand on indexes of time; who had which Monday digest."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TIMES = (
    ("ix_need_created", "need", ["created_at"], None),
    ("ix_need_ended", "need", ["ended_at"], "ended_at IS NOT NULL"),
    ("ix_claim_created", "claim", ["created_at"], None),
    ("ix_claim_done", "claim", ["done_at"], "done_at IS NOT NULL"),
    ("ix_role_decided", "role", ["kind", "decided_at"], None),
    ("ix_check_in_when", "check_in", ["due_at"], None),
)


def upgrade() -> None:
    """Index what a week is counted by; keep digests."""
    for name, table, columns, condition in TIMES:
        where = sa.text(condition) if condition else None
        op.create_index(
            name, table, columns, unique=False, sqlite_where=where, postgresql_where=where
        )
    op.create_table(
        "digest",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_digest_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "week", name=op.f("pk_digest")),
    )
