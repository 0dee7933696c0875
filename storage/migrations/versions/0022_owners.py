"""Who answers for a need and until when, and each time one was not settled and climbed."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
# What is open when this comes gets a day before anything climbs.
_GRACE = timedelta(days=1)


def upgrade() -> None:
    """Give needs an owner and a limit, and climbs a table."""
    op.add_column(
        "need", sa.Column("level", sa.String(length=16), server_default="helper", nullable=False)
    )
    op.add_column("need", sa.Column("owner_id", sa.Integer(), nullable=True))
    op.add_column("need", sa.Column("due_at", _MOMENT, nullable=True))
    op.add_column("need", sa.Column("overdue_at", _MOMENT, nullable=True))
    _give_limits()
    with op.batch_alter_table("need") as need:
        need.create_foreign_key(
            op.f("fk_need_owner_id_organisation"), "organisation", ["owner_id"], ["id"]
        )
        need.create_check_constraint(
            op.f("ck_need_level"), "level IN ('helper', 'coordinator', 'department', 'office')"
        )
        need.create_check_constraint(
            op.f("ck_need_due"), "(state IN ('closed', 'cancelled')) = (due_at IS NULL)"
        )
    _index("ix_need_limit", "need", "due_at", "due_at IS NOT NULL")
    _index("ix_need_overdue", "need", "overdue_at", "overdue_at IS NOT NULL")
    _make_climbs()


def _give_limits() -> None:
    need = sa.table(
        "need",
        sa.column("id", sa.Integer()),
        sa.column("state", sa.String()),
        sa.column("level", sa.String()),
        sa.column("next_step_at", _MOMENT),
        sa.column("due_at", _MOMENT),
    )
    connection = op.get_bind()
    live = sa.select(need.c.id, need.c.state, need.c.next_step_at)
    for row in connection.execute(live.where(need.c.next_step_at.is_not(None))).all():
        by_staff = row.state in ("unclaimed", "done")
        connection.execute(
            sa.update(need)
            .where(need.c.id == row.id)
            .values(level="coordinator" if by_staff else "helper", due_at=row.next_step_at + _GRACE)
        )


def _make_climbs() -> None:
    op.create_table(
        "climb",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("missed_by", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("told_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "level IN ('coordinator', 'department', 'office')", name=op.f("ck_climb_level")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_climb_need_id_need")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_climb")),
    )
    op.create_index(op.f("ix_climb_need_id"), "climb", ["need_id"], unique=False)
    op.create_index("ix_climb_at", "climb", ["at"], unique=False)
    _index("ix_climb_untold", "climb", "at", "told_at IS NULL")


def _index(name: str, table: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
