"""Call plans by tier and interval, days skipped, stand-ins asked, extra rounds, grave changes."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a plan say more, and make the tables beside it."""
    _check_ins()
    _plans()
    _rounds()
    _skips()
    _stand_ins()
    _changes()


def _rounds() -> None:
    op.create_table(
        "call_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.String(length=40), nullable=True),
        sa.Column("tiers", sa.String(length=8), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_plan_id", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("declared_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'festival') = (day IS NOT NULL)", name=op.f("ck_call_round_festival")
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_call_round_ended")
        ),
        sa.CheckConstraint(
            "kind IN ('heat', 'cold', 'storm', 'festival')", name=op.f("ck_call_round_kind")
        ),
        sa.CheckConstraint("state IN ('running', 'ended')", name=op.f("ck_call_round_state")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_call_round_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["person.id"], name=op.f("fk_call_round_declared_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["person.id"], name=op.f("fk_call_round_ended_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_round")),
    )
    op.create_index(
        "ix_call_round_due",
        "call_round",
        ["step_at"],
        unique=False,
        sqlite_where=sa.text("step_at IS NOT NULL"),
        postgresql_where=sa.text("step_at IS NOT NULL"),
    )
    op.create_index("ix_call_round_state", "call_round", ["state", "starts_on"], unique=False)
    op.create_index(
        "uq_call_round_everywhere",
        "call_round",
        ["kind", "path", "starts_on"],
        unique=True,
        sqlite_where=sa.text("state = 'running' AND community_id IS NULL"),
        postgresql_where=sa.text("state = 'running' AND community_id IS NULL"),
    )
    op.create_index(
        "uq_call_round_here",
        "call_round",
        ["kind", "path", "starts_on", "community_id"],
        unique=True,
        sqlite_where=sa.text("state = 'running' AND community_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'running' AND community_id IS NOT NULL"),
    )


def _skips() -> None:
    op.create_table(
        "call_skip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=8), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason IN ('out', 'fine')", name=op.f("ck_call_skip_reason")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["check_in_plan.id"], name=op.f("fk_call_skip_plan_id_check_in_plan")
        ),
        sa.ForeignKeyConstraint(
            ["said_by"], ["person.id"], name=op.f("fk_call_skip_said_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_skip")),
        sa.UniqueConstraint("plan_id", "day", name="uq_call_skip_once"),
    )
    op.create_index(op.f("ix_call_skip_said_by"), "call_skip", ["said_by"], unique=False)


