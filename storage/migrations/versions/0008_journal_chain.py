"""The chain over the journal, and a journal that can only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the seals and what the office was told of them; refuse changes of both."""
    op.create_table(
        "journal_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_id <= last_id", name=op.f("ck_journal_seal_ids")),
        sa.CheckConstraint("rows > 0", name=op.f("ck_journal_seal_rows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_seal")),
        sa.UniqueConstraint("previous", name=op.f("uq_journal_seal_previous")),
    )
    op.create_table(
        "journal_post",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["seal_id"],
            ["journal_seal.id"],
            name=op.f("fk_journal_post_seal_id_journal_seal"),
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_journal_post")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _refuse_on_sqlite()
    else:
        _refuse_on_postgres()


def _refuse_on_sqlite() -> None:
    for table in ("journal", "journal_seal"):
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _refuse_on_postgres() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
    )
    for table in ("journal", "journal_seal"):
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
