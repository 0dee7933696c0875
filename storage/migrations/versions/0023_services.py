"""The catalogue of services, verification, and referral to an organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NEED_STATES = [
    "open",
    "verifying",
    "referred",
    "unclaimed",
    "claimed",
    "done",
    "closed",
    "cancelled",
]
LIVE = sa.text("ended_at IS NULL")
LICENSED = sa.text("state = 'live'")


def upgrade() -> None:
    """Make the tables, and let a need be verified first or be with an organisation."""
    _services()
    _licences()
    _needs()
    _verifications()
    _referrals()


def _services() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("hours", sa.String(length=60), nullable=False),
        sa.Column("contact", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "provider IN ('government', 'society', 'dpf')", name=op.f("ck_service_provider")
        ),
        sa.CheckConstraint(
            "state IN ('unconfirmed', 'active', 'paused', 'ended')", name=op.f("ck_service_state")
        ),
        sa.CheckConstraint(
            "capacity IS NULL OR capacity BETWEEN 1 AND 999", name=op.f("ck_service_capacity")
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_service_ended")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_service_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_service_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    op.create_index(
        "uq_service_live",
        "service",
        ["organisation_id", "category"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index("ix_service_category_state", "service", ["category", "state"])
    op.create_table(
        "service_area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_area_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_service_area_community_id_community"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_area")),
        sa.UniqueConstraint("service_id", "community_id", name="uq_service_area_once"),
    )
    op.create_index(op.f("ix_service_area_community_id"), "service_area", ["community_id"])


def _licences() -> None:
    op.create_table(
        "licence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('designated', 'medical', 'care', 'counselling', 'legal', 'other')",
            name=op.f("ck_licence_kind"),
        ),
        sa.CheckConstraint("state IN ('live', 'ended')", name=op.f("ck_licence_state")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_licence_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_licence_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
    )
    op.create_index(
        "uq_licence_live",
        "licence",
        ["organisation_id", "kind"],
        unique=True,
        sqlite_where=LICENSED,
        postgresql_where=LICENSED,
    )


def _needs() -> None:
    with op.batch_alter_table("need") as need:
        need.drop_constraint(op.f("ck_need_state"), type_="check")
        need.create_check_constraint(
            op.f("ck_need_state"), sa.column("state", sa.String()).in_(NEED_STATES)
        )
        need.add_column(sa.Column("service_id", sa.Integer(), nullable=True))
        need.create_foreign_key(
            op.f("fk_need_service_id_service"), "service", ["service_id"], ["id"]
        )


def _verifications() -> None:
    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("way IN ('phone', 'visit', 'known')", name=op.f("ck_verification_way")),
        sa.CheckConstraint(
            "outcome IN ('right', 'changed', 'not_a_need', 'duplicate')",
            name=op.f("ck_verification_outcome"),
        ),
        sa.CheckConstraint(
            "objected_at IS NULL OR outcome IN ('not_a_need', 'duplicate')",
            name=op.f("ck_verification_objected"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_verification_need_id_need")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_verification_made_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_index(op.f("ix_verification_need_id"), "verification", ["need_id"])


def _referrals() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("asked", sa.String(length=8), nullable=True),
        sa.Column("question", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("with_desk", sa.Boolean(), nullable=False),
        sa.Column("by_phone", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('offered', 'asked_back', 'accepted', 'declined', 'withdrawn', 'done')",
            name=op.f("ck_referral_state"),
        ),
        sa.CheckConstraint("asked IN ('resident', 'desk')", name=op.f("ck_referral_asked")),
        sa.CheckConstraint(
            "state NOT IN ('declined', 'withdrawn') OR ended_at IS NOT NULL",
            name=op.f("ck_referral_over"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('offered', 'asked_back', 'accepted') OR ended_at IS NULL",
            name=op.f("ck_referral_live"),
        ),
        sa.CheckConstraint(
            "(state = 'asked_back') = (asked IS NOT NULL)", name=op.f("ck_referral_asks")
        ),
        sa.CheckConstraint("solved IS NULL OR state = 'done'", name=op.f("ck_referral_solved")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_referral_need_id_need")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_referral_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_referral_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_referral_made_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["person.id"], name=op.f("fk_referral_accepted_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(
        "uq_referral_live",
        "referral",
        ["need_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index("ix_referral_need", "referral", ["need_id"])
    op.create_index(
        "ix_referral_organisation_live",
        "referral",
        ["organisation_id"],
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
