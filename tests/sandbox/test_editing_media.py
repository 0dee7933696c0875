"""Editing messages with a photo, a document or a voice: as much as Telegram lets a bot do."""

import pytest
from telegram import InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest

from tests.sandbox.room import RESIDENT, Room

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x07\x00\x00\x00\x05"
OTHER = PNG + b"other"


async def test_a_photo_is_replaced_by_another_one_or_by_a_document(room: Room) -> None:
    async with room.bot() as bot:
        sent = await bot.send_photo(RESIDENT, PNG, caption="门口")
        number = sent.message_id
        await bot.edit_message_media(InputMediaPhoto(OTHER, caption="收起来了"), RESIDENT, number)
        (shown,) = await room.shown(RESIDENT)
        assert (shown["text"], shown["media"]["file_size"]) == ("收起来了", len(OTHER))
        await bot.edit_message_media(InputMediaDocument(b"PK", filename="a.docx"), RESIDENT, number)
    (shown,) = await room.shown(RESIDENT)
    assert (shown["media"]["kind"], shown["media"]["file_name"]) == ("document", "a.docx")
    assert shown["edited"]


async def test_the_sound_of_a_voice_cannot_be_replaced_only_its_caption(room: Room) -> None:
    async with room.bot() as bot:
        sent = await bot.send_voice(RESIDENT, b"OggS", caption="语音")
        number = sent.message_id
        with pytest.raises(BadRequest, match="here is no media in the message to edit"):
            await bot.edit_message_media(InputMediaPhoto(PNG), RESIDENT, number)
        await bot.edit_message_caption(RESIDENT, number, caption="请删掉")
        with pytest.raises(BadRequest, match="essage is not modified"):
            await bot.edit_message_caption(RESIDENT, number, caption="请删掉")
    (shown,) = await room.shown(RESIDENT)
    assert (shown["text"], shown["media"]["kind"]) == ("请删掉", "voice")


async def test_words_alone_have_no_caption_and_no_media_to_edit(room: Room) -> None:
    async with room.bot() as bot:
        sent = await bot.send_message(RESIDENT, "您好")
        number = sent.message_id
        with pytest.raises(BadRequest, match="here is no caption in the message to edit"):
            await bot.edit_message_caption(RESIDENT, number, caption="x")
        with pytest.raises(BadRequest, match="here is no media in the message to edit"):
            await bot.edit_message_media(InputMediaPhoto(PNG), RESIDENT, number)
    place = {"chat_id": RESIDENT, "message_id": number}
    answer = await room.api("editMessageMedia", **place, media={"type": "sticker"})
    assert answer.status == 400