def _stand_ins() -> None:
    op.create_table(
        "call_stand_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_call_stand_in_answered")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'accepted', 'declined', 'closed')",
            name=op.f("ck_call_stand_in_state"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_call_stand_in_asked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["person.id"], name=op.f("fk_call_stand_in_asked_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["check_in_plan.id"], name=op.f("fk_call_stand_in_plan_id_check_in_plan")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["person.id"], name=op.f("fk_call_stand_in_replaces_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_stand_in")),
    )
    op.create_index("ix_call_stand_in_asked", "call_stand_in", ["asked_id", "state"], unique=False)
    op.create_index(
        "uq_call_stand_in_asked",
        "call_stand_in",
        ["plan_id", "asked_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def _changes() -> None:
    op.create_table(
        "life_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=True),
        sa.Column("told_by", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('live', 'withdrawn')", name=op.f("ck_life_change_state")),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_in.id"], name=op.f("fk_life_change_check_in_id_check_in")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["check_in_plan.id"], name=op.f("fk_life_change_plan_id_check_in_plan")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["person.id"], name=op.f("fk_life_change_resident_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["told_by"], ["person.id"], name=op.f("fk_life_change_told_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_life_change")),
        sa.UniqueConstraint("resident_id", "kind", "told_on", name="uq_life_change_once"),
    )
    op.create_index(
        op.f("ix_life_change_resident_id"), "life_change", ["resident_id"], unique=False
    )


def _check_ins() -> None:
    with op.batch_alter_table("check_in") as table:
        table.add_column(
            sa.Column(
                "kind", sa.String(length=8), server_default=sa.text("'routine'"), nullable=False
            )
        )
        table.add_column(
            sa.Column(
                "channel", sa.String(length=8), server_default=sa.text("'phone'"), nullable=False
            )
        )
        table.create_check_constraint(
            op.f("ck_check_in_kind"), "kind IN ('routine', 'round', 'change')"
        )
        table.create_check_constraint(
            op.f("ck_check_in_channel"), "channel IN ('phone', 'text', 'video', 'visit')"
        )


def _plans() -> None:
    with op.batch_alter_table("check_in_plan") as table:
        table.add_column(sa.Column("contact_id", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column(
                "contact_answer",
                sa.String(length=10),
                server_default=sa.text("'not_asked'"),
                nullable=False,
            )
        )
        table.add_column(sa.Column("contact_agreed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("contact_agreed_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("contact_agreed_as", sa.String(length=10), nullable=True))
        table.add_column(
            sa.Column("tier", sa.String(length=1), server_default=sa.text("'c'"), nullable=False)
        )
        table.add_column(sa.Column("raised_to", sa.String(length=1), nullable=True))
        table.add_column(sa.Column("raised_until", sa.Date(), nullable=True))
        table.add_column(
            sa.Column(
                "channel", sa.String(length=8), server_default=sa.text("'phone'"), nullable=False
            )
        )
        table.add_column(
            sa.Column(
                "own_button", sa.String(length=10), server_default=sa.text("'none'"), nullable=False
            )
        )
        table.add_column(sa.Column("button_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column(
                "every", sa.String(length=10), server_default=sa.text("'week'"), nullable=False
            )
        )
        table.add_column(sa.Column("monthday", sa.Integer(), nullable=True))
        table.add_column(sa.Column("nth", sa.Integer(), nullable=True))
        table.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("local_until", sa.String(length=5), nullable=True))
        table.create_index(
            "ix_check_in_plan_button",
            ["button_at"],
            unique=False,
            sqlite_where=sa.text("button_at IS NOT NULL"),
            postgresql_where=sa.text("button_at IS NOT NULL"),
        )
        table.create_foreign_key(
            op.f("fk_check_in_plan_contact_id_person"), "person", ["contact_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_check_in_plan_contact_agreed_by_person"),
            "person",
            ["contact_agreed_by"],
            ["id"],
        )
        table.create_check_constraint(op.f("ck_check_in_plan_tier"), "tier IN ('a', 'b', 'c')")
        table.create_check_constraint(
            op.f("ck_check_in_plan_every"), "every IN ('week', 'fortnight', 'month', 'quarter')"
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_channel"), "channel IN ('phone', 'text', 'video', 'visit')"
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_own_button"), "own_button IN ('none', 'call_days', 'daily')"
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_contact_answer"),
            "contact_answer IN ('not_asked', 'asked', 'agreed', 'declined', 'withdrawn')",
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_in_month"),
            "(every IN ('month', 'quarter')) = (monthday IS NOT NULL OR nth IS NOT NULL)",
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_one_way"), "monthday IS NULL OR nth IS NULL"
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_monthday"), "monthday IS NULL OR monthday BETWEEN 1 AND 31"
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_nth"), "nth IS NULL OR nth BETWEEN 1 AND 5"
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_counted_from"),
            "every IN ('week', 'month') OR starts_on IS NOT NULL",
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_raised"), "(raised_to IS NULL) = (raised_until IS NULL)"
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_contact_agreed"),
            "(contact_answer = 'agreed') = (contact_agreed_at IS NOT NULL)",
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_contact_how"),
            "(contact_agreed_at IS NULL) = (contact_agreed_as IS NULL)",
        )
        table.create_check_constraint(
            op.f("ck_check_in_plan_button"),
            "button_at IS NULL OR (state = 'active' AND own_button <> 'none')",
        )
