"""Several ways in: a voice, photos, a place and details, from the resident to who helps."""

import struct
from io import BytesIO

from docx import Document

from storage.dialogues import find_dialogue
from tests.journeys.village import COORDINATOR, DAUGHTER, LIU, RESIDENT, ZHANG, Village

VOICE = b"OggS\x00\x02" + bytes(range(256)) * 20
PHOTO = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 640, 480) + bytes(range(200))


async def claim(village: Village, chat: int, *, skilled: bool = False) -> None:
    """Say yes, and when; to what takes a skill, first that they can do it."""
    await village.press(chat, "我去")
    if skilled:
        await village.press(chat, "我能做")
    await village.press(chat, "30分钟内")


async def test_a_voice_is_played_to_the_coordinator_at_once_and_later_to_the_helper(
    village: Village,
) -> None:
    await village.upload(RESIDENT, "voice", VOICE, duration=12)
    await village.heard(RESIDENT, "语音收到了", "工作人员会听", "12秒")
    assert await village.media(COORDINATOR, "voice") == [VOICE]
    await village.heard(COORDINATOR, "陈素芬", "12秒", "是不是求救")
    await village.press(RESIDENT, "发出")
    await village.press(COORDINATOR, "写成文字")
    await village.send(COORDINATOR, "家里的灯坏了，想请人来看看")
    await village.heard(RESIDENT, "写成了文字", "灯坏了")
    await claim(village, ZHANG)
    assert await village.media(ZHANG, "voice") == []
    await village.press(ZHANG, "听语音")
    assert await village.media(ZHANG, "voice") == [VOICE]
    assert await village.media(LIU, "voice") == []
    await village.send(RESIDENT, "/privacy")
    await village.heard(RESIDENT, "语音和照片", "从对方的聊天里收回来", "超过两天")
    await village.press(ZHANG, "办好了")
    await village.press(ZHANG, "半小时")
    await village.press(ZHANG, "跳过")
    await village.heard(RESIDENT, "办好了")
    assert await village.media(ZHANG, "voice") == []


async def test_words_beside_a_voice_do_not_make_it_less_urgent(village: Village) -> None:
    await village.upload(RESIDENT, "voice", VOICE, duration=12)
    await village.send(RESIDENT, "楼道没有扶手")
    await village.heard(RESIDENT, "楼道没有扶手", "加急，今天")


async def test_a_voice_nobody_hears_rings_who_is_on_duty_and_stays_on_the_list(
    village: Village,
) -> None:
    await village.upload(RESIDENT, "voice", VOICE, duration=5)
    await village.clock(to="2026-11-25T01:11:00+00:00")
    await village.heard(COORDINATOR, "还没有人听过", "陈素芬")
    assert await village.media(COORDINATOR, "voice") == [VOICE, VOICE]
    await village.send(COORDINATOR, "办公")
    await village.heard(COORDINATOR, "没人听过的语音：1 段")
    await village.press(COORDINATOR, "听了，不急")
    await village.heard(COORDINATOR, "您听过了", "陈素芬")
    await village.clock(days=1)
    assert await village.media(COORDINATOR, "voice") == [VOICE, VOICE]


async def test_words_of_danger_written_down_from_a_voice_ring(village: Village) -> None:
    await village.upload(RESIDENT, "voice", VOICE, duration=5)
    await village.press(COORDINATOR, "写成文字")
    await village.send(COORDINATOR, "我摔倒了起不来")
    await village.heard(COORDINATOR, "警报已经拉响")


async def test_a_voice_that_cannot_be_fetched_is_said_to_both(village: Village) -> None:
    await village.post("fault", method="getFile", kind="400", count=5)
    await village.upload(RESIDENT, "voice", VOICE, duration=5)
    await village.heard(RESIDENT, "您的语音没有收到", "120")
    await village.heard(COORDINATOR, "陈素芬", "没有收到", "可能是求救")
    await village.press(COORDINATOR, "打电话问")
    await village.heard(COORDINATOR, "100 1234 5678")


async def test_a_voice_beyond_the_limit_is_told_and_somebody_phones(village: Village) -> None:
    await village.upload(RESIDENT, "voice", VOICE + bytes(21 * 1024 * 1024), duration=4000)
    await village.heard(RESIDENT, "太长了", "打电话给您")
    await village.heard(COORDINATOR, "陈素芬", "放不出来")


async def test_an_album_is_one_need_and_one_answer(village: Village) -> None:
    await village.upload(DAUGHTER, "photo", PHOTO, caption="妈妈家水龙头漏水", media_group_id="7")
    before = len(await village.said(DAUGHTER))
    await village.upload(DAUGHTER, "photo", PHOTO, media_group_id="7")
    assert len(await village.said(DAUGHTER)) == before
    await village.heard(DAUGHTER, "照片收到了", "不要拍证件和别人的脸")
    await village.press(DAUGHTER, "陈素芬")
    await village.press(DAUGHTER, "发出")
    await claim(village, ZHANG, skilled=True)
    await village.press(ZHANG, "看照片")
    assert await village.media(ZHANG, "photo") == [PHOTO, PHOTO]


