"""Erasing: the person goes, the counts stay. There is no way back, and whoever asks is told so."""

import re
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from storage.database import Session
from storage.journal import note
from storage.leaving.going import end_roles, end_ties, forget
from storage.leaving.open_work import list_reasons
from storage.leaving.traces import TRACES, Fate, Trace
from storage.pairs.gone import part_pairs
from storage.people import Person
from storage.refusals import NotAllowed, Refusal
from storage.rules.access import Act, Relation, Role, may
from storage.rules.dangers import without_homes
from storage.scope import staff_relations
from storage.sealed import SEALED, SealedColumn
from storage.tables import (
    alarm,
    alarm_listener,
    call_back,
    caregiver,
    chat,
    check_in_plan,
    choice,
    claim,
    dialogue,
    erasure,
    file,
    inbox,
    incident,
    invitation,
    need,
    need_detail,
    need_media,
    outbox,
    pair,
    pair_log,
    person,
    question,
    referral,
    reopening,
    tie,
    verification,
    visit_word,
    wrong_code,
)
from storage.vault import VaultError

# What a helper of years ago is called from now on, the same in every language.
PSEUDONYM = "已注销 {mark}"
# Where the messenger's number of a chat stands and the row goes with it; in the outbox only what
# has ended goes, in alarms and invitations the number is put out.
CHATS = (dialogue, choice, wrong_code, incident, alarm_listener)
_REFERRAL_WORDS = ("question", "answer", "words")
_ENDED = ("sent", "unknown", "dead", "expired", "unwanted")


class NotErased(Refusal):
    """Somebody still counts on this person; ``reasons`` are what has to end first."""

    key = "not_erased"


def erase(
    session: Session, *, now: datetime, actor: Person, subject: Person, ground: str = "self"
) -> bool:
    """Erase a person; raises NotErased while something is open. False: they were erased before.

    ``ground``: self, guardian, or signed (staff, on a request that the person signed).
    """
    check_may_erase(session, actor=actor, subject=subject, ground=ground)
    if is_erased(session, person_id=subject.id):
        return False
    reasons = list_reasons(session, person=subject)
    if reasons:
        raise NotErased(reasons=reasons)
    row = {"person_id": subject.id, "erased_by": actor.id, "ground": ground, "erased_at": now}
    try:
        with session.savepoint():
            session.execute(insert(erasure), row)
    except IntegrityError:
        return False  # pressed twice at this moment
    kinds = list(subject.roles)
    end_roles(session, now=now, person=subject, kinds=kinds, by=actor.id)
    end_ties(session, now=now, person=subject, kinds=["resident", "caregiver"])
    # While they still have a name: whoever is to be told by a person knows who it was.
    part_pairs(session, now=now, person_id=subject.id)
    forget(session, now=now, person=subject)
    _be_no_contact(session, subject.id)
    for trace in TRACES:
        _follow(session, trace, subject.id)
    _empty_notes_about(session, subject.id)
    _empty_details_of(session, subject.id)
    _ask_no_more(session, subject.id, now=now)
    _forget_way_to(session, subject.id)
    for chat_id in _list_chats(session, subject.id):
        _forget_chat(session, chat_id)
    _take_name(session, subject.id)
    note(session, now=now, what="erased", actor_id=actor.id, subject_id=subject.id, ground=ground)
    return True


def is_erased(session: Session, *, person_id: int) -> bool:
    """Whether the person was erased."""
    found = select(erasure.c.person_id).where(erasure.c.person_id == person_id)
    return session.find(found) is not None


