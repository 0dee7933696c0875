"""When a need was first answered, first claimed, and said to be done: what its figures stand on."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Give needs these times, read off the claims that are there."""
    for name in ("answered_at", "claimed_at", "done_at"):
        op.add_column("need", sa.Column(name, _MOMENT, nullable=True))
    op.execute(
        "UPDATE need SET"
        " claimed_at = (SELECT min(claim.created_at) FROM claim WHERE claim.need_id = need.id),"
        " done_at = (SELECT max(claim.done_at) FROM claim WHERE claim.need_id = need.id)"
    )
    op.execute("UPDATE need SET answered_at = claimed_at")
