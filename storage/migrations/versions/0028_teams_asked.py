"""Organisations asked whether one of their people can take a need."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of teams asked."""
    op.create_table(
        "team_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'put_forward', 'declined')", name=op.f("ck_team_offer_state")
        ),
        sa.CheckConstraint(
            "(state = 'put_forward') = (volunteer_id IS NOT NULL)",
            name=op.f("ck_team_offer_named"),
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_by IS NULL)", name=op.f("ck_team_offer_answered")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_team_offer_need_id_need")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_team_offer_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["person.id"], name=op.f("fk_team_offer_volunteer_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_team_offer_answered_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_offer")),
        sa.UniqueConstraint("need_id", "round", "organisation_id", name="uq_team_offer_once"),
    )
    op.create_index(
        "ix_team_offer_organisation_at", "team_offer", ["organisation_id", "created_at"]
    )
