"""Somebody with something in every corner of the register, to be looked for afterwards."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select
from sqlmodel import SQLModel

from storage.choices import Button
from storage.database import Session
from storage.dialogues import save_dialogue
from storage.files import keep_file
from storage.inbox import mark_done, store_updates
from storage.outbox import MessageClass, say
from storage.people import Person, get_person, set_address
from storage.registers import change_profile, record_certificate
from storage.rules.dangers import went_to
from storage.sealed import SEALED
from storage.tables import (
    alarm,
    call_back,
    check_in_plan,
    claim,
    home_access,
    home_visit,
    household,
    life_change,
    need,
    need_media,
    need_series,
    organisation,
    organisation_kind,
    outbox,
    pair,
    pair_log,
    question,
    referral,
    reopening,
    statement,
    survey_answer,
    survey_round,
    verification,
    visit_word,
)
from tests.storage.residents import register

NAME, PHONE, ADDRESS = "陈素芬", "+8610000000003", "青山村三组枇杷树下"
WORDS = "枇杷树下的灯坏了"
CHAT = 77_001_003
CERTIFICATE = "50029919620714018343"
TELLING = (NAME, PHONE.removeprefix("+86"), "枇杷", str(CHAT), CERTIFICATE)


def fill(session: Session, *, now: datetime, helper: Person, staff: Person) -> Person:
    """Register 陈素芬, and put her words and numbers wherever they can stand."""
    chen = register(session, now=now, name=NAME, roles=("resident", "volunteer"), chat=CHAT)
    change = {"phone": PHONE, "address": ADDRESS, "community": None}
    change_profile(session, now=now, actor=chen, person_id=chen.id, values=change, ground="chat")
    set_address(session, person_id=chen.id, address=ADDRESS)
    record_certificate(
        session,
        now=now,
        actor=staff,
        person_id=chen.id,
        number=CERTIFICATE,
        ground="card",
        seen_on_card=True,
    )
    needed = _need(session, now, chen.id, WORDS)
    visited = _add(
        session, claim, now, need_id=needed, volunteer_id=helper.id, note=WORDS, minutes=60
    )
    _add_after_visit(session, now, needed, visited, chen.id, helper.id)
    other = _need(session, now, helper.id, "门锁坏了")
    _add(session, claim, now, need_id=other, volunteer_id=chen.id, note=WORDS, minutes=90)
    _add_plan(session, now, chen.id, helper.id)
    _add(
        session,
        alarm,
        now,
        person_id=chen.id,
        chat_id=CHAT,
        words=WORDS,
        danger="fire_gas",
        state="closed",
        ending="seen",
        rings=0,
    )
    _add(
        session,
        alarm,
        now,
        person_id=helper.id,
        chat_id=2,
        words=went_to((NAME, ADDRESS, PHONE)),
        danger="no_word",
        state="closed",
        ending="reached",
        rings=1,
    )
    _add(
        session,
        statement,
        now,
        person_id=chen.id,
        witness_id=helper.id,
        channel="paper",
        words=WORDS,
        said_at=now,
    )
    keep_file(
        session,
        now=now,
        name=f"{NAME}.docx",
        media_type="text/plain",
        body=WORDS.encode(),
        purpose="copy",
        owner_id=chen.id,
    )
    _add_survey(session, now, chen.id, helper.id)
    _add_way(session, now, needed, chen.id, staff.id)
    _add_asked_for(session, now, chen.id, helper.id)
    _fill_machinery(session, now)
    return get_person(session, person_id=chen.id)


def _fill_machinery(session: Session, now: datetime) -> None:
    body = {"update_id": 5, "message": {"chat": {"id": CHAT}, "text": WORDS}}
    store_updates(session, bot_id=7, updates=[body], now=now)
    mark_done(session, bot_id=7, update_ids=[5], now=now)
    save_dialogue(session, now=now, chat_id=CHAT, topic="t", question="q", answers={"a": WORDS})
    say(
        session,
        now=now,
        chat_id=CHAT,
        key="told",
        template="help",
        message_class=MessageClass.INFO,
        facts={"words": WORDS},
        buttons=[[Button("verbatim", "a:b:1:1", {"text": WORDS})]],
    )
    session.change(outbox.update().where(outbox.c.key == "told").values(state="sent", sent_at=now))


def _need(session: Session, now: datetime, resident_id: int, words: str) -> int:
    return _add(
        session,
        need,
        now,
        resident_id=resident_id,
        stated_by=resident_id,
        area="livelihood",
        category="errand",
        action="home_help",
        urgency="U2",
        words=words,
        state="closed",
        ended_at=now,
        origin="chat",
        round=1,
        wave=0,
        asked=0,
    )


def _add_plan(session: Session, now: datetime, resident_id: int, caller_id: int) -> None:
    plan_id = _add(
        session,
        check_in_plan,
        now,
        resident_id=resident_id,
        caller_id=caller_id,
        contact_name=NAME,
        contact_phone=PHONE,
        weekdays=127,
        local_time="09:00",
        tier="b",
        state="ended",
        created_by=caller_id,
    )
    told = {"told_by": caller_id, "told_on": now.date(), "until": now.date(), "created_at": now}
    row = {"resident_id": resident_id, "kind": "fell", "plan_id": plan_id, **told}
    session.execute(insert(life_change).values(row))


def _add_after_visit(
    session: Session, now: datetime, need_id: int, claim_id: int, person_id: int, helper_id: int
) -> None:
    """What was left for the next one, why it was opened again, and what was said on the phone."""
    wrote = {"claim_id": claim_id, "written_by": helper_id, "written_at": now}
    _add(session, visit_word, now, kind="remark", words=WORDS, **wrote)
    _add(session, visit_word, now, kind="reflection", words="帮了忙很高兴", shared=True, **wrote)
    again = {"reason": "broke_again", "reopened_by": person_id, "reopened_at": now}
    _add(session, reopening, now, need_id=need_id, words=WORDS, **again)
    said = {"outcome": "partly", "satisfied": 4, "words": WORDS, "done_at": now, "state": "done"}
    asked = {"need_id": need_id, "resident_id": person_id, "week": now.date(), "why": "sample"}
    _add(session, call_back, now, **asked, **said)


def _add_asked_for(session: Session, now: datetime, person_id: int, helper_id: int) -> None:
    """A question with its answer, a service that recurred, and a visit of an institution."""
    answered = {"state": "answered", "answered_by": helper_id, "ended_at": now}
    _add(session, question, now, person_id=person_id, words=WORDS, reply=WORDS, **answered)
    _add(
        session,
        need_series,
        now,
        resident_id=person_id,
        made_by=person_id,
        category="errand",
        words=WORDS,
        pattern="weekly:6",
        local_time="09:00",
        starts_on=now.date(),
        next_on=now.date(),
        state="ended",
        ended_at=now,
    )
    _add_pair(session, now, person_id, helper_id)
    record = {"category": "physical", "acts": ["massage"], "advice": WORDS}
    _add(
        session,
        home_visit,
        now,
        person_id=person_id,
        organisation_id=session.value(select(organisation.c.id).limit(1)),
        visited_on=now.date(),
        record=json.dumps(record, ensure_ascii=False),
        written_by=helper_id,
    )


def _add_pair(session: Session, now: datetime, person_id: int, helper_id: int) -> None:
    """A pair with a neighbour that is over, with what was agreed and what either side said."""
    home = session.add(insert(household).values(group_code="", created_at=now, version=1))
    both = {
        f"{side}_{part}": value
        for side, who in (("resident", person_id), ("helper", helper_id))
        for part, value in (("yes_at", now), ("yes_by", who), ("ground", "self"))
    }
    over = {"state": "ended", "ended_at": now, "ended_reason": "helper_moved", "agreed_at": now}
    made = _add(
        session,
        pair,
        now,
        kind="neighbour",
        household_id=home,
        resident_id=person_id,
        helper_id=helper_id,
        words=WORDS,
        keeper_id=helper_id,
        made_by=helper_id,
        **both,
        **over,
    )
    for side, who in (("resident", person_id), ("helper", helper_id)):
        said = {"side": side, "written_by": who, "at": now, "words": WORDS}
        _add(session, pair_log, now, pair_id=made, outcome="problem", waits=False, **said)


def _add_way(session: Session, now: datetime, need_id: int, person_id: int, staff_id: int) -> None:
    """How the need was verified and referred, a voice written down, and the door."""
    session.execute(insert(organisation_kind).values(key="clinic", name="诊所"))
    named = insert(organisation).values(
        kind="clinic", name="办公室", path="9/", active=True, created_at=now, version=1
    )
    _add(
        session,
        referral,
        now,
        need_id=need_id,
        organisation_id=session.add(named),
        state="done",
        due_at=now,
        ended_at=now,
        solved=True,
        **dict.fromkeys(("question", "answer", "words"), WORDS),
    )
    known = {"way": "phone", "outcome": "right", "made_by": staff_id}
    _add(session, verification, now, need_id=need_id, reason=WORDS, **known)
    heard = {"kind": "voice", "state": "done", "transcript": WORDS}
    for of in (need_id, None):
        _add(
            session,
            need_media,
            now,
            need_id=of,
            resident_id=person_id,
            sender_id=person_id,
            **heard,
        )
    uid, told = secrets.token_hex(16), json.dumps({"words": WORDS}, ensure_ascii=False)
    session.execute(
        insert(home_access).values(
            uid=uid,
            person_id=person_id,
            facts=session.vault.seal(told, place=f"home_access.facts:{uid}"),
            told_by=person_id,
            told_at=now,
        )
    )


def _add_survey(session: Session, now: datetime, person_id: int, staff_id: int) -> None:
    asked = insert(survey_round).values(
        title="摸底",
        kind="resident",
        field_keys="",
        questions=json.dumps(["还缺什么？"], ensure_ascii=False),
        audience="{}",
        state="closed",
        closes_at=now,
        opened_by=staff_id,
        created_at=now,
        version=1,
    )
    told = [{"values": {"ethnicity": "汉"}, "replies": {"0": WORDS}}]
    _add(
        session,
        survey_answer,
        now,
        round_id=session.add(asked),
        person_id=person_id,
        by_chat=True,
        state="answered",
        channel="chat",
        told_by=person_id,
        told_at=now,
        asked=1,
        answers=json.dumps(told, ensure_ascii=False),
    )


def _add(session: Session, table: Table, now: datetime, **values: Any) -> int:
    uid = secrets.token_hex(16)
    row: dict[str, Any] = {"uid": uid, **values}
    if "created_at" in table.c:
        row["created_at"] = now
    if "version" in table.c:
        row["version"] = 1
    if table is claim:
        row |= {"state": "confirmed", "ended_at": now}
    for one in SEALED:
        if one.table == table.name and row.get(one.column) is not None:
            row[one.column] = session.vault.seal(row[one.column], place=one.place_of(row))
    return session.add(insert(table).values(row))


def everything(session: Session) -> str:
    """Every cell of the database as text, what is sealed opened."""
    sealed = {(one.table, one.column): one for one in SEALED}
    cells: list[str] = []
    for table in SQLModel.metadata.tables.values():
        for row in session.all(select(table)):
            named: Mapping[Any, Any] = row._mapping
            for column in table.columns:
                value = named[column.name]
                one = sealed.get((table.name, column.name))
                if one is not None and value is not None:
                    value = session.vault.unseal_bytes(value, place=one.place_of(named))
                    value = value.decode("utf-8", "replace")
                cells.append(f"{table.name}.{column.name}={value}")
    return "\n".join(cells)
