"""A voice and a photo leave a helper's chat, as far as Telegram lets them, over real HTTP."""

import struct
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.taking_back import TAKEN_BACK
from storage.files import keep_file
from storage.outbox import MessageClass
from tests.bot.office import Office
from tests.storage.post import RESIDENT

ANSWER = MessageClass.ANSWER
PHOTO = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 640, 480) + bytes(200)
VOICE = b"OggS\x00\x02" + bytes(range(256))
SENT: dict[str, tuple[str, bytes]] = {"photo": ("image/png", PHOTO), "voice": ("audio/ogg", VOICE)}


async def _send(office: Office, kind: str) -> int:
    """A helper was shown a voice or photo; returns its message."""
    media_type, body = SENT[kind]
    file_id = office.post.database.do(
        keep_file,
        now=office.clock.now(),
        name=kind,
        media_type=media_type,
        body=body,
        purpose=f"need_{kind}",
    )
    office.open()
    office.say("shown", "对方的", document=file_id, message_class=ANSWER)
    await office.until("shown", "sent")
    return int(office.post.row("shown").message_id)


async def _two_days_pass(office: Office) -> None:
    """The messenger's clock goes on, which is all that counts for it."""
    state = (await office.room.get("/page/state")).body
    later = datetime.fromisoformat(state["clock"]) + timedelta(days=2, minutes=1)
    await office.room.report(id=0, ok=True, clock=later.isoformat())


async def _take_back(office: Office, number: int) -> Any:
    """It is taken back; returns how the message looks then."""
    office.post.say("back", template=TAKEN_BACK, edits=number, message_class=ANSWER)
    office.delivery.wake()
    await office.until("back", "sent")
    (shown,) = await office.room.shown(RESIDENT)
    return shown


@pytest.mark.parametrize("kind", ["photo", "voice"])
async def test_within_two_days_it_is_deleted(office: Office, kind: str) -> None:
    shown = await _take_back(office, await _send(office, kind))
    assert (shown["deleted"], shown["media"]) == (True, None)


async def test_an_older_photo_is_replaced_by_an_empty_one(office: Office) -> None:
    number = await _send(office, "photo")
    await _two_days_pass(office)
    shown = await _take_back(office, number)
    assert shown["deleted"] is False
    assert "照片收起来了" in shown["text"]
    async with office.room.session.get(office.room.url + shown["media"]["url"]) as response:
        assert PHOTO not in await response.read()


async def test_an_older_voice_stays_and_the_helper_is_asked_to_delete_it(office: Office) -> None:
    number = await _send(office, "voice")
    await _two_days_pass(office)
    shown = await _take_back(office, number)
    assert (shown["deleted"], shown["media"]["kind"]) == (False, "voice")
    assert "请您按住这条消息，自己把它删掉" in shown["text"]


async def test_taking_back_twice_is_no_new_message(office: Office) -> None:
    number = await _send(office, "voice")
    await _two_days_pass(office)
    await _take_back(office, number)
    office.post.say("again", template=TAKEN_BACK, edits=number, message_class=ANSWER)
    office.delivery.wake()
    await office.until("again", "sent")
    assert len(await office.room.shown(RESIDENT)) == 1


async def test_what_the_helper_deleted_already_is_let_be(office: Office) -> None:
    number = await _send(office, "voice")
    await office.room.api("deleteMessage", chat_id=RESIDENT, message_id=number)
    shown = await _take_back(office, number)
    assert shown["deleted"] is True


async def test_after_an_unclear_end_it_is_taken_back_again(office: Office) -> None:
    number = await _send(office, "photo")
    await office.fault("drop", method="deleteMessage")
    office.post.say("back", template=TAKEN_BACK, edits=number, message_class=ANSWER)
    office.delivery.wake()
    await office.tried("back")
    await office.skip(6)
    await office.until("back", "sent")
    (shown,) = await office.room.shown(RESIDENT)
    assert shown["deleted"] is True
