"""Mutual help and other standing ties: slots of a helper, what both give, overrides, items."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

LIVE = sa.text("state <> 'ended'")
OVERRIDDEN = sa.text("overridden_at IS NOT NULL")
NEXT = sa.text("next_on IS NOT NULL")


def upgrade() -> None:
    """Give pairs their slots and make the two tables."""
    with op.batch_alter_table("pair") as table:
        table.add_column(sa.Column("slot", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f("ck_pair_slot"), "(kind = 'mutual') = (slot IS NOT NULL)"
        )
    op.create_index(
        "uq_pair_slot",
        "pair",
        ["helper_id", "slot"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    _ties()
    _items()


def _ties() -> None:
    op.create_table(
        "tie",
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("gives_back", sa.LargeBinary(), nullable=True),
        sa.Column("bars", sa.String(length=120), nullable=False),
        sa.Column("override", sa.LargeBinary(), nullable=True),
        sa.Column("overridden_by", sa.Integer(), nullable=True),
        sa.Column("overridden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("organiser_id", sa.Integer(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(overridden_by IS NULL) = (overridden_at IS NULL)"
            " AND (overridden_by IS NULL) = (bars = '')"
            " AND (override IS NULL OR overridden_by IS NOT NULL)",
            name=op.f("ck_tie_override"),
        ),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_tie_pair_id_pair")),
        sa.ForeignKeyConstraint(
            ["overridden_by"], ["person.id"], name=op.f("fk_tie_overridden_by_person")
        ),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_tie_leader_id_person")),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organisation.id"], name=op.f("fk_tie_organiser_id_organisation")
        ),
        sa.PrimaryKeyConstraint("pair_id", name=op.f("pk_tie")),
    )
    op.create_index(op.f("ix_tie_organiser_id"), "tie", ["organiser_id"])
    op.create_index(
        "ix_tie_overridden",
        "tie",
        ["overridden_at"],
        sqlite_where=OVERRIDDEN,
        postgresql_where=OVERRIDDEN,
    )
    op.create_index("ix_tie_next", "tie", ["next_on"], sqlite_where=NEXT, postgresql_where=NEXT)


def _items() -> None:
    op.create_table(
        "tie_item",
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(key LIKE '=%') = (kind IS NOT NULL)", name=op.f("ck_tie_item_named")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_tie_item_changed_by_person")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tie_item")),
    )
