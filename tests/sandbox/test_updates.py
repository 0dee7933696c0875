"""getUpdates: what is kept, what is confirmed, who polls."""

import asyncio

from tests.sandbox.room import RESIDENT, Room


async def say(room: Room, *texts: str) -> None:
    for text in texts:
        await room.do("send", chat=RESIDENT, text=text)


async def texts(room: Room, offset: int = 0) -> list[str]:
    return [update["message"]["text"] for update in await room.updates(offset)]


async def test_updates_come_again_until_a_higher_offset_confirms_them(room: Room) -> None:
    await say(room, "一", "二", "三")
    first = (await room.updates())[0]["update_id"]
    assert await texts(room) == ["一", "二", "三"]
    assert await texts(room, first + 2) == ["三"]
    assert await texts(room) == ["三"]


async def test_a_negative_offset_keeps_only_the_newest(room: Room) -> None:
    await say(room, "一", "二", "三")
    assert await texts(room, -1) == ["三"]
    assert await texts(room) == ["三"]


async def test_update_ids_grow_by_one_and_begin_anew_never(room: Room) -> None:
    await say(room, "一", "二")
    first, second = [update["update_id"] for update in await room.updates()]
    await room.updates(second + 1)
    await say(room, "三")
    assert [update["update_id"] for update in await room.updates()] == [second + 1]
    assert second == first + 1


async def test_a_long_poll_answers_as_soon_as_somebody_writes(room: Room) -> None:
    poll = asyncio.create_task(room.updates(wait=30))
    await polling(room)
    await say(room, "在吗")
    async with asyncio.timeout(20):
        (update,) = await poll
    assert update["message"]["text"] == "在吗"


async def test_a_second_poller_ends_the_first_with_a_conflict(room: Room) -> None:
    first = asyncio.create_task(room.api("getUpdates", timeout=30))
    await polling(room)
    await room.updates()
    async with asyncio.timeout(20):
        answer = await first
    assert answer.status == 409
    assert answer.body["description"].startswith("Conflict: terminated by other getUpdates")


async def test_a_webhook_and_polling_exclude_each_other(room: Room) -> None:
    await room.api("setWebhook", url="https://example.org/hook")
    assert (await room.api("getUpdates")).status == 409
    assert (await room.api("getWebhookInfo")).body["result"]["url"] == "https://example.org/hook"
    await room.api("deleteWebhook")
    assert await room.updates() == []
    refused = await room.api("setWebhook", url="http://example.org/hook")
    assert refused.body["description"].startswith("Bad Request: bad webhook")


async def test_only_the_kinds_that_were_asked_for_are_queued(room: Room) -> None:
    await room.api("getUpdates", allowed_updates=["message"])
    await room.do("block", chat=RESIDENT, on=True)
    await room.do("block", chat=RESIDENT, on=False)
    await say(room, "一")
    assert await texts(room) == ["一"]


async def test_an_odd_update_is_queued_as_it_is(room: Room) -> None:
    await room.do("update", message={"no": "chat"})
    (update,) = await room.updates()
    assert update["message"] == {"no": "chat"}


async def test_a_limit_is_kept(room: Room) -> None:
    await say(room, "一", "二", "三")
    answer = await room.api("getUpdates", limit=2)
    assert len(answer.body["result"]) == 2


async def polling(room: Room) -> None:
    """Until the poll that was begun has reached the sandbox: each call is handled in turn."""
    for _ in range(3):
        await room.get("/control/calls")
