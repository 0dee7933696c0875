"""Time passes over a referral: it is asked again, and then the desk has to see to it."""

from datetime import datetime

from sqlalchemy import select

from storage.categories import rule_of
from storage.database import Session
from storage.needs.cards import NeedCard
from storage.needs.matching.offering import tomorrow
from storage.needs.referral.answering import ask_resident, ask_whether_solved
from storage.needs.referral.closing import give_back
from storage.needs.referral.offering import lay_on_desk
from storage.needs.referral.telling import tell_desk, tell_organisation
from storage.needs.standing import asked_again
from storage.rules.referring import ReferralState
from storage.tables import referral


def step_referral(session: Session, card: NeedCard, *, now: datetime) -> None:
    """Whoever has to answer is asked once more; after that the desk is told, each day anew."""
    had = card.referred
    if not had.active:
        give_back(session, now=now, card=card, why="organisation_ended")
        return
    waits = had.state in (ReferralState.OFFERED, ReferralState.ASKED_BACK)
    if waits and not rule_of(session, card.category).active:
        give_back(session, now=now, card=card, why="category_off")
        return
    first = card.asked == 0 and not had.with_desk
    offered = had.state is ReferralState.OFFERED and had.due_at > now
    until = had.due_at if first and offered else tomorrow(session, now=now)
    fresh = asked_again(session, card, until=until)
    if first and _ask(session, fresh, now=now):
        return
    laid = lay_on_desk(session, fresh)
    tell_desk(session, laid, now=now, why=_why(laid))


def _ask(session: Session, card: NeedCard, *, now: datetime) -> bool:
    """Ask again whoever has to answer; False when nobody is reached."""
    had = card.referred
    if had.state is ReferralState.ASKED_BACK and had.asked == "resident":
        return ask_resident(session, card, now=now, question=_words(session, card, "question"))
    if had.state is ReferralState.DONE:
        return ask_whether_solved(session, card, now=now, result=_words(session, card, "words"))
    if had.state is ReferralState.ASKED_BACK:
        return False
    lead = "referral_how_is_it" if had.state is ReferralState.ACCEPTED else "referral_again"
    return tell_organisation(session, card, now=now, lead=lead) > 0


def _words(session: Session, card: NeedCard, column: str) -> str:
    row = session.find(select(referral).where(referral.c.id == card.referred.id))
    value = row._mapping[column] if row is not None else None
    if row is None or value is None:
        return ""
    return session.vault.unseal(value, place=f"referral.{column}:{row.uid}")


def _why(card: NeedCard) -> str:
    had = card.referred
    if had.state is ReferralState.ASKED_BACK:
        return "asks" if had.asked == "desk" else "unanswered"
    return {
        ReferralState.ACCEPTED: "late",
        ReferralState.DONE: "unconfirmed",
    }.get(had.state, "silent")
