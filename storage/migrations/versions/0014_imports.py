"""Imports of the registers, likely duplicates, and whom an entry was merged into."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and let a person point to another."""
    op.create_table(
        "duplicate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("later_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_duplicate_decided")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'merged', 'different')", name=op.f("ck_duplicate_state")
        ),
        sa.CheckConstraint(
            "why IN ('certificate', 'phone', 'name')", name=op.f("ck_duplicate_why")
        ),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_duplicate_pair")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_duplicate_decided_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["high_id"], ["person.id"], name=op.f("fk_duplicate_high_id_person")
        ),
        sa.ForeignKeyConstraint(["low_id"], ["person.id"], name=op.f("fk_duplicate_low_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate")),
        sa.UniqueConstraint("low_id", "high_id", name="uq_duplicate_pair"),
    )
    op.create_index(
        "ix_duplicate_high",
        "duplicate",
        ["high_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_duplicate_open",
        "duplicate",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("register_key", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sheets", sa.String(), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("header_row", sa.Integer(), nullable=True),
        sa.Column("mapping", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("refusal", sa.String(length=32), nullable=True),
        sa.Column("consents_on_file", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_import_batch_refusal")
        ),
        sa.CheckConstraint(
            "(state IN ('undone', 'dropped', 'refused', 'applied')) = (ended_at IS NOT NULL)",
            name=op.f("ck_import_batch_ended"),
        ),
        sa.CheckConstraint(
            "register_key IN ('resident', 'volunteer')", name=op.f("ck_import_batch_register_key")
        ),
        sa.CheckConstraint(
            "state IN ('reading', 'choosing', 'staged', 'applying', 'applied', 'undoing', 'undone',"
            " 'dropped', 'refused')",
            name=op.f("ck_import_batch_state"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_import_batch_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_import_batch_decided_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_import_batch_file_id_file")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_import_batch_made_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_import_batch_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_batch_uid")),
    )
    op.create_index(
        "ix_import_batch_open",
        "import_batch",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state NOT IN ('undone', 'dropped', 'refused')"),
        postgresql_where=sa.text("state NOT IN ('undone', 'dropped', 'refused')"),
    )
    op.create_index(
        "uq_import_batch_digest",
        "import_batch",
        ["scope", "digest"],
        unique=True,
        sqlite_where=sa.text(
            "state IN ('staged', 'applying', 'applied', 'undoing') AND digest IS NOT NULL"
        ),
        postgresql_where=sa.text(
            "state IN ('staged', 'applying', 'applied', 'undoing') AND digest IS NOT NULL"
        ),
    )
    op.create_index(
        "uq_import_batch_running",
        "import_batch",
        ["scope"],
        unique=True,
        sqlite_where=sa.text("state IN ('applying', 'undoing')"),
        postgresql_where=sa.text("state IN ('applying', 'undoing')"),
    )

    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("undo", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'applied' OR person_id IS NOT NULL", name=op.f("ck_import_row_applied")
        ),
        sa.CheckConstraint(
            "state IN ('new', 'changed', 'duplicate', 'same', 'bad', 'applied', 'undone', 'kept')",
            name=op.f("ck_import_row_state"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_import_row_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("batch_id", "number", name="uq_import_row_number"),
    )
    op.create_index(
        "ix_import_row_applied",
        "import_row",
        ["batch_id", "number"],
        unique=False,
        sqlite_where=sa.text("state = 'applied'"),
        postgresql_where=sa.text("state = 'applied'"),
    )
    op.create_index(op.f("ix_import_row_person_id"), "import_row", ["person_id"], unique=False)
    op.create_index(
        "ix_import_row_waiting",
        "import_row",
        ["batch_id", "number"],
        unique=False,
        sqlite_where=sa.text("state IN ('new', 'changed', 'duplicate')"),
        postgresql_where=sa.text("state IN ('new', 'changed', 'duplicate')"),
    )

    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        person.create_index(op.f("ix_person_merged_into"), ["merged_into"], unique=False)
        person.create_foreign_key(
            op.f("fk_person_merged_into_person"), "person", ["merged_into"], ["id"]
        )
