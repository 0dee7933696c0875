"""Consent apart for each purpose, witnessed statements, guardians, looks at a child's data."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PURPOSES = (
    "purpose IN ('keep_data', 'abroad', 'record_disability', 'share_contact',"
    " 'publish_name', 'publish_picture', 'publish_story', 'volunteer_minor')"
)
CHANNELS = "channel IN ('chat', 'phone', 'paper')"
LIVE = sa.text("withdrawn_at IS NULL")
DUE = sa.text("due_at IS NOT NULL AND withdrawn_at IS NULL")
ASKED = sa.text("state = 'asked'")


def upgrade() -> None:
    """Add what a yes was not known by before; nobody's yes is lost."""
    _statements()
    _consents()
    _refusals()
    _looks()
    _ties_and_chats()


def _statements() -> None:
    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("witness_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_statement_channel")),
        sa.CheckConstraint("person_id <> witness_id", name=op.f("ck_statement_two_people")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_statement_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["witness_id"], ["person.id"], name=op.f("fk_statement_witness_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index(op.f("ix_statement_person_id"), "statement", ["person_id"], unique=False)


def _consents() -> None:
    # Of two live yeses to different words only the newer one goes on.
    op.execute(
        "UPDATE consent SET withdrawn_at = given_at WHERE withdrawn_at IS NULL AND EXISTS"
        " (SELECT 1 FROM consent AS newer WHERE newer.person_id = consent.person_id"
        " AND newer.purpose = consent.purpose AND newer.withdrawn_at IS NULL"
        " AND newer.id > consent.id)"
    )
    op.drop_index("uq_consent_live", table_name="consent")
    with op.batch_alter_table("consent") as table:
        table.drop_constraint(op.f("ck_consent_purpose"), type_="check")
        table.drop_constraint(op.f("ck_consent_ground"), type_="check")
        table.add_column(
            sa.Column(
                "channel", sa.String(length=16), server_default=sa.text("'chat'"), nullable=False
            )
        )
        table.add_column(sa.Column("statement_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("withdrawn_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("ended", sa.String(length=16), nullable=True))
        table.create_foreign_key(
            op.f("fk_consent_statement_id_statement"), "statement", ["statement_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_consent_withdrawn_by_person"), "person", ["withdrawn_by"], ["id"]
        )
    op.execute("UPDATE consent SET ended = 'withdrawn' WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("consent") as table:
        table.create_check_constraint(op.f("ck_consent_purpose"), PURPOSES)
        table.create_check_constraint(
            op.f("ck_consent_ground"),
            "ground IN ('self', 'guardian', 'caregiver', 'witnessed', 'staff')",
        )
        table.create_check_constraint(op.f("ck_consent_channel"), CHANNELS)
        table.create_check_constraint(
            op.f("ck_consent_ended"), "ended IN ('withdrawn', 'expired', 'replaced')"
        )
        table.create_check_constraint(
            op.f("ck_consent_end"), "(withdrawn_at IS NULL) = (ended IS NULL)"
        )
        table.create_check_constraint(
            op.f("ck_consent_witnessed"), "(ground = 'witnessed') = (statement_id IS NOT NULL)"
        )
    # The first notice said that the messenger's servers are abroad and asked for both in one yes:
    # the second one stands as well, and is asked for apart as soon as the bell rings.
    op.execute(
        "INSERT INTO consent (person_id, purpose, version, given_by, ground, channel, given_at,"
        " due_at) SELECT person_id, 'abroad', '0', given_by, ground, channel, given_at, given_at"
        " FROM consent WHERE purpose = 'keep_data' AND ground = 'self' AND withdrawn_at IS NULL"
    )
    op.create_index(
        "uq_consent_live",
        "consent",
        ["person_id", "purpose"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index(
        "ix_consent_due",
        "consent",
        ["due_at"],
        unique=False,
        sqlite_where=DUE,
        postgresql_where=DUE,
    )


def _refusals() -> None:
    op.create_table(
        "consent_refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("refused_by", sa.Integer(), nullable=False),
        sa.Column(
            "channel", sa.String(length=16), server_default=sa.text("'chat'"), nullable=False
        ),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(PURPOSES, name=op.f("ck_consent_refusal_purpose")),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_consent_refusal_channel")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_refusal_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["refused_by"], ["person.id"], name=op.f("fk_consent_refusal_refused_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_refusal")),
    )
    op.create_index(
        op.f("ix_consent_refusal_person_id"), "consent_refusal", ["person_id"], unique=False
    )


def _looks() -> None:
    op.create_table(
        "look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'declined')", name=op.f("ck_look_state")
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_by IS NULL)", name=op.f("ck_look_decided")
        ),
        sa.CheckConstraint(
            "(state = 'approved') = (good_until IS NOT NULL)", name=op.f("ck_look_good")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asked_by", name=op.f("ck_look_two_people")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["person.id"], name=op.f("fk_look_child_id_person")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_look_asked_by_person")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_look_decided_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
    )
    op.create_index(op.f("ix_look_child_id"), "look", ["child_id"], unique=False)
    op.create_index(
        "uq_look_asked",
        "look",
        ["child_id", "asked_by"],
        unique=True,
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )


def _ties_and_chats() -> None:
    with op.batch_alter_table("caregiver") as table:
        table.add_column(
            sa.Column(
                "kind",
                sa.String(length=16),
                server_default=sa.text("'caregiver'"),
                nullable=False,
            )
        )
        table.add_column(
            sa.Column("copies", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        table.create_check_constraint(
            op.f("ck_caregiver_kind"), "kind IN ('caregiver', 'guardian')"
        )
    with op.batch_alter_table("chat") as table:
        table.add_column(
            sa.Column("closed", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
