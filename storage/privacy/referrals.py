"""The copy's lines about how needs were verified and referred: to whom, what was asked and said."""

from collections.abc import Iterator

from sqlalchemy import select

from storage.database import Session
from storage.privacy.lines import Line
from storage.privacy.unsealing import opened
from storage.tables import need, organisation, referral, verification


def list_referrals(session: Session, *, person_id: int) -> Iterator[Line]:
    """Every verification with its reason, every referral with its question, answer and result."""
    mine = need.c.resident_id == person_id
    looked = select(verification).join(need, need.c.id == verification.c.need_id).where(mine)
    for row in session.all(looked.order_by(verification.c.id)):
        yield Line("at", row.created_at)
        yield Line("why", opened(session, verification.name, "reason", row))
    laid = (
        select(referral, organisation.c.name)
        .join(need, need.c.id == referral.c.need_id)
        .join(organisation, organisation.c.id == referral.c.organisation_id)
        .where(mine)
    )
    for row in session.all(laid.order_by(referral.c.id)):
        yield Line("at", row.created_at)
        yield Line("organisation", row.name)
        yield Line("question", opened(session, referral.name, "question", row))
        yield Line("reply", opened(session, referral.name, "answer", row))
        yield Line("words", opened(session, referral.name, "words", row))
