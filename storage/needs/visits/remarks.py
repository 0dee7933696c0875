"""Words about a visit: a remark for the next helper, a reflection, and why it was not solved."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.consents import give_consent
from storage.database import Session
from storage.journal import note
from storage.needs.buttons import button
from storage.needs.cards import read_need
from storage.needs.standing import is_allowed
from storage.needs.telling import News, tell_residents
from storage.outbox import MessageClass
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, Refusal, TooLate
from storage.rules.access import Act
from storage.rules.purposes import Ground, Purpose
from storage.rules.respect import find_disrespectful
from storage.scope import seen_through
from storage.tables import claim, consent, need, person, visit_word

# The newest ones: a helper reads them at the door.
SHOWN_AT_MOST = 3
REFLECTIONS_AT_ONCE = 5
WORDS_LIMIT = 200


class Disrespectful(Refusal):
    """Words about somebody that would hurt them: say it differently."""

    key = "disrespectful"


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody wrote after a visit."""

    id: int
    need_id: int
    resident_id: int
    by: str
    words: str
    written_at: datetime


def leave_remark(
    session: Session, *, now: datetime, volunteer_id: int, claim_id: int, words: str
) -> None:
    """A helper leaves a remark for the next one; the home sees it, and may take it away."""
    row = _visit_of(session, volunteer_id=volunteer_id, claim_id=claim_id)
    word_id = keep_words(
        session, now=now, claim_id=claim_id, kind="remark", by=volunteer_id, words=words
    )
    card = read_need(session, need_id=row)
    helper = session.value(select(person.c.name).where(person.c.id == volunteer_id))
    facts = {"volunteer": helper, "remark": words}
    remove = [[button("visit.remove", "visit", "remove", word_id, 0)]]
    news = News("visit_remark", MessageClass.INFO, facts=facts, buttons=remove, about=word_id)
    tell_residents(session, card, now=now, news=news)


def reflect(
    session: Session, *, now: datetime, volunteer_id: int, claim_id: int, words: str, share: bool
) -> None:
    """服务心得: what a visit meant to the helper; shown to nobody but with their yes."""
    _visit_of(session, volunteer_id=volunteer_id, claim_id=claim_id)
    keep_words(
        session,
        now=now,
        claim_id=claim_id,
        kind="reflection",
        by=volunteer_id,
        words=words,
        share=share,
    )
    if share:
        give_consent(
            session,
            now=now,
            person_id=volunteer_id,
            purpose=Purpose.PUBLISH_STORY,
            given_by=volunteer_id,
            ground=Ground.SELF,
        )


def keep_words(
    session: Session,
    *,
    now: datetime,
    claim_id: int,
    kind: str,
    by: int,
    words: str,
    share: bool = False,
) -> int:
    """Seal words about a visit; raises Disrespectful, or AlreadyDone when there are some."""
    if kind == "remark" and find_disrespectful(words) is not None:
        raise Disrespectful
    uid = secrets.token_hex(16)
    values = {
        "uid": uid,
        "claim_id": claim_id,
        "kind": kind,
        "words": session.vault.seal(words, place=f"visit_word.words:{uid}"),
        "shared": share,
        "written_by": by,
        "written_at": now,
    }
    try:
        with session.savepoint():
            word_id = session.value(insert(visit_word).values(values).returning(visit_word.c.id))
    except IntegrityError as error:
        raise AlreadyDone from error
    note(
        session,
        now=now,
        what=f"{kind}_written",
        actor_id=by,
        thing="claim",
        thing_id=claim_id,
        detail="shared" if share else "",
    )
    return int(word_id)


def _visit_of(session: Session, *, volunteer_id: int, claim_id: int) -> int:
    """The need of a visit that this helper made. Raises NotAllowed."""
    need_id = session.value(
        select(claim.c.need_id).where(
            claim.c.id == claim_id,
            claim.c.volunteer_id == volunteer_id,
            claim.c.done_at.is_not(None),
        )
    )
    if need_id is None:
        raise NotAllowed
    return int(need_id)


_REMARKS = (
    select(visit_word, need.c.id.label("need_id"), need.c.resident_id, person.c.name)
    .join(claim, claim.c.id == visit_word.c.claim_id)
    .join(need, need.c.id == claim.c.need_id)
    .join(person, person.c.id == visit_word.c.written_by)
    .where(visit_word.c.words.is_not(None))
    .order_by(visit_word.c.id.desc())
)


def list_remarks(session: Session, *, resident_id: int, limit: int = SHOWN_AT_MOST) -> list[Remark]:
    """Return the newest remarks about visits to somebody. Who may read them is the caller's."""
    mine = _REMARKS.where(need.c.resident_id == resident_id, visit_word.c.kind == "remark")
    return [_remark(session, row) for row in session.all(mine.limit(limit))]


def list_reflections(
    session: Session, *, now: datetime, actor: Person, before: int | None = None
) -> list[Remark]:
    """Return what helpers let be shown, to staff, the newest or those before a given one.

    Nothing whose writer took the yes back, or whose yes has run out.
    """
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    may_be_told = exists().where(
        consent.c.person_id == visit_word.c.written_by,
        consent.c.purpose == Purpose.PUBLISH_STORY.value,
        consent.c.withdrawn_at.is_(None),
        or_(consent.c.expires_at.is_(None), consent.c.expires_at > now),
    )
    shown = _REMARKS.where(visit_word.c.kind == "reflection", visit_word.c.shared, may_be_told)
    shown = shown.where(seen_through(actor, visit_word.c.written_by))
    if before is not None:
        shown = shown.where(visit_word.c.id < before)
    return [_remark(session, row) for row in session.all(shown.limit(REFLECTIONS_AT_ONCE))]


def _remark(session: Session, row: object) -> Remark:
    found = row._mapping  # type: ignore[attr-defined]
    place = f"visit_word.words:{found['uid']}"
    return Remark(
        id=found["id"],
        need_id=found["need_id"],
        resident_id=found["resident_id"],
        by=found["name"],
        words=session.vault.unseal(found["words"], place=place),
        written_at=found["written_at"],
    )


def remove_remark(session: Session, *, now: datetime, actor_id: int, word_id: int) -> None:
    """Those whom it is about, or staff, take a remark away; its words are gone for good."""
    row = session.find(
        select(visit_word.c.words, need.c.resident_id)
        .join(claim, claim.c.id == visit_word.c.claim_id)
        .join(need, need.c.id == claim.c.need_id)
        .where(visit_word.c.id == word_id, visit_word.c.kind == "remark")
    )
    if row is None or not is_allowed(
        session, Act.CONFIRM_NEED, actor_id=actor_id, resident_id=row.resident_id
    ):
        raise NotAllowed
    removed = session.change(
        update(visit_word)
        .where(visit_word.c.id == word_id, visit_word.c.removed_at.is_(None))
        .values(words=None, removed_by=actor_id, removed_at=now)
    )
    if not removed:
        raise TooLate
    note(
        session,
        now=now,
        what="remark_removed",
        actor_id=actor_id,
        subject_id=row.resident_id,
        thing="visit_word",
        thing_id=word_id,
    )