async def test_details_are_told_as_far_as_each_may_know(village: Village) -> None:
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "再说几样")
    await village.press(RESIDENT, "门口的情况")
    await village.press(RESIDENT, "要爬楼")
    await village.press(RESIDENT, "听不见")
    await village.press(RESIDENT, "选好了")
    await village.send(RESIDENT, "三楼")
    await village.press(RESIDENT, "记住")
    await village.post("location", chat=RESIDENT, latitude=30.3312, longitude=107.3398)
    await village.rest()
    await village.press(RESIDENT, "发出")
    offer = await village.heard(ZHANG, "灯坏了", "在3楼")
    assert "听不见" not in offer
    assert "位置" not in offer
    await claim(village, ZHANG, skilled=True)
    await village.heard(ZHANG, "听不见，请闪灯", "在地图上看")
    await village.press(ZHANG, "我去不了")
    assert not [text for text in await village.said(ZHANG) if "听不见" in text]
    # The next need knows the door without being told.
    await village.send(RESIDENT, "想请人陪我聊聊天")
    await village.heard(RESIDENT, "我是这样理解的", "听不见，请闪灯")


async def test_two_who_say_the_same_are_asked_whether_it_is_one(village: Village) -> None:
    await village.send(RESIDENT, "家里的灯坏了")
    await village.press(RESIDENT, "发出")
    await village.send(DAUGHTER, "妈妈家里的灯坏了，看不见路")
    await village.press(DAUGHTER, "陈素芬")
    await village.press(DAUGHTER, "发出")
    await village.heard(DAUGHTER, "差不多的事")
    await village.press(DAUGHTER, "加到这件里")
    await village.heard(RESIDENT, "需求改了", "看不见路")


async def test_a_place_after_an_alarm_goes_to_who_is_on_duty(village: Village) -> None:
    await village.send(RESIDENT, "救命，我摔倒了起不来")
    await village.post("venue", chat=RESIDENT, title="青山桥", latitude=30.3312, longitude=107.3)
    await village.rest()
    await village.heard(COORDINATOR, "青山桥", "30.33120")
    await village.heard(RESIDENT, "已经传给", "王珊")
    # So does what they say and show next, without a form in between.
    await village.upload(RESIDENT, "voice", VOICE, duration=3)
    await village.upload(RESIDENT, "photo", PHOTO)
    assert await village.media(COORDINATOR, "voice") == [VOICE]
    assert await village.media(COORDINATOR, "photo") == [PHOTO]
    assert not [text for text in await village.said(RESIDENT) if "我是这样理解的" in text]


async def test_films_and_stickers_get_one_clear_sentence_and_lose_nothing(
    village: Village,
) -> None:
    await village.send(RESIDENT, "家里的灯坏了")
    for kind, words in (("video", "看不了视频"), ("video_note", "视频"), ("audio", "声音文件")):
        await village.upload(RESIDENT, kind, b"film")
        assert words in await village.last(RESIDENT)
    await village.post("sticker", chat=RESIDENT)
    await village.rest()
    assert "表情图" in await village.last(RESIDENT)
    await village.press(RESIDENT, "发出")
    await village.heard(RESIDENT, "发出去了")


async def test_the_door_is_remembered_changed_copied_and_forgotten(village: Village) -> None:
    await village.send(RESIDENT, "/door")
    await village.press(RESIDENT, "爬楼、敲门")
    await village.press(RESIDENT, "走得慢")
    await village.press(RESIDENT, "选好了")
    await village.heard(RESIDENT, "记住了")
    await village.send(DAUGHTER, "/privacy")
    await village.press(DAUGHTER, "看陈素芬的资料")
    await village.heard(DAUGHTER, "记住的门口情况")
    await village.send(RESIDENT, "/door")
    await village.press(RESIDENT, "爬楼、敲门")
    await village.press(RESIDENT, "没有这些")
    await village.press(RESIDENT, "选好了")
    await village.heard(RESIDENT, "忘掉了")
    await village.send(RESIDENT, "家里的灯坏了")
    assert "门口：" not in await village.last(RESIDENT)


async def test_the_copy_has_what_was_written_down_and_the_details(village: Village) -> None:
    await village.upload(RESIDENT, "voice", VOICE, duration=12)
    await village.press(RESIDENT, "再说几样")
    await village.press(RESIDENT, "希望谁来")
    await village.press(RESIDENT, "手语")
    await village.press(RESIDENT, "选好了")
    await village.press(RESIDENT, "发出")
    await village.press(COORDINATOR, "写成文字")
    await village.send(COORDINATOR, "家里的灯坏了，想请人来看看")
    await village.send(RESIDENT, "/privacy")
    await village.heard(RESIDENT, "发来的语音和照片")
    await village.press(RESIDENT, "要一份文件")
    _, body = await village.file(RESIDENT)
    paper = Document(BytesIO(body))
    words = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    for expected in ("会手语", "家里的灯坏了，想请人来看看", "语音和照片（份）"):
        assert expected in words, words


async def test_a_half_stated_need_with_its_voice_is_a_row_that_outlives_a_restart(
    village: Village,
) -> None:
    await village.upload(RESIDENT, "voice", VOICE, duration=12)
    await village.press(RESIDENT, "再说几样")
    await village.press(RESIDENT, "什么时候来")
    await village.send(RESIDENT, "明天上午9点")
    kept = village.program.database.do(find_dialogue, chat_id=RESIDENT)
    assert kept is not None
    assert (kept.topic, kept.answers["media"]) == ("need", ["1"])
    assert str(kept.answers["when"]).startswith("2026-11-26T09:00")