def check_may_erase(session: Session, *, actor: Person, subject: Person, ground: str) -> None:
    """Themselves, a guardian, or staff of the person's organisation; raises NotAllowed."""
    relations = {Relation.OWN} if actor.id == subject.id else set()
    guardian = select(caregiver.c.id).where(
        caregiver.c.resident_id == subject.id,
        caregiver.c.caregiver_id == actor.id,
        caregiver.c.state == "confirmed",
        caregiver.c.kind == "guardian",
    )
    if session.find(guardian) is not None:
        relations.add(Relation.GUARDIAN)
    needed = {"self": Relation.OWN, "guardian": Relation.GUARDIAN}.get(ground)
    if needed is not None and needed not in relations:
        raise NotAllowed
    relations |= staff_relations(session, actor=actor, person_id=subject.id)
    roles = [Role(kind) for kind in actor.roles if actor.is_approved(kind)]
    if not may(Act.ERASE_PERSON, roles, *relations):
        raise NotAllowed


def _be_no_contact(session: Session, person_id: int) -> None:
    """Nobody is phoned any more who was somebody's emergency contact."""
    session.change(
        update(check_in_plan)
        .where(check_in_plan.c.contact_id == person_id)
        .values(
            contact_name=None,
            contact_phone=None,
            contact_answer="withdrawn",
            contact_agreed_at=None,
            contact_agreed_as=None,
            version=check_in_plan.c.version + 1,
        )
    )


def _follow(session: Session, trace: Trace, person_id: int) -> None:
    table = SQLModel.metadata.tables[trace.table]
    mine = table.c[trace.column] == person_id
    if trace.fate is Fate.GOES:
        session.change(delete(table).where(mine))
    elif trace.fate is Fate.UNLINKED:
        session.change(update(table).where(mine).values({trace.column: None}))
    elif trace.table == file.name:
        _wipe_files(session, mine)
    elif trace.fate is Fate.EMPTIED:
        for one in SEALED:
            if one.table == trace.table:
                _empty(session, one, mine)
        for column in trace.blank:
            empty = None if table.c[column].nullable else ""
            session.change(update(table).where(mine).values({column: empty}))


def _empty(session: Session, one: SealedColumn, mine: ColumnElement[bool]) -> None:
    """Nothing instead of what was sealed; where the column must hold something, sealed nothing."""
    if one.sealed.nullable:
        session.change(update(one.of).where(mine).values({one.column: None}))
        return
    for row in session.all(select(one.of).where(mine)):
        nothing = session.vault.seal("", place=one.place_of(row._mapping))
        keys = [column == row._mapping[column.name] for column in one.of.primary_key.columns]
        session.change(update(one.of).where(*keys).values({one.column: nothing}))


def _wipe_files(session: Session, mine: ColumnElement[bool]) -> None:
    session.change(update(file).where(mine).values(name=""))
    session.change(
        update(file)
        .where(mine, file.c.state.in_(("awaited", "kept")))
        .values(state="wiped", body=None)
    )


def _empty_notes_about(session: Session, person_id: int) -> None:
    """What was written down about visits to this person, whoever wrote it."""
    theirs = select(need.c.id).where(need.c.resident_id == person_id)
    visits = select(claim.c.id).where(claim.c.need_id.in_(theirs))
    pairs = select(pair.c.id).where(pair.c.resident_id == person_id)
    both = select(pair.c.id).where(
        (pair.c.resident_id == person_id) | (pair.c.helper_id == person_id)
    )
    for table, mine, column in (
        (claim, claim.c.need_id.in_(theirs), "note"),
        (claim, claim.c.need_id.in_(theirs), "door_words"),
        (visit_word, visit_word.c.claim_id.in_(visits), "words"),
        (reopening, reopening.c.need_id.in_(theirs), "words"),
        (pair_log, pair_log.c.pair_id.in_(pairs), "words"),
        (tie, tie.c.pair_id.in_(both), "gives_back"),
        (tie, tie.c.pair_id.in_(both), "override"),
        (verification, verification.c.need_id.in_(theirs), "reason"),
        *((referral, referral.c.need_id.in_(theirs), one) for one in _REFERRAL_WORDS),
    ):
        session.change(update(table).where(mine).values({column: None}))


