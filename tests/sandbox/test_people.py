"""What people do: write, press, share, forward, and what the bot sees of it."""

from typing import Any

import pytest
from telegram import Update
from telegram.error import BadRequest

from tests.sandbox.room import COORDINATOR, NEWCOMER, NOON, RESIDENT, TOKEN, Room

GROUP = -1001234567890
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x07\x00\x00\x00\x05" + bytes(8)


async def newest(room: Room) -> Update:
    """The newest update as python-telegram-bot reads it."""
    async with room.bot() as bot:
        found = await bot.get_updates()
    return found[-1]


async def card(room: Room, chat: int = RESIDENT) -> int:
    """A message with one button whose data is "n1"."""
    keyboard = {"inline_keyboard": [[{"text": "我去", "callback_data": "n1"}]]}
    answer = await room.api("sendMessage", chat_id=chat, text="需要", reply_markup=keyboard)
    number: int = answer.body["result"]["message_id"]
    return number


async def test_a_command_is_marked_as_one(room: Room) -> None:
    await room.do("send", chat=NEWCOMER, text="/start Ab-1 请看 https://a.cn/x")
    message = (await newest(room)).message
    assert message is not None
    assert message.from_user is not None
    assert message.from_user.first_name == "赵敏"
    found = message.parse_entities()
    assert {entity.type: text for entity, text in found.items()} == {
        "bot_command": "/start",
        "url": "https://a.cn/x",
    }


async def test_a_press_reaches_the_bot_and_its_answer_the_person(room: Room) -> None:
    pressed = await room.do("press", chat=RESIDENT, message_id=await card(room), data="n1")
    query_id = pressed.body["query_id"]
    assert await toast(room, query_id) == {"answered": False, "text": "", "show_alert": False}
    query = (await newest(room)).callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("n1", RESIDENT)
    assert query.message is not None
    assert query.message.is_accessible
    async with room.bot() as bot:
        await bot.answer_callback_query(query.id, "好的", show_alert=True)
    assert await toast(room, query_id) == {"answered": True, "text": "好的", "show_alert": True}


async def test_a_press_is_answered_once_and_in_time(room: Room) -> None:
    number = await card(room)
    first = (await room.do("press", chat=RESIDENT, message_id=number, data="n1")).body["query_id"]
    second = (await room.do("press", chat=RESIDENT, message_id=number, data="n1")).body["query_id"]
    async with room.bot() as bot:
        await bot.answer_callback_query(first)
        await room.report(id=0, ok=True, clock="2031-01-01T00:00:00+00:00")
        for query_id in (first, second, "1"):
            with pytest.raises(BadRequest, match="uery is too old and response timeout expired"):
                await bot.answer_callback_query(query_id)


async def test_a_press_that_the_bot_did_not_fetch_in_time_is_lost(room: Room) -> None:
    await room.report(id=0, ok=True, clock=NOON)
    await room.do("press", chat=RESIDENT, message_id=await card(room), data="n1")
    await room.do("send", chat=RESIDENT, text="在吗")
    assert len(await room.updates()) == 2
    await room.report(id=0, ok=True, clock="2026-11-24T04:03:00+00:00")
    assert ["message" in update for update in await room.updates()] == [True]


async def test_only_a_button_that_is_there_can_be_pressed_unless_it_is_forged(room: Room) -> None:
    number = await card(room)
    press: dict[str, object] = {"chat": RESIDENT, "message_id": number, "data": "n2"}
    assert (await room.do("press", **press)).status == 404
    assert (await room.do("press", **press, forged=True)).status == 200
    assert (await room.do("press", **{**press, "message_id": 99})).status == 404
    assert (await room.do("press", **{**press, "message_id": 99}, forged=True)).status == 200
    query = (await newest(room)).callback_query
    assert query is not None
    assert query.message is not None
    assert not query.message.is_accessible


async def test_ones_own_contact_carries_the_user_id_and_anothers_does_not(room: Room) -> None:
    await room.do("contact", chat=RESIDENT, own=True)
    message = (await newest(room)).message
    assert message is not None
    assert message.contact is not None
    assert message.contact.user_id == RESIDENT
    assert message.contact.phone_number.startswith("86100")
    await room.do("contact", chat=RESIDENT, own=False, phone="10012345678")
    message = (await newest(room)).message
    assert message is not None
    assert message.contact is not None
    assert (message.contact.user_id, message.contact.phone_number) == (None, "10012345678")
    assert (await room.shown(RESIDENT))[-1]["media"]["kind"] == "contact"


async def test_a_place_is_shared(room: Room) -> None:
    await room.do("location", chat=RESIDENT, latitude=0, longitude=0)
    message = (await newest(room)).message
    assert message is not None
    assert message.location is not None
    assert (message.location.latitude, message.location.longitude) == (0, 0)


