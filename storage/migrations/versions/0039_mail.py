"""E-mails: alarms by another way, where addresses are set."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")
SENDING = sa.text("state = 'sending'")
KEPT = sa.text("facts IS NOT NULL")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=8), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unclear", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "about IN ('alarm', 'check_in', 'outage', 'test')", name=op.f("ck_mail_about")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'unknown', 'dead')",
            name=op.f("ck_mail_state"),
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_until IS NOT NULL)", name=op.f("ck_mail_lease")
        ),
        sa.CheckConstraint(
            "(state IN ('pending', 'sending')) = (ended_at IS NULL)", name=op.f("ck_mail_ended")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    op.create_index(
        "ix_mail_due", "mail", ["not_before"], sqlite_where=PENDING, postgresql_where=PENDING
    )
    op.create_index(
        "ix_mail_sending", "mail", ["lease_until"], sqlite_where=SENDING, postgresql_where=SENDING
    )
    op.create_index("ix_mail_wipe", "mail", ["ended_at"], sqlite_where=KEPT, postgresql_where=KEPT)
    op.create_index("ix_mail_about", "mail", ["about", "thing_id"])
