"""Alarms by e-mail, over a real SMTP server on loopback: once for each ring, and lean."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.commands.mail import examine_mail, examine_mails_sent
from bot.mail.post import Postman, server_of
from bot.mail.smtp import greet
from bot.settings import Settings
from messages.render import Wording
from storage.alarms import take_alarm
from storage.alarms.raising import raise_alarm
from storage.database import Database, Session
from storage.heartbeats import beat
from storage.house import MailTo
from storage.mails import count_undelivered, queue_mails, wipe_mail
from storage.outages import CALLS, MESSENGER, note_outages
from storage.rules.dangers import DangerKind
from storage.tables import mail
from tests.bot.smtp_server import Post, post_office
from tests.storage.calls.street import Street

DESK = "desk@example.org"
WORDS = "我胸口疼，喘不上气"


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with post_office() as made:
        yield made


@pytest.fixture
def street(database: Database, now: datetime) -> Street:
    database.house = replace(database.house, mail_to=(MailTo(DESK),))
    made = Street(database, now)
    made.settle()
    return made


@pytest.fixture
def settings(post: Post) -> Settings:
    return Settings(
        _env_file=None,
        mail_host="127.0.0.1",
        mail_port=post.port,
        mail_security="none",
        mail_from="jiai@example.org",
        mail_to=DESK,
    )


def alarm(street: Street) -> int:
    """lan is in danger."""
    raised = street.do(
        raise_alarm,
        now=street.now,
        chat_id=street.chat_of("lan"),
        person_id=street.people["lan"],
        words=WORDS,
        kind=DangerKind.MEDICAL,
    )
    street.tick()
    return raised.alarm.id


async def send(street: Street, settings: Settings) -> int:
    """Queue what is due and send all of it; returns how many were tried."""
    clock = Clock()
    clock.move_to(street.now)
    queue_mails(street.database, now=street.now)
    wording = Wording(zone="Asia/Shanghai")
    postman = Postman(settings, database=street.database, wording=wording, clock=clock)
    tried = 0
    while await asyncio.to_thread(postman.step):
        tried += 1
    return tried


def rows(street: Street) -> list[Any]:
    def read(session: Session) -> list[Any]:
        return list(session.all(select(mail).order_by(mail.c.id)))

    return street.do(read)


async def test_an_alarm_goes_out_once_for_each_ring_and_says_little(
    street: Street, post: Post, settings: Settings
) -> None:
    alarm(street)
    await send(street, settings)
    assert await send(street, settings) == 0
    (one,) = post.mails
    assert post.receivers == [DESK]
    assert (one["To"], one["From"]) == (DESK, "jiai@example.org")
    assert one["Subject"] == "集爱善行警报：需要马上有人联系"
    text = one.get_content()
    assert "lan" in text
    assert "请打开聊天" in text
    for secret in (WORDS, "胸", "急病", "13900139000", "139 0013", "桂花小区"):
        assert secret not in text, "nothing of health, no number, no address"
    assert rows(street)[0].state == "sent"


async def test_in_nobodys_hand_it_is_mailed_again_and_when_taken_no_more(
    street: Street, post: Post, settings: Settings
) -> None:
    number = alarm(street)
    await send(street, settings)
    street.forward(minutes=16)
    await send(street, settings)
    assert len(post.mails) == 2
    assert "还没有人接手" in post.mails[1].get_content()
    street.forward(minutes=16)
    queue_mails(street.database, now=street.now)
    street.do(take_alarm, now=street.now, actor_id=street.people["wang"], alarm_id=number)
    await send(street, settings)
    assert len(post.mails) == 2
    assert rows(street)[-1].error == "no longer wanted"


async def test_a_number_goes_along_only_where_the_setting_allows_it(
    street: Street, post: Post, settings: Settings
) -> None:
    street.database.house = replace(street.database.house, mail_numbers=True)
    alarm(street)
    await send(street, settings)
    assert "139 0013 9000" in post.mails[0].get_content()


async def test_a_server_that_is_away_is_tried_again(
    street: Street, post: Post, settings: Settings
) -> None:
    post.faults = [("MAIL", "451 not now"), ("RCPT", "drop")]
    alarm(street)
    for _ in range(3):
        await send(street, settings)
        street.now += timedelta(minutes=2)
    assert len(post.mails) == 1
    assert "可能重复" not in post.mails[0]["Subject"], "it certainly had not arrived"


async def test_a_mail_that_may_have_arrived_is_repeated_once_and_says_so(
    street: Street, post: Post, settings: Settings
) -> None:
    post.faults = [("BODY", "taken"), ("BODY", "taken")]
    alarm(street)
    for _ in range(4):
        await send(street, settings)
        street.now += timedelta(minutes=2)
    first, second = post.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert second["Subject"].startswith("（可能重复）")
    assert rows(street)[0].state == "unknown"
    assert street.do(count_undelivered, since=street.now - timedelta(days=1))[0] == 1


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (("RCPT", "550 nobody"), "dead"),
        (("BODY", "554 no"), "dead"),
        (("DATA", "421 x"), "pending"),
    ],
)
async def test_what_a_server_says_is_kept_as_a_number_alone(
    street: Street, post: Post, settings: Settings, fault: tuple[str, str], state: str
) -> None:
    post.faults = [fault]
    alarm(street)
    await send(street, settings)
    (row,) = rows(street)
    assert row.state == state
    assert row.error == f"the server said {fault[1][:3]}"


async def test_user_and_password_are_asked_for_and_a_wrong_one_is_said(
    street: Street, post: Post, settings: Settings
) -> None:
    post.user, post.password = "jiai", "right"
    right = replace(server_of(settings), user="jiai", password="right")
    assert await asyncio.to_thread(greet, right) is None
    wrong = replace(right, password="wrong")
    assert await asyncio.to_thread(greet, wrong) == "the server refuses user and password"


async def test_without_the_promised_encryption_nothing_is_sent(
    post: Post, settings: Settings
) -> None:
    server = replace(server_of(settings), security="starttls")
    assert await asyncio.to_thread(greet, server) is not None
    secure = replace(server_of(settings), security="ssl")
    assert await asyncio.to_thread(greet, secure) is not None
    assert post.mails == []
    assert ssl.create_default_context().check_hostname


async def test_a_call_that_nobody_took_is_mailed(
    street: Street, post: Post, settings: Settings
) -> None:
    street.plan(clock=time(11))
    street.forward(hours=5)
    assert "check_in_duty" in street.heard("wang")
    await send(street, settings)
    (one,) = post.mails
    assert one["Subject"] == "集爱善行：有一位居民还没联系上"


async def test_a_messenger_that_is_away_is_mailed_once_and_once_when_it_is_back(
    street: Street, post: Post, settings: Settings
) -> None:
    street.do(beat, names=(CALLS, MESSENGER), now=street.now)
    for minute in range(40):
        street.now += timedelta(minutes=1)
        street.do(beat, names=(CALLS,) if minute < 30 else (CALLS, MESSENGER), now=street.now)
        street.do(note_outages, now=street.now)
        await send(street, settings)
    away, back = post.mails
    assert "连不上聊天软件" in away.get_content()
    assert "jiai today" in away.get_content()
    assert "又连上了" in back.get_content()


async def test_an_organisations_address_gets_its_own_people_alone(
    street: Street, post: Post, settings: Settings
) -> None:
    house = street.database.house
    theirs = (MailTo(DESK), MailTo("other@example.org", "没有这个单位"))
    street.database.house = replace(house, mail_to=theirs)
    alarm(street)
    await send(street, settings)
    assert post.receivers == [DESK]
    street.database.house = replace(house, mail_to=theirs[1:])
    street.now += timedelta(hours=1)
    await send(street, settings)
    assert post.receivers == [DESK, "other@example.org"], "never to nobody"


async def test_names_and_addresses_are_wiped_a_day_after(
    street: Street, post: Post, settings: Settings
) -> None:
    alarm(street)
    await send(street, settings)
    street.do(wipe_mail, now=street.now + timedelta(hours=25))
    (row,) = rows(street)
    assert (row.facts, row.address) == (None, None)


async def test_without_addresses_nothing_is_written(street: Street) -> None:
    street.database.house = replace(street.database.house, mail_to=())
    alarm(street)
    queue_mails(street.database, now=street.now)
    assert rows(street) == []


async def test_the_doctor_signs_in_and_sends_a_test_when_asked(
    post: Post, settings: Settings, now: datetime
) -> None:
    (quiet,) = await examine_mail(settings, now=now, test=False)
    assert (quiet.ok, post.mails) == (True, [])
    findings = await examine_mail(settings, now=now, test=True)
    assert all(one.ok for one in findings)
    assert post.mails[0]["Subject"] == "集爱善行：试发"
    assert DESK not in " ".join(one.says for one in findings)
    elsewhere = settings.model_copy(update={"mail_port": 1})
    (down,) = await examine_mail(elsewhere, now=now, test=True)
    assert not down.ok


async def test_the_doctor_names_what_did_not_go_and_organisations_nobody_knows(
    street: Street, post: Post, settings: Settings
) -> None:
    post.faults = [("RCPT", "550 nobody")]
    alarm(street)
    await send(street, settings)
    house = street.database.house
    street.database.house = replace(house, mail_to=(MailTo(DESK, "没有这个单位"),))
    unknown, failed = street.do(examine_mails_sent, now=street.now)
    assert "没有这个单位" in unknown.says
    assert "the server said 550" in failed.says
