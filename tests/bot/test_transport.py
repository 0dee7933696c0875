"""Transport: what each failure says about whether the message can have arrived."""

import socket
from collections.abc import AsyncIterator

import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot import transport
from bot.transport import AiohttpRequest, BotApi, NotSent, seconds_to_wait
from tests.sandbox.room import NEWCOMER, RESIDENT, TOKEN, Room


@pytest.fixture
async def api(room: Room) -> AsyncIterator[BotApi]:
    async with BotApi(token=TOKEN, root=room.url) as api:
        yield api


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _send(api: BotApi) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await api.call("sendMessage", {"chat_id": RESIDENT, "text": "您好"})
    return caught.value


async def _heard(room: Room) -> int:
    return len(await room.shown(RESIDENT))


async def test_a_call_gives_the_result_as_it_is(room: Room, api: BotApi) -> None:
    sent = await api.call("sendMessage", {"chat_id": RESIDENT, "text": "您好 <b>", "x": None})
    assert sent["text"] == "您好 <b>"
    assert await _heard(room) == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("400", BadRequest),
        ("401", InvalidToken),
        ("403", Forbidden),
        ("404", InvalidToken),
        ("409", Conflict),
        ("429", RetryAfter),
        ("500", NetworkError),
        ("502html", NetworkError),
        ("503", NetworkError),
    ],
)
async def test_an_answer_with_an_error_is_told_by_its_kind(
    room: Room, api: BotApi, kind: str, error: type[TelegramError]
) -> None:
    await room.do("fault", method="sendMessage", kind=kind, retry_after=7)
    caught = await _send(api)
    assert type(caught) is error
    assert await _heard(room) == 0
    if isinstance(caught, RetryAfter):
        assert seconds_to_wait(caught) == 7


async def test_a_connection_that_breaks_after_delivery_is_not_called_unsent(
    room: Room, api: BotApi
) -> None:
    await room.do("fault", method="sendMessage", kind="drop")
    error = await _send(api)
    assert isinstance(error, NetworkError)
    assert not isinstance(error, NotSent | TimedOut)
    assert await _heard(room) == 1


async def test_a_connection_that_breaks_before_delivery_looks_the_same(
    room: Room, api: BotApi
) -> None:
    await room.do("fault", method="sendMessage", kind="drop_before")
    assert not isinstance(await _send(api), NotSent)
    assert await _heard(room) == 0


async def test_an_answer_that_never_comes_is_a_timeout_after_delivery(
    room: Room, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.1)
    await room.do("fault", method="sendMessage", kind="hang")
    assert isinstance(await _send(api), TimedOut)
    assert await _heard(room) == 1


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async with BotApi(token=TOKEN, root=f"http://127.0.0.1:{_free_port()}") as api:
        assert isinstance(await _send(api), NotSent)


async def test_where_the_proxy_is_away_nothing_was_sent(room: Room) -> None:
    proxy = f"http://127.0.0.1:{_free_port()}"
    async with BotApi(token=TOKEN, root=room.url, proxy=proxy) as api:
        assert isinstance(await _send(api), NotSent)


async def test_before_it_is_open_and_after_it_is_closed_nothing_was_sent(room: Room) -> None:
    api = BotApi(token=TOKEN, root=room.url)
    assert isinstance(await _send(api), NotSent)
    await AiohttpRequest(connections=1).shutdown()
    async with api:
        await api.call("getMe", {})
    assert isinstance(await _send(api), NetworkError)
    assert await _heard(room) == 0


async def test_an_answer_that_is_no_json_is_an_unclear_end(room: Room, api: BotApi) -> None:
    await room.do("fault", method="sendMessage", kind="502html")
    assert "Unauthorized" not in str(await _send(api))


async def test_updates_are_polled_from_an_offset(room: Room, api: BotApi) -> None:
    for word in ("一", "二"):
        await room.do("send", chat=NEWCOMER, text=word)
    first, second = await api.poll(offset=None, hold=0, allowed=["message"])
    assert [one["message"]["text"] for one in (first, second)] == ["一", "二"]
    assert await api.poll(offset=second["update_id"], hold=0, allowed=["message"]) == [second]
    assert await api.poll(offset=second["update_id"] + 1, hold=0, allowed=["message"]) == []


async def test_a_held_poll_does_not_stand_in_the_way_of_sends(room: Room, api: BotApi) -> None:
    request = api.bot.request
    assert request.read_timeout == transport.READ_SECONDS
    assert await api.call("getMe", {}) == (await api.bot.get_me()).to_dict() | {}


async def test_a_file_goes_up_as_multipart(room: Room, api: BotApi) -> None:
    sent = await api.bot.send_document(RESIDENT, document=b"%PDF-", filename="证书.pdf")
    assert sent.document is not None
    assert sent.document.file_name == "证书.pdf"
    assert await _heard(room) == 1