async def test_a_photo_can_be_fetched_again_by_the_bot_and_seen_on_the_page(room: Room) -> None:
    answer = await room.upload("photo", PNG, chat=str(RESIDENT), caption="门口 /done")
    assert answer.status == 200
    message = (await newest(room)).message
    assert message is not None
    assert message.caption == "门口 /done"
    assert [entity.type for entity in message.caption_entities] == ["bot_command"]
    photo = message.photo[-1]
    assert (photo.width, photo.height, photo.file_size) == (7, 5, len(PNG))
    async with room.bot() as bot:
        file = await bot.get_file(photo.file_id)
        assert bytes(await file.download_as_bytearray()) == PNG
        with pytest.raises(BadRequest, match="rong file_id or the file is temporarily unavailable"):
            await bot.get_file("AgAC")
    url = (await room.shown(RESIDENT))[0]["media"]["url"]
    async with room.session.get(room.url + url) as response:
        assert await response.read() == PNG


async def test_a_link_to_a_file_leads_nowhere_once_it_is_old(room: Room) -> None:
    await room.upload("document", b"PK", name="名册.xlsx", chat=str(RESIDENT))
    file_id = (await room.updates())[-1]["message"]["document"]["file_id"]
    path = (await room.api("getFile", file_id=file_id)).body["result"]["file_path"]
    address = f"{room.url}/file/bot{TOKEN}/{path}"
    async with room.session.get(address) as response:
        assert await response.read() == b"PK"
    await room.do("expire_links")
    async with room.session.get(address) as response:
        assert response.status == 404
    await room.api("getFile", file_id=file_id)
    async with room.session.get(address) as response:
        assert response.status == 200


async def test_a_file_beyond_what_the_bot_may_fetch_is_refused(room: Room) -> None:
    await room.upload("document", bytes(20 * 1024 * 1024 + 1), chat=str(RESIDENT))
    file_id = (await room.updates())[-1]["message"]["document"]["file_id"]
    answer = await room.api("getFile", file_id=file_id)
    assert (answer.status, answer.body["description"]) == (400, "Bad Request: file is too big")


async def test_a_file_on_the_page_keeps_its_name_when_saved(room: Room) -> None:
    await room.upload("document", b"PK", name="名册.xlsx", chat=str(RESIDENT))
    (shown,) = await room.shown(RESIDENT)
    async with room.session.get(room.url + shown["media"]["url"]) as response:
        assert response.content_type == "application/octet-stream"
        assert "%E5%90%8D%E5%86%8C.xlsx" in response.headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["../sandbox.sqlite3", "%2e%2e/sandbox.sqlite3", "photos/x.jpg"])
async def test_only_files_that_were_sent_can_be_fetched(room: Room, path: str) -> None:
    token = "1:" + "x" * 20
    async with room.session.get(f"{room.url}/file/bot{token}/{path}") as response:
        assert response.status == 404


async def test_a_voice_and_a_document_arrive_with_what_they_are(room: Room) -> None:
    await room.upload("voice", b"OggS", chat=str(RESIDENT), duration="0")
    voice = (await room.updates())[-1]["message"]["voice"]
    assert (voice["duration"], voice["mime_type"], voice["file_size"]) == (0, "audio/ogg", 4)
    await room.upload("document", b"PK", chat=str(RESIDENT), media_group_id="7")
    message = (await newest(room)).message
    assert message is not None
    assert message.document is not None
    assert (message.document.file_name, message.media_group_id) == ("给您看.png", "7")
    assert (await room.do("photo", chat=RESIDENT)).status == 400


async def test_the_bot_sends_a_photo_and_sends_it_again_by_its_id(room: Room) -> None:
    async with room.bot() as bot:
        sent = await bot.send_photo(RESIDENT, PNG, caption="<b>地图</b>", parse_mode="HTML")
        again = await bot.send_photo(COORDINATOR, sent.photo[-1].file_id)
        voice = await bot.send_voice(RESIDENT, b"OggS")
        paper = await bot.send_document(RESIDENT, b"%PDF", filename="表.pdf")
        with pytest.raises(BadRequest, match="essage caption is too long"):
            await bot.send_photo(RESIDENT, PNG, caption="好" * 1025)
        with pytest.raises(BadRequest, match="rong remote file identifier specified"):
            await bot.send_photo(RESIDENT, "AgAC")
        with pytest.raises(BadRequest, match="here is no text in the message to edit"):
            await bot.edit_message_text("x", RESIDENT, sent.message_id)
        await bot.send_photo(RESIDENT, PNG, caption="好" * 1024)
    assert sent.caption_html == "<b>地图</b>"
    assert again.photo[-1].file_id == sent.photo[-1].file_id
    assert voice.voice is not None
    assert paper.document is not None
    assert paper.document.file_name == "表.pdf"


