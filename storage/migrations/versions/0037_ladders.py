"""Each check-in keeps its tier and its ladder, who was asked, how a holder confirmed, the end."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# What was climbed until now: three times the caller, the stand-in, then everyone on duty.
LADDER = (
    '{"confirm": 30, "steps": ['
    '{"rung": "call", "after": 0, "window": 45}, '
    '{"rung": "retry_caller", "after": 30, "window": 45}, '
    '{"rung": "retry_other_channel", "after": 120, "window": 45}, '
    '{"rung": "stand_in", "after": 0, "window": 60}, '
    '{"rung": "no_support", "after": 0, "window": 30}]}'
)
EVERYONE_ON_DUTY, NO_SUPPORT = 4, 8


def upgrade() -> None:
    """Freeze the present ladder into each check-in, and make room for the new rungs."""
    op.add_column(
        "check_in", sa.Column("tier", sa.String(length=1), server_default="c", nullable=False)
    )
    op.add_column(
        "check_in", sa.Column("ladder", sa.String(length=2000), server_default="", nullable=False)
    )
    op.add_column("check_in", sa.Column("confirmed_as", sa.String(length=8), nullable=True))
    op.add_column("check_in", sa.Column("found", sa.String(length=16), nullable=True))
    op.add_column("check_in", sa.Column("handed_to", sa.String(length=4), nullable=True))
    check_in = sa.table(
        "check_in", sa.column("ladder", sa.String()), sa.column("rung", sa.Integer())
    )
    op.execute(sa.update(check_in).values(ladder=LADDER))
    op.execute(
        sa.update(check_in).where(check_in.c.rung == EVERYONE_ON_DUTY).values(rung=NO_SUPPORT)
    )
    _constrain()
    _asked()


def _constrain() -> None:
    with op.batch_alter_table("check_in") as table:
        table.alter_column("tier", existing_type=sa.String(length=1), server_default=None)
        table.alter_column("ladder", existing_type=sa.String(length=2000), server_default=None)
        table.create_check_constraint(op.f("ck_check_in_tier"), "tier IN ('a', 'b', 'c')")
        table.create_check_constraint(op.f("ck_check_in_rung"), "rung BETWEEN 0 AND 8")
        table.create_check_constraint(
            op.f("ck_check_in_confirmed_as"),
            "confirmed_as IS NULL OR confirmed_as IN ('on_way', 'at_door', 'on_phone')",
        )
        table.create_check_constraint(
            op.f("ck_check_in_confirmed_by"), "confirmed_as IS NULL OR holder_id IS NOT NULL"
        )
        table.create_check_constraint(
            op.f("ck_check_in_handed"),
            "(handed_to IS NULL) = (ending IS NULL OR ending <> 'handed_over')",
        )
        table.create_check_constraint(
            op.f("ck_check_in_found"),
            "(found IS NULL) = (ending IS NULL OR ending <> 'false_alarm')",
        )


def _asked() -> None:
    op.create_table(
        "check_in_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_in.id"], name=op.f("fk_check_in_asked_check_in_id_check_in")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_check_in_asked_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_asked")),
        sa.UniqueConstraint("check_in_id", "version", "person_id", name="uq_check_in_asked_once"),
    )
    op.create_index(op.f("ix_check_in_asked_person_id"), "check_in_asked", ["person_id"])
