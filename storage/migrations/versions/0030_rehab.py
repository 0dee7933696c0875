"""Standing links, rehabilitation sites with guidance and ratings, and records of home visits."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")
NEXT = sa.text("next_on IS NOT NULL")
REMINDS = sa.text("remind_at IS NOT NULL")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    """Make the five tables."""
    _links()
    _sites()
    _visits()


def _links() -> None:
    op.create_table(
        "organisation_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('referral', 'guidance', 'training', 'visits', 'other')",
            name=op.f("ck_organisation_link_kind"),
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_organisation_link_two")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_organisation_link_ended")
        ),
        _to("organisation_link", "from_id", "organisation"),
        _to("organisation_link", "to_id", "organisation"),
        _to("organisation_link", "made_by", "person"),
        _to("organisation_link", "ended_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_link")),
    )
    op.create_index("ix_organisation_link_to", "organisation_link", ["to_id"])
    op.create_index(
        "uq_organisation_link",
        "organisation_link",
        ["from_id", "to_id", "kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _sites() -> None:
    op.create_table(
        "rehab_site",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("guided_by", sa.Integer(), nullable=True),
        sa.Column("pattern", sa.String(length=24), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("rehab_site", "organisation_id", "organisation"),
        _to("rehab_site", "guided_by", "organisation"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_rehab_site")),
    )
    op.create_index(
        "ix_rehab_site_due", "rehab_site", ["next_on"], sqlite_where=NEXT, postgresql_where=NEXT
    )
    op.create_table(
        "guidance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("guidance", "organisation_id", "organisation"),
        _to("guidance", "written_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance")),
        sa.UniqueConstraint("organisation_id", "visited_on", name="uq_guidance_once"),
    )
    op.create_table(
        "site_rating",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "score IS NULL OR score BETWEEN 1 AND 5", name=op.f("ck_site_rating_score")
        ),
        _to("site_rating", "organisation_id", "organisation"),
        _to("site_rating", "person_id", "person"),
        sa.PrimaryKeyConstraint(
            "organisation_id", "person_id", "quarter", name=op.f("pk_site_rating")
        ),
    )


def _visits() -> None:
    op.create_table(
        "home_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("channel IN ('chat', 'paper')", name=op.f("ck_home_visit_channel")),
        _to("home_visit", "person_id", "person"),
        _to("home_visit", "organisation_id", "organisation"),
        _to("home_visit", "written_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_visit")),
    )
    op.create_index("ix_home_visit_person", "home_visit", ["person_id"])
    op.create_index("ix_home_visit_organisation", "home_visit", ["organisation_id", "visited_on"])
    op.create_index(
        "ix_home_visit_due",
        "home_visit",
        ["remind_at"],
        sqlite_where=REMINDS,
        postgresql_where=REMINDS,
    )
