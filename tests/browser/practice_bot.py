"""A small bot for the browser tests: it answers with a button and follows the clock's orders."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from tests.sandbox.room import NOON, Room

BUTTONS = {"inline_keyboard": [[{"text": "发出", "callback_data": "n:1:1:send"}]]}
ANSWERS = {
    "电话": {"keyboard": [[{"text": "发我的电话", "request_contact": True}, "跳过"]]},
    "收起": {"remove_keyboard": True},
}


class PracticeBot:
    """Echoes with one button; a press edits the message and answers with a note."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.clock = datetime.fromisoformat(NOON)
        self.next_due = self.clock + timedelta(hours=4, minutes=30)
        self.asleep = False
        self.alert = False
        self.held = asyncio.Event()
        self.held.set()

    async def converse(self) -> None:
        offset = 0
        while True:
            answer = await self.room.api("getUpdates", offset=offset, timeout=20)
            for update in answer.body["result"]:
                offset = update["update_id"] + 1
                await self._answer(update)

    async def obey(self) -> None:
        last = 0
        while True:
            answer = await self.room.get(f"/practice/orders?after={last}&timeout=20")
            for order in answer.body["orders"]:
                last = order["id"]
                await self.held.wait()
                self._follow(order)
                await self.report(last)

    async def report(self, order: int = 0) -> None:
        await self.room.report(
            id=order,
            ok=True,
            clock=self.clock.isoformat(),
            asleep=self.asleep,
            next_due=self.next_due.isoformat(),
        )

    def _follow(self, order: dict[str, Any]) -> None:
        if order["do"] == "asleep":
            self.asleep = order["on"]
        elif order.get("next"):
            self.clock = self.next_due
        else:
            self.clock += timedelta(hours=order.get("hours", 0), days=order.get("days", 0))

    async def _answer(self, update: dict[str, Any]) -> None:
        if "callback_query" in update:
            await self._pressed(update["callback_query"])
        elif "message" in update:
            chat = update["message"]["chat"]["id"]
            text = update["message"].get("text", "收到了")
            await self.say(chat, text, reply_markup=ANSWERS.get(text, BUTTONS))

    async def say(self, chat: int, text: str, **more: object) -> None:
        answer = await self.room.api(
            "sendMessage", chat_id=chat, text=f"<b>听到了</b>：{text}", parse_mode="HTML", **more
        )
        assert answer.status == 200, answer

    async def _pressed(self, query: dict[str, Any]) -> None:
        message = query["message"]
        place = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
        note = {"text": "已经发出去了", "show_alert": self.alert}
        await self.room.api("answerCallbackQuery", callback_query_id=query["id"], **note)
        await self.room.api("editMessageText", **place, text="已发出，等人接。")


@asynccontextmanager
async def attached(room: Room) -> AsyncIterator[PracticeBot]:
    """The bot at work, for as long as the block lasts."""
    bot = PracticeBot(room)
    work = [asyncio.create_task(bot.obey()), asyncio.create_task(bot.converse())]
    await bot.report()
    yield bot
    for task in work:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
