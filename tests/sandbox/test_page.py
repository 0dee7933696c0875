"""The page's side: its state, its live events, unread messages."""

from typing import Any

from tests.sandbox.room import NOON, RESIDENT, Room, listening, next_event


async def resident(room: Room) -> Any:
    chats = (await room.get("/page/state")).body["chats"]
    return next(chat for chat in chats if chat["id"] == RESIDENT)


async def test_the_state_tells_each_chat_with_its_titles(room: Room) -> None:
    chat = await resident(room)
    assert (chat["name"], chat["title_zh"], chat["title_en"]) == (
        "陈素芬",
        "居民 · 独居",
        "Resident, living alone",
    )


async def test_what_the_bot_says_is_unread_until_it_is_read(room: Room) -> None:
    for text in ("一", "二"):
        await room.api("sendMessage", chat_id=RESIDENT, text=text)
    chat = await resident(room)
    assert (chat["unread"], [shown["text"] for shown in chat["messages"]]) == (2, ["一", "二"])
    async with room.session.post(f"{room.url}/page/read", json={"chat": RESIDENT}) as response:
        assert response.status == 200
    assert (await resident(room))["unread"] == 0


async def test_messages_toasts_and_the_clock_arrive_live(room: Room) -> None:
    keyboard = {"inline_keyboard": [[{"text": "我去", "callback_data": "n1"}]]}
    async with listening(room) as stream:
        card = {"chat_id": RESIDENT, "text": "需要", "reply_markup": keyboard}
        sent = (await room.api("sendMessage", **card)).body["result"]
        assert await next_event(stream) == ("unread", {"chat": RESIDENT, "unread": 1})
        name, event = await next_event(stream)
        assert (name, event["chat"], event["message"]["text"]) == ("message", RESIDENT, "需要")
        press = {"chat": RESIDENT, "message_id": sent["message_id"], "data": "n1"}
        query_id = (await room.do("press", **press)).body["query_id"]
        await room.api("answerCallbackQuery", callback_query_id=query_id, text="好的")
        toast = {"chat": RESIDENT, "text": "好的", "show_alert": False}
        assert await next_event(stream) == ("toast", toast)
        await room.report(id=0, ok=True, clock=NOON, asleep=True)
        name, event = await next_event(stream)
        assert (name, event["asleep"], event["clock"][:16]) == ("clock", True, NOON[:16])


async def test_the_page_hears_that_a_bot_has_come(room: Room) -> None:
    async with listening(room) as stream:
        await room.orders()
        name, event = await next_event(stream)
    assert (name, event["attached"]) == ("clock", True)
