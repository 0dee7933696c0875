"""Sending, editing and deleting, with Telegram's refusals beside what it accepts."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from tests.sandbox.room import NEWCOMER, RESIDENT, Room

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


def buttons(*rows: list[str]) -> dict[str, object]:
    """An inline keyboard where each button's data is its text."""
    keyboard = [[{"text": text, "callback_data": text} for text in row] for row in rows]
    return {"inline_keyboard": keyboard}


async def sent(room: Room, **fields: object) -> int:
    answer = await room.api("sendMessage", **{"chat_id": RESIDENT, "text": "您好", **fields})
    assert answer.status == 200, answer
    number: int = answer.body["result"]["message_id"]
    return number


async def refusal(room: Room, method: str, **fields: object) -> str:
    answer = await room.api(method, **{"chat_id": RESIDENT, **fields})
    assert answer.body["ok"] is False
    assert answer.body["error_code"] == answer.status
    description: str = answer.body["description"]
    return description


async def test_the_real_client_sends_and_reads_back_what_it_sent(room: Room) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("我去", callback_data="n1")]])
    async with room.bot() as bot:
        message = await bot.send_message(
            RESIDENT, "<b>您好</b> 👋 <i>陈</i>", parse_mode=ParseMode.HTML, reply_markup=keyboard
        )
    assert message.text == "您好 👋 陈"
    assert message.text_html == "<b>您好</b> 👋 <i>陈</i>"
    assert message.reply_markup == keyboard
    (shown,) = await room.shown(RESIDENT)
    assert shown["from"] == "bot"
    assert shown["html"] == "<b>您好</b> 👋 <i>陈</i>"
    assert shown["buttons"] == [[{"text": "我去", "data": "n1"}]]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "message text is empty"),
        (" \n ", "message text is empty"),
        ("好" * 4097, "message is too long"),
        ("&" * 4097, "message is too long"),
    ],
)
async def test_a_text_must_have_between_1_and_4096_characters(
    room: Room, text: str, why: str
) -> None:
    await sent(room, text="好" * 4096)
    assert await refusal(room, "sendMessage", text=text) == f"Bad Request: {why}"


async def test_the_length_counts_after_the_html_is_read(room: Room) -> None:
    await sent(room, text="<b>" + "&amp;" * 4096 + "</b>", parse_mode="HTML")
    why = await refusal(room, "sendMessage", text="&amp;" * 4097, parse_mode="HTML")
    assert why == "Bad Request: message is too long"


async def test_a_chat_that_never_was_is_not_found(room: Room) -> None:
    assert await refusal(room, "sendMessage", chat_id=1, text="x") == "Bad Request: chat not found"
    assert await refusal(room, "sendMessage", chat_id="@x", text="x") == (
        "Bad Request: chat not found"
    )
    assert await refusal(room, "sendMessage", chat_id="", text="x") == (
        "Bad Request: chat_id is empty"
    )


async def test_the_bot_cannot_write_first_but_may_answer(room: Room) -> None:
    async with room.bot() as bot:
        with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
            await bot.send_message(NEWCOMER, "您好")
        await room.do("send", chat=NEWCOMER, text="/start")
        await bot.send_message(NEWCOMER, "您好")


async def test_who_blocked_the_bot_is_not_reached_until_they_unblock(room: Room) -> None:
    await room.do("block", chat=RESIDENT, on=True)
    async with room.bot() as bot:
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(RESIDENT, "您好")
        await room.do("block", chat=RESIDENT, on=False)
        await bot.send_message(RESIDENT, "您好")
    changes = [update["my_chat_member"] for update in await room.updates()]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]


async def test_an_edit_changes_the_message_and_keeps_its_history(room: Room) -> None:
    number = await sent(room, text="一", reply_markup=buttons(["a"]))
    async with room.bot() as bot:
        await bot.edit_message_text("二", RESIDENT, number)
    (shown,) = await room.shown(RESIDENT)
    assert (shown["text"], shown["history"], shown["edited"]) == ("二", ["一"], True)
    assert shown["buttons"] == []


