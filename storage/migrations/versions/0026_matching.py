"""Why somebody is asked: waves with their reasons, neighbours, kinds switched off, the willing."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

STATES = ("offered", "willing", "declined", "taken", "closed")


def upgrade() -> None:
    """Make the tables; let an offer be answered by "I would like to", and a need be small."""
    with op.batch_alter_table("need") as need:
        need.add_column(sa.Column("small", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("offer") as offer:
        offer.drop_constraint(op.f("ck_offer_state"), type_="check")
        offer.add_column(
            sa.Column(
                "mode", sa.String(length=16), server_default=sa.text("'first_come'"), nullable=False
            )
        )
        offer.create_check_constraint(
            op.f("ck_offer_state"), sa.column("state", sa.String()).in_(STATES)
        )
        offer.create_check_constraint(op.f("ck_offer_mode"), "mode IN ('first_come', 'chosen')")
    op.create_index("ix_offer_created", "offer", ["created_at"])
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reach", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("passed_over", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reach IN ('near_with_skill', 'near', 'anywhere', 'coordinator')",
            name=op.f("ck_wave_reach"),
        ),
        sa.CheckConstraint(
            "why IN ('first', 'nobody', 'all_declined', 'no_answer')", name=op.f("ck_wave_why")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_wave_need_id_need")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
    )
    op.create_index(op.f("ix_wave_need_id"), "wave", ["need_id"])
    op.create_table(
        "neighbour",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("community_id < other_id", name=op.f("ck_neighbour_order")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_neighbour_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["community.id"], name=op.f("fk_neighbour_other_id_community")
        ),
        sa.PrimaryKeyConstraint("community_id", "other_id", name=op.f("pk_neighbour")),
    )
    op.create_index(op.f("ix_neighbour_other_id"), "neighbour", ["other_id"])
    op.create_table(
        "kind_off",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_kind_off_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "category", name=op.f("pk_kind_off")),
    )
    op.create_index(op.f("ix_kind_off_category"), "kind_off", ["category"])
