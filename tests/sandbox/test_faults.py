"""Faults on demand: each one happens as ordered, then the world is well again."""

import asyncio
from pathlib import Path
from time import monotonic

import pytest
from aiohttp import ClientError
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from tests.sandbox.room import COORDINATOR, RESIDENT, Room, listening, next_event, opened


async def order(room: Room, kind: str, **more: object) -> None:
    answer = await room.do("fault", **{"method": "sendMessage", "kind": kind, **more})
    assert answer.status == 200, answer


async def say(
    room: Room, text: str = "您好", chat: int = RESIDENT, *, patience: float = 30.0
) -> None:
    async with room.bot() as bot:
        await bot.send_message(chat, text, read_timeout=patience)


@pytest.mark.parametrize(
    ("kind", "failure", "words"),
    [
        ("429", RetryAfter, "0:00:07"),
        ("403", Forbidden, "bot was blocked by the user"),
        ("400", BadRequest, "hat not found"),
        ("500", NetworkError, "Internal Server Error"),
        ("502html", NetworkError, "Bad Gateway"),
        ("drop_before", NetworkError, "disconnected"),
    ],
)
async def test_a_fault_refuses_once_and_delivers_nothing(
    room: Room,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    failure: type[TelegramError],
    words: str,
) -> None:
    # Otherwise python-telegram-bot warns of the plain number of seconds in its RetryAfter.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await order(room, kind, retry_after=7)
    with pytest.raises(failure, match=words):
        await say(room, "一")
    await say(room, "二")
    assert [shown["text"] for shown in await room.shown(RESIDENT)] == ["二"]


async def test_429_says_how_long_to_wait(room: Room) -> None:
    await order(room, "429", retry_after=3600)
    answer = await room.api("sendMessage", chat_id=RESIDENT, text="x")
    assert answer.status == 429
    assert answer.body["parameters"] == {"retry_after": 3600}
    assert answer.body["description"] == "Too Many Requests: retry after 3600"


@pytest.mark.parametrize(("kind", "failure"), [("drop", NetworkError), ("hang", TimedOut)])
async def test_the_message_arrives_though_no_answer_does(
    room: Room, kind: str, failure: type[TelegramError]
) -> None:
    await order(room, kind)
    with pytest.raises(failure):
        # Only what hangs is given up, after the least time in which a busy machine has heard it.
        await say(room, "一", patience=1.0)
    assert [shown["text"] for shown in await room.shown(RESIDENT)] == ["一"]
    last = (await room.get("/control/calls")).body["last"][-1]
    assert last == {"method": "sendmessage", "chat": RESIDENT, "ok": False, "code": 0}


async def test_a_fault_strikes_its_chat_and_its_method_and_so_many_times_only(room: Room) -> None:
    await order(room, "500", times=2, chat=RESIDENT)
    await say(room, chat=COORDINATOR)
    assert (await room.api("getMe")).status == 200
    for status in (500, 500, 200):
        answer = await room.api("sendMessage", chat_id=RESIDENT, text="x")
        assert answer.status == status


async def test_a_fault_of_every_method_strikes_polling_too(room: Room) -> None:
    await order(room, "502html", method="*")
    async with room.session.post(f"{room.url}/bot1:{'x' * 20}/getUpdates") as response:
        assert response.status == 502
        assert "Bad Gateway" in await response.text()


async def test_faults_can_be_cleared_and_described(room: Room) -> None:
    moved = {"migrate_to_chat_id": -1001}
    await order(room, "400", times=2, description="Bad Request: moved {1}", parameters=moved)
    answer = await room.api("sendMessage", chat_id=RESIDENT, text="x")
    assert answer.body["description"] == "Bad Request: moved {1}"
    assert answer.body["parameters"] == moved
    async with room.session.delete(f"{room.url}/control/fault") as response:
        assert response.status == 200
    assert (await room.api("sendMessage", chat_id=RESIDENT, text="x")).status == 200


async def test_an_unknown_fault_is_refused(room: Room) -> None:
    assert (await room.do("fault", method="*", kind="flood")).status == 400
    assert (await room.do("fault", method="*", kind="500", times=0)).status == 400


async def test_a_stop_does_not_wait_for_calls_that_wait(tmp_path: Path) -> None:
    async with opened(tmp_path) as room, listening(room) as stream:
        await order(room, "hang")
        hanging = asyncio.create_task(room.api("sendMessage", chat_id=RESIDENT, text="x"))
        polling = asyncio.create_task(room.updates(wait=50))
        while (await next_event(stream))[0] != "message":
            pass
        stopping = monotonic()
    assert monotonic() - stopping < 5
    await asyncio.wait([hanging, polling])
    assert isinstance(hanging.exception(), ClientError)
    assert isinstance(polling.exception(), ClientError)
