"""Details of needs, the voices and photos that come with them, and what homes are like."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the moment for which somebody is wanted."""
    with op.batch_alter_table("need") as batch:
        batch.add_column(sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "need_detail",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("group_code", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_detail_need_id_need")),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_need_detail")),
    )
    op.create_table(
        "home_access",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("told_by", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_home_access_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["told_by"], ["person.id"], name=op.f("fk_home_access_told_by_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_home_access")),
    )
    _make_media()


def _make_media() -> None:
    op.create_table(
        "need_media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("album", sa.String(length=64), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("transcript", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("rings", sa.Integer(), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_by", sa.Integer(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('voice', 'photo')", name=op.f("ck_need_media_kind")),
        sa.CheckConstraint(
            "state IN ('awaited', 'waiting', 'done')", name=op.f("ck_need_media_state")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (next_step_at IS NULL)", name=op.f("ck_need_media_moves")
        ),
        sa.CheckConstraint(
            "(heard_by IS NULL) = (heard_at IS NULL)", name=op.f("ck_need_media_heard")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_media_need_id_need")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["person.id"], name=op.f("fk_need_media_resident_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["person.id"], name=op.f("fk_need_media_sender_id_person")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_need_media_file_id_file")),
        sa.ForeignKeyConstraint(
            ["heard_by"], ["person.id"], name=op.f("fk_need_media_heard_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_media")),
    )
    op.create_index("ix_need_media_need_id", "need_media", ["need_id"])
    op.create_index("ix_need_media_resident_id", "need_media", ["resident_id"])
    op.create_index("ix_need_media_file_id", "need_media", ["file_id"])
    op.create_index("ix_need_media_sender_created", "need_media", ["sender_id", "created_at"])
    for name, column, condition in (
        ("ix_need_media_due", "next_step_at", "next_step_at IS NOT NULL"),
        ("ix_need_media_waiting", "created_at", "state = 'waiting'"),
    ):
        where = sa.text(condition)
        op.create_index(name, "need_media", [column], sqlite_where=where, postgresql_where=where)
