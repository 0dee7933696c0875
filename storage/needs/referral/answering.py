"""The organisation answers: it accepts with a date, declines with a reason, asks back, or is done.

Where it has nobody in the chat, coordinators of the resident phone it and note its answer.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from storage.database import Session
from storage.needs.buttons import referral_answer_buttons, solved_buttons
from storage.needs.cards import NeedCard, find_need, get_need, read_need
from storage.needs.referral.offering import lay_on_desk, refer_on
from storage.needs.referral.telling import (
    hide_referred,
    tell_desk,
    tell_organisation,
    tell_over,
)
from storage.needs.refusals import ReferralMoved, ReferralOver
from storage.needs.standing import check, is_allowed, journal, relations_to, stands
from storage.needs.telling import News, tell_residents
from storage.outbox import MessageClass
from storage.people import find_person
from storage.refusals import Fact, NotAllowed
from storage.rules.access import Act, Relation
from storage.rules.lifecycle import NeedState
from storage.rules.referring import (
    ASK_AGAIN,
    MOVES,
    DeclineReason,
    ReferralMove,
    may_move,
)
from storage.rules.sending import working_moment
from storage.services import works_at
from storage.tables import need, referral

# After the day that was named, the organisation is asked how it stands.
AFTER_EXPECTED = timedelta(days=1)


def get_referred(session: Session, *, actor_id: int, referral_id: int) -> NeedCard:
    """Return the need of a live referral to whoever may answer it; raises what is in the way."""
    row = session.find(select(referral).where(referral.c.id == referral_id))
    if row is None:
        raise NotAllowed
    card = get_need(session, need_id=row.need_id)
    if card.referral is None or card.referral.id != referral_id:
        theirs = works_at(session, person_id=actor_id, organisation_id=row.organisation_id)
        if theirs or is_allowed(
            session,
            Act.REFER_NEED,
            actor_id=actor_id,
            resident_id=card.resident_id,
            card=card,
        ):
            raise ReferralOver(state=row.state)
        raise NotAllowed
    check(session, Act.ANSWER_REFERRAL, actor_id=actor_id, card=card)
    return card


def accept_referral(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    referral_id: int,
    version: int,
    expected_at: datetime,
) -> NeedCard:
    """The organisation takes it and says by when; said again, the day is another one."""
    card = get_referred(session, actor_id=actor_id, referral_id=referral_id)
    again = may_move(card.referred.state, ReferralMove.REDATE)
    _move(
        session,
        card,
        ReferralMove.REDATE if again else ReferralMove.ACCEPT,
        now=now,
        version=version,
        next_step_at=working_moment(session.house.local(expected_at + AFTER_EXPECTED)),
        start=expected_at,
        values={
            "accepted_by": actor_id,
            "expected_at": expected_at,
            "by_phone": _is_by_phone(session, card, actor_id=actor_id),
            "with_desk": False,
            "asked": None,
        },
    )
    fresh = read_need(session, need_id=card.id)
    about = fresh.referred.version
    news = News("need_referral_accepted", about=about, facts={"again": again})
    tell_residents(session, fresh, now=now, news=news)
    _tell_colleagues(session, fresh, now=now, but=actor_id, lead="referral_taken")
    journal(session, fresh, now=now, actor_id=actor_id, what="referral_accepted")
    return fresh


def decline_referral(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    referral_id: int,
    version: int,
    reason: DeclineReason,
    words: str | None = None,
) -> NeedCard:
    """The organisation cannot: the next one is asked, or the desk has it again."""
    card = get_referred(session, actor_id=actor_id, referral_id=referral_id)
    _move(
        session,
        card,
        ReferralMove.DECLINE,
        now=now,
        version=version,
        next_step_at=now,
        values={
            "reason": reason.value,
            "words": _seal(session, referral_id, "words", words),
            "by_phone": _is_by_phone(session, card, actor_id=actor_id),
            "asked": None,
            "with_desk": False,
            "ended_at": now,
        },
    )
    tell_over(session, card, now=now, why="declined", but=actor_id)
    journal(
        session,
        card,
        now=now,
        actor_id=actor_id,
        what="referral_declined",
        ground=reason.value,
    )
    after: dict[str, Fact] = {
        "before": card.referred.organisation,
        "reason": reason.value,
        "reply": words,
    }
    between = read_need(session, need_id=card.id)
    return refer_on(session, now=now, card=between, why="declined", after=after)


def ask_back(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    referral_id: int,
    version: int,
    question: str,
    of_desk: bool = False,
) -> NeedCard:
    """The organisation asks the resident, or the desk, something before it answers."""
    card = get_referred(session, actor_id=actor_id, referral_id=referral_id)
    _move(
        session,
        card,
        ReferralMove.ASK,
        now=now,
        version=version,
        next_step_at=_again(session, card, now=now),
        values={
            "asked": "desk" if of_desk else "resident",
            "question": _seal(session, referral_id, "question", question),
            "answer": None,
            "with_desk": of_desk,
        },
    )
    fresh = read_need(session, need_id=card.id)
    journal(session, fresh, now=now, actor_id=actor_id, what="referral_asked_back")
    if of_desk or not ask_resident(session, fresh, now=now, question=question):
        if not of_desk:
            fresh = lay_on_desk(session, fresh)
        tell_desk(session, fresh, now=now, why="asks", question=question)
    _tell_colleagues(session, fresh, now=now, but=actor_id, lead="referral_asked")
    return fresh


def ask_resident(session: Session, card: NeedCard, *, now: datetime, question: str) -> bool:
    """Put the question to those who speak for the resident; False when nobody is reached."""
    news = News(
        "need_referral_asks",
        buttons=referral_answer_buttons(card),
        facts={"question": question},
        about=card.referred.version,
    )
    return tell_residents(session, card, now=now, news=news)


def answer_question(
    session: Session, *, now: datetime, actor_id: int, referral_id: int, version: int, answer: str
) -> NeedCard:
    """The resident, or the desk, answers: the organisation has its whole time again."""
    card = find_asked(session, actor_id=actor_id, referral_id=referral_id)
    standing = stands(session, card, now=now)
    due = standing["due_at"]
    _move(
        session,
        card,
        ReferralMove.ANSWER,
        now=now,
        version=version,
        next_step_at=working_moment(session.house.local(now + (due - now) / 2)),
        values={
            "asked": None,
            "answer": _seal(session, referral_id, "answer", answer),
            "with_desk": False,
            "due_at": due,
        },
    )
    fresh = read_need(session, need_id=card.id)
    journal(session, fresh, now=now, actor_id=actor_id, what="referral_answered")
    if tell_organisation(session, fresh, now=now, lead="referral_answer") == 0:
        fresh = lay_on_desk(session, fresh)
        tell_desk(session, fresh, now=now, why="no_staff", question=None, answer=answer)
    return fresh


def find_asked(session: Session, *, actor_id: int, referral_id: int) -> NeedCard:
    """Return the need to whoever may answer for the resident."""
    need_id = session.value(select(referral.c.need_id).where(referral.c.id == referral_id))
    card = find_need(session, need_id=need_id) if need_id is not None else None
    if card is None:
        raise NotAllowed
    check(session, Act.CHANGE_NEED, actor_id=actor_id, card=card)
    if card.referral is None or card.referral.id != referral_id:
        raise ReferralOver(state=card.state.value)
    return card


def finish_referral(
    session: Session, *, now: datetime, actor_id: int, referral_id: int, version: int, result: str
) -> NeedCard:
    """The organisation says that it is done, and what came of it; the resident is asked."""
    card = get_referred(session, actor_id=actor_id, referral_id=referral_id)
    _move(
        session,
        card,
        ReferralMove.FINISH,
        now=now,
        version=version,
        next_step_at=_again(session, card, now=now),
        values={
            "words": _seal(session, referral_id, "words", result),
            "by_phone": _is_by_phone(session, card, actor_id=actor_id),
            "with_desk": False,
        },
    )
    fresh = read_need(session, need_id=card.id)
    hide_referred(session, fresh, now=now)
    journal(session, fresh, now=now, actor_id=actor_id, what="referral_done")
    if not ask_whether_solved(session, fresh, now=now, result=result):
        fresh = lay_on_desk(session, fresh)
        tell_desk(session, fresh, now=now, why="unconfirmed", reply=result)
    _tell_colleagues(session, fresh, now=now, but=actor_id, lead="referral_finished")
    return fresh


def ask_whether_solved(session: Session, card: NeedCard, *, now: datetime, result: str) -> bool:
    """Ask those who speak for the resident; False when nobody is reached."""
    news = News(
        "need_is_it_solved",
        buttons=solved_buttons(card),
        facts={"reply": result},
        about=card.referred.version,
    )
    return tell_residents(session, card, now=now, news=news)


def _move(
    session: Session,
    card: NeedCard,
    move: ReferralMove,
    *,
    now: datetime,
    version: int,
    next_step_at: datetime,
    values: Mapping[str, Any],
    start: datetime | None = None,
) -> None:
    """Take the move, if both still stand as the card says. Always the need first: no deadlock.

    The need's version stays: its resident's buttons are as good as before.
    """
    had = card.referred
    if had.version != version or not may_move(had.state, move):
        raise _moved(session, had.id)
    standing = stands(session, card, now=now, start=start)
    held = session.change(
        update(need)
        .where(need.c.id == card.id, need.c.version == card.version)
        .where(need.c.state == NeedState.REFERRED.value)
        .values(next_step_at=next_step_at, asked=0, **standing)
    )
    if held != 1:
        raise _moved(session, had.id)
    changed = session.change(
        update(referral)
        .where(referral.c.id == had.id, referral.c.version == version)
        .where(referral.c.ended_at.is_(None), referral.c.state.in_(MOVES[move].before))
        .values(state=MOVES[move].after.value, version=version + 1, **values)
    )
    if changed != 1:
        raise _moved(session, had.id)


def _moved(session: Session, referral_id: int) -> ReferralMoved:
    """Say where it stands now, and who answered."""
    row = session.find(select(referral).where(referral.c.id == referral_id))
    by = None
    if row is not None and row.accepted_by is not None:
        who = find_person(session, person_id=row.accepted_by)
        by = who.name if who is not None else None
    return ReferralMoved(state=row.state if row is not None else "", by=by)


def _is_by_phone(session: Session, card: NeedCard, *, actor_id: int) -> bool:
    """Whether somebody notes the answer who does not work there."""
    near = relations_to(session, actor_id=actor_id, resident_id=card.resident_id, card=card)
    return Relation.REFERRED_TO not in near


def _again(session: Session, card: NeedCard, *, now: datetime) -> datetime:
    return working_moment(session.house.local(now + ASK_AGAIN[card.urgency]))


def _seal(session: Session, referral_id: int, column: str, text: str | None) -> bytes | None:
    if text is None:
        return None
    uid = session.value(select(referral.c.uid).where(referral.c.id == referral_id))
    return session.vault.seal(text, place=f"referral.{column}:{uid}")


def _tell_colleagues(
    session: Session, card: NeedCard, *, now: datetime, but: int, lead: str
) -> None:
    tell_organisation(session, card, now=now, lead=lead, but=but, message_class=MessageClass.INFO)