def _empty_details_of(session: Session, person_id: int) -> None:
    """When, where and how of their needs, and the voices and photos that came with them."""
    theirs = select(need.c.id).where(need.c.resident_id == person_id)
    session.change(delete(need_detail).where(need_detail.c.need_id.in_(theirs)))
    about = select(need_media.c.file_id).where(need_media.c.resident_id == person_id)
    _wipe_files(session, file.c.id.in_(about))


def _ask_no_more(session: Session, person_id: int, *, now: datetime) -> None:
    """Nobody can ask them any more how it was, answer them, or hear what they said."""
    session.change(
        update(call_back)
        .where(call_back.c.resident_id == person_id, call_back.c.state == "open")
        .values(state="dropped", done_at=now, version=call_back.c.version + 1)
    )
    session.change(
        update(question)
        .where(question.c.person_id == person_id, question.c.state == "open")
        .values(state="withdrawn", due_at=None, ended_at=now, version=question.c.version + 1)
    )
    session.change(
        update(need_media)
        .where(need_media.c.resident_id == person_id, need_media.c.state != "done")
        .values(state="done", next_step_at=None, version=need_media.c.version + 1)
    )


def _forget_way_to(session: Session, person_id: int) -> None:
    """Where a helper was looked for stands in that helper's alarm, which is over."""
    theirs = select(need.c.id).where(need.c.resident_id == person_id)
    helpers = select(claim.c.volunteer_id).where(claim.c.need_id.in_(theirs))
    over = (alarm.c.person_id.in_(helpers), alarm.c.state == "closed")
    for row in session.all(select(alarm).where(*over)):
        place = f"alarm.words:{row.uid}"
        words = session.vault.unseal(row.words, place=place)
        kept = without_homes(words)
        if kept != words:
            sealed = session.vault.seal(kept, place=place)
            session.change(update(alarm).where(alarm.c.id == row.id).values(words=sealed))


def _list_chats(session: Session, person_id: int) -> list[int]:
    """Their chat, and those of entries that were merged into theirs."""
    rows = session.all(
        select(person.c.telegram_id)
        .where((person.c.id == person_id) | (person.c.merged_into == person_id))
        .where(person.c.telegram_id.is_not(None))
    )
    return [row.telegram_id for row in rows]


def _forget_chat(session: Session, chat_id: int) -> None:
    """Nothing points at the messenger's account any more; what it is still told goes out."""
    session.change(update(person).where(person.c.telegram_id == chat_id).values(telegram_id=None))
    session.change(update(alarm).where(alarm.c.chat_id == chat_id).values(chat_id=0))
    session.change(update(invitation).where(invitation.c.used_by == chat_id).values(used_by=0))
    for table in CHATS:
        session.change(delete(table).where(table.c.chat_id == chat_id))
    session.change(delete(outbox).where(outbox.c.chat_id == chat_id, outbox.c.state.in_(_ENDED)))
    session.change(
        delete(chat).where(chat.c.id == chat_id, chat.c.language == session.house.language)
    )
    for row in session.all(select(inbox).where(inbox.c.state != "new", inbox.c.body.is_not(None))):
        if _is_from(session, row, chat_id):
            session.change(
                update(inbox)
                .where(inbox.c.bot_id == row.bot_id, inbox.c.update_id == row.update_id)
                .values(body=None)
            )


def _is_from(session: Session, row: Row[Any], chat_id: int) -> bool:
    place = f"inbox.body:{row.bot_id}:{row.update_id}"
    try:
        body = session.vault.unseal(row.body, place=place)
    except VaultError:
        return False
    return re.search(rf"(?<!\d){chat_id}(?!\d)", body) is not None


def _take_name(session: Session, person_id: int) -> None:
    name = PSEUDONYM.format(mark=secrets.token_hex(2).upper())
    session.change(update(person).where(person.c.id == person_id).values(name=name))