async def test_films_stickers_and_places_arrive_as_what_they_are(room: Room) -> None:
    for kind in ("video", "video_note", "audio"):
        assert (await room.upload(kind, b"film", chat=str(RESIDENT))).status == 200
    await room.do("sticker", chat=RESIDENT)
    await room.do("venue", chat=RESIDENT, title="青山桥", address="桥头")
    told = [Update.de_json(one, None).message for one in (await room.updates())[-5:]]
    video, note, audio, sticker, venue = told
    assert video is not None
    assert video.video is not None
    assert note is not None
    assert note.video_note is not None
    assert audio is not None
    assert audio.audio is not None
    assert sticker is not None
    assert sticker.sticker is not None
    assert venue is not None
    assert venue.venue is not None
    # Telegram tells the bare place as well.
    assert (venue.venue.title, venue.location) == ("青山桥", venue.venue.location)


async def test_what_is_no_voice_or_photo_is_treated_as_telegram_does(room: Room) -> None:
    async with room.bot() as bot:
        sent = await bot.send_voice(RESIDENT, b"ID3", filename="a.mp3")
        assert (sent.voice, sent.document is not None) == (None, True)
        with pytest.raises(BadRequest, match="mage_process_failed"):
            await bot.send_photo(RESIDENT, b"%PDF")
        with pytest.raises(BadRequest, match="too big"):
            await bot.send_photo(RESIDENT, PNG + bytes(10 * 1024 * 1024))


async def test_an_edit_and_a_forward_are_told_as_such(room: Room) -> None:
    said = (await room.do("send", chat=RESIDENT, text="想买要")).body["message_id"]
    await room.do("edit", chat=RESIDENT, message_id=said, text="想买药")
    edited = (await newest(room)).edited_message
    assert edited is not None
    assert (edited.text, edited.message_id) == ("想买药", said)
    await room.do("forward", chat=RESIDENT, text="中奖了", from_name="陌生人")
    message = (await newest(room)).message
    assert message is not None
    assert message.forward_origin is not None
    assert message.forward_origin.type == "hidden_user"
    assert (await room.do("edit", chat=RESIDENT, message_id=99, text="x")).status == 404


async def test_in_a_group_the_sender_is_told_and_the_bot_can_leave(room: Room) -> None:
    assert (await room.do("groups", id=GROUP, title="桂花村")).status == 200
    joined = (await newest(room)).my_chat_member
    assert joined is not None
    assert joined.new_chat_member.status == "member"
    said: dict[str, Any] = {"chat": GROUP, "from": RESIDENT, "text": "/need"}
    await room.do("send", **said)
    message = (await newest(room)).message
    assert message is not None
    assert message.from_user is not None
    assert (message.chat.type, message.from_user.id) == ("supergroup", RESIDENT)
    number = await card(room, GROUP)
    await room.do("press", **{"chat": GROUP, "from": RESIDENT, "message_id": number, "data": "n1"})
    query = (await newest(room)).callback_query
    assert query is not None
    assert query.from_user.id == RESIDENT
    async with room.bot() as bot:
        assert await bot.leave_chat(GROUP)
    assert (await room.do("send", **said)).status == 409
    refused = await room.api("sendMessage", chat_id=GROUP, text="x")
    assert refused.body["description"] == "Forbidden: bot is not a member of the supergroup chat"


async def test_people_can_be_added_and_each_has_one_id(room: Room) -> None:
    assert (await room.do("people", id=9100, name="周勇", started=True)).status == 200
    assert (await room.api("sendMessage", chat_id=9100, text="您好")).status == 200
    assert (await room.do("people", id=9100, name="周勇")).status == 409
    assert (await room.do("people", id=9101, name="吴迪")).status == 200
    assert (await room.api("sendMessage", chat_id=9101, text="您好")).status == 403
    assert len((await room.get("/practice/cast")).body["people"]) == 7


async def test_what_cannot_be_done_is_said_plainly(room: Room) -> None:
    assert (await room.do("send", chat=1, text="x")).status == 404
    assert (await room.do("send", chat=RESIDENT)).status == 400
    assert (await room.do("send", chat="abc", text="x")).status == 400
    await room.do("block", chat=RESIDENT, on=True)
    answer = await room.do("send", chat=RESIDENT, text="x")
    assert (answer.status, answer.body["error"]) == (409, "this person has blocked the bot")


async def toast(room: Room, query_id: str) -> object:
    return (await room.get(f"/control/toast?query_id={query_id}")).body