async def test_an_edit_that_changes_nothing_is_refused(room: Room) -> None:
    number = await sent(room, text="一", reply_markup=buttons(["a"]))
    same = {"message_id": number, "text": "一"}
    assert await refusal(room, "editMessageText", **same, reply_markup=buttons(["a"])) == (
        NOT_MODIFIED
    )
    markup = {"message_id": number, "reply_markup": buttons(["a"])}
    assert await refusal(room, "editMessageReplyMarkup", **markup) == NOT_MODIFIED
    assert (await room.api("editMessageText", chat_id=RESIDENT, **same)).status == 200


async def test_only_a_message_that_is_there_and_the_bots_own_can_be_edited(room: Room) -> None:
    said = (await room.do("send", chat=RESIDENT, text="想买药")).body["message_id"]
    missing = "Bad Request: message to edit not found"
    assert await refusal(room, "editMessageText", message_id=999, text="x") == missing
    assert await refusal(room, "editMessageText", message_id=said, text="x") == (
        "Bad Request: message can't be edited"
    )
    number = await sent(room)
    await room.api("deleteMessage", chat_id=RESIDENT, message_id=number)
    assert await refusal(room, "editMessageText", message_id=number, text="x") == missing


async def test_a_deleted_message_is_shown_as_deleted_and_is_gone(room: Room) -> None:
    number = await sent(room)
    async with room.bot() as bot:
        assert await bot.delete_message(RESIDENT, number)
        with pytest.raises(BadRequest, match="essage to delete not found"):
            await bot.delete_message(RESIDENT, number)
    assert [shown["deleted"] for shown in await room.shown(RESIDENT)] == [True]


async def test_button_data_may_have_64_bytes_and_no_more(room: Room) -> None:
    await sent(room, reply_markup=buttons(["好" * 21 + "a"]))
    why = await refusal(room, "sendMessage", text="x", reply_markup=buttons(["好" * 22]))
    assert why == "Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize(("rows", "in_a_row"), [(101, 1), (1, 9)])
async def test_a_keyboard_has_at_most_100_buttons_and_8_in_a_row(
    room: Room, rows: int, in_a_row: int
) -> None:
    await sent(room, reply_markup=buttons(*[["a"] * 8] * 12, ["a"] * 4))
    too_many = buttons(*[["a"] * in_a_row] * rows)
    why = await refusal(room, "sendMessage", text="x", reply_markup=too_many)
    assert why == "Bad Request: reply markup is too long"


async def test_an_inline_button_must_do_something(room: Room) -> None:
    await sent(room, reply_markup={"inline_keyboard": [[{"text": "a", "url": "https://a.cn"}]]})
    why = await refusal(
        room, "sendMessage", text="x", reply_markup={"inline_keyboard": [[{"text": "a"}]]}
    )
    assert why == "Bad Request: Text buttons are unallowed in the inline keyboard"


async def test_a_reply_keyboard_stays_until_it_is_taken_away(room: Room) -> None:
    contact = {"text": "发送我的电话", "request_contact": True}
    await sent(room, reply_markup={"keyboard": [["一", contact]]})
    await sent(room)
    wanted = [[{"text": "一"}, contact]]
    assert (await room.shown(RESIDENT))[0]["keyboard"] == wanted
    assert await keyboard_now(room) == wanted
    await sent(room, reply_markup={"remove_keyboard": True})
    assert await keyboard_now(room) is None


async def keyboard_now(room: Room) -> object:
    chats = (await room.get("/page/state")).body["chats"]
    return next(chat["keyboard"] for chat in chats if chat["id"] == RESIDENT)


async def test_an_answer_to_a_message_quotes_it(room: Room) -> None:
    said = (await room.do("send", chat=RESIDENT, text="想买药")).body["message_id"]
    async with room.bot() as bot:
        message = await bot.send_message(RESIDENT, "好的", reply_to_message_id=said)
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "想买药"
    why = await refusal(room, "sendMessage", text="x", reply_parameters={"message_id": 99})
    assert why == "Bad Request: message to be replied not found"


async def test_unknown_methods_are_not_found_and_known_ones_in_any_case_are(room: Room) -> None:
    assert (await room.api("GETME")).body["result"]["username"] == "jiai_practice_bot"
    answer = await room.api("sendDice", chat_id=RESIDENT)
    assert answer.body == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_a_token_of_another_shape_is_unauthorized(room: Room) -> None:
    answer = await room.get("/bot12:short/getMe")
    assert answer.body == {"ok": False, "error_code": 401, "description": "Unauthorized"}
