"""The tree of organisations; roles and invitations name where somebody works."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROLE_KIND = "kind IN ('resident', 'caregiver', 'volunteer', 'coordinator', 'leading_group')"
INVITED = "role IN ('coordinator', 'leading_group')"
ACTIVE = sa.text("state = 'active'")


def upgrade() -> None:
    """Make the tree; let roles and invitations point into it."""
    _tree()
    _attachments()
    _where_roles_are_held()
    _where_invitations_lead()


def _tree() -> None:
    op.create_table(
        "organisation_kind",
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("attaches", sa.String(length=16), nullable=True),
        sa.Column("fields", sa.String(length=400), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "attaches IS NULL OR attaches IN ('pupil', 'patient', 'member')",
            name=op.f("ck_organisation_kind_attaches"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_organisation_kind")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_kind_name")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organisation.id"], name=op.f("fk_organisation_parent_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["kind"],
            ["organisation_kind.key"],
            name=op.f("fk_organisation_kind_organisation_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_organisation_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["person.id"], name=op.f("fk_organisation_contact_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("community_id", name=op.f("uq_organisation_community_id")),
        sa.UniqueConstraint("parent_id", "name", name="uq_organisation_name"),
    )
    op.create_index(op.f("ix_organisation_parent_id"), "organisation", ["parent_id"], unique=False)
    op.create_index(op.f("ix_organisation_path"), "organisation", ["path"], unique=False)
    op.create_table(
        "action",
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("owner_kind", sa.String(length=24), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(owner_id IS NULL) <> (owner_kind IS NULL)", name=op.f("ck_action_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_action_owner_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["owner_kind"],
            ["organisation_kind.key"],
            name=op.f("fk_action_owner_kind_organisation_kind"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_action")),
    )


def _attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('pupil', 'patient', 'member')", name=op.f("ck_attachment_kind")
        ),
        sa.CheckConstraint("state IN ('active', 'ended')", name=op.f("ck_attachment_state")),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_attachment_ended")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_attachment_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_attachment_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_attachment_made_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_person_id"), "attachment", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_attachment_organisation_id"), "attachment", ["organisation_id"], unique=False
    )
    op.create_index(
        "uq_attachment_live",
        "attachment",
        ["person_id", "organisation_id"],
        unique=True,
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )


def _where_roles_are_held() -> None:
    with op.batch_alter_table("role") as role:
        role.drop_constraint(op.f("ck_role_kind"), type_="check")
        role.create_check_constraint(op.f("ck_role_kind"), ROLE_KIND)
        role.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        role.create_foreign_key(
            op.f("fk_role_organisation_id_organisation"),
            "organisation",
            ["organisation_id"],
            ["id"],
        )
        role.create_index(op.f("ix_role_organisation_id"), ["organisation_id"], unique=False)


def _where_invitations_lead() -> None:
    with op.batch_alter_table("invitation") as invitation:
        invitation.drop_constraint(op.f("ck_invitation_role"), type_="check")
        invitation.create_check_constraint(op.f("ck_invitation_role"), INVITED)
        invitation.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        invitation.add_column(sa.Column("made_by", sa.Integer(), nullable=True))
        invitation.create_foreign_key(
            op.f("fk_invitation_organisation_id_organisation"),
            "organisation",
            ["organisation_id"],
            ["id"],
        )
        invitation.create_foreign_key(
            op.f("fk_invitation_made_by_person"), "person", ["made_by"], ["id"]
        )
