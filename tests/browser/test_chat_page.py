"""A newcomer's first minute on the chat page, in a real browser."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, FilePayload, Locator, Page, ViewportSize, expect

from bot.sandbox.server import Sandbox
from tests.browser.practice_bot import PracticeBot
from tests.browser.visits import WIDE, visited
from tests.sandbox.room import COORDINATOR, RESIDENT, Room

CAST = ["王珊", "陈素芬", "李梅", "张强", "刘洋", "赵敏", "周桂芳"]
NEED = "家里的米快吃完了"
# Browsers wait some seconds before they take a lost stream up again.
RECONNECT_MS = 15_000


def chat_of(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def person(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation").get_by_role("button", name=name)


async def write(page: Page, name: str, text: str) -> None:
    box = chat_of(page, name).get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")


async def test_a_newcomer_sees_seven_people_and_three_chats_side_by_side(page: Page) -> None:
    people = page.get_by_role("navigation").get_by_role("button")
    await expect(people).to_have_count(len(CAST))
    for place, name in enumerate(CAST):
        await expect(people.nth(place)).to_contain_text(name)
    await expect(page.locator(".chat h2")).to_have_text(["陈素芬", "张强", "王珊"])
    await expect(page.locator("#bot-state")).to_have_text("机器人已就位")


async def test_typed_words_are_answered_and_a_pressed_button_shows_the_edit(page: Page) -> None:
    await write(page, "陈素芬", NEED)
    chat = chat_of(page, "陈素芬")
    await expect(chat.locator(".own")).to_contain_text(NEED)
    await expect(chat.locator(".bot b")).to_have_text("听到了")
    await expect(chat.get_by_role("textbox")).to_have_value("")
    await chat.get_by_role("button", name="发出").click()
    await expect(chat.locator(".bot")).to_contain_text("已发出，等人接。")
    await expect(chat.locator(".bot .edited")).to_have_text("已编辑")
    await expect(chat.get_by_role("button", name="发出")).to_have_count(0)


async def test_an_unread_message_has_a_badge_until_its_chat_is_opened(
    page: Page, room: Room, bot: PracticeBot
) -> None:
    await room.do("send", chat=9005, text="我有空")
    unread = person(page, "刘洋 志愿者 1 条未读")
    await expect(unread).to_be_visible()
    await expect(page.locator("#spoken")).to_have_text("刘洋有 1 条未读")
    await unread.click()
    await expect(chat_of(page, "刘洋").locator(".bot")).to_contain_text("我有空")
    await expect(person(page, "刘洋").locator(".badge")).to_have_count(0)


async def test_a_whole_round_needs_nothing_but_the_keyboard(page: Page) -> None:
    keys = page.keyboard
    await person(page, "王珊").focus()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    chat = chat_of(page, "陈素芬")
    await expect(chat.get_by_role("textbox")).to_be_focused()
    await keys.type("第一行")
    await keys.press("Shift+Enter")
    await keys.type("第二行")
    await keys.press("Enter")
    button = chat.get_by_role("button", name="发出")
    await expect(button).to_be_visible()
    await keys.press("Shift+Tab")
    await keys.press("Shift+Tab")
    await expect(button).to_be_focused()
    await keys.press("Enter")
    await expect(chat.locator(".bot .edited")).to_be_visible()
    await expect(chat.locator(".message.bot")).to_be_focused()
    await keys.press("Escape")
    await expect(page.get_by_role("navigation").locator(":focus")).to_be_visible()


async def test_a_note_stays_until_it_is_put_away(page: Page) -> None:
    await write(page, "陈素芬", NEED)
    chat = chat_of(page, "陈素芬")
    await chat.get_by_role("button", name="发出").click()
    await expect(chat.get_by_role("status")).to_contain_text("已经发出去了")
    await chat.get_by_role("button", name="收起这条提示").click()
    await expect(chat.get_by_role("status")).to_have_text("")


async def test_an_alert_is_a_dialog_that_waits(page: Page, bot: PracticeBot) -> None:
    bot.alert = True
    await write(page, "陈素芬", NEED)
    await chat_of(page, "陈素芬").get_by_role("button", name="发出").click()
    dialog = page.get_by_role("dialog", name="陈素芬看到的提示")
    await expect(dialog).to_contain_text("已经发出去了")
    await dialog.get_by_role("button", name="知道了").click()
    await expect(dialog).to_have_count(0)


async def test_somebody_new_begins_with_the_start_button(page: Page) -> None:
    await person(page, "赵敏").click()
    chat = chat_of(page, "赵敏")
    await expect(chat.get_by_role("textbox")).to_have_count(0)
    await chat.get_by_role("button", name="开始").click()
    await expect(chat.locator(".own")).to_contain_text("/start")
    await expect(chat.get_by_role("textbox")).to_be_visible()


async def test_quick_answers_share_the_phone_and_go_when_the_bot_takes_them_away(
    page: Page, room: Room
) -> None:
    await write(page, "陈素芬", "电话")
    chat = chat_of(page, "陈素芬")
    await chat.get_by_role("button", name="发我的电话").click()
    await expect(chat.locator(".own").last).to_contain_text("电话号码")
    assert (await room.shown(RESIDENT))[-2]["media"]["kind"] == "contact"
    await write(page, "陈素芬", "收起")
    await expect(chat.get_by_role("group", name="快捷回答")).to_have_count(0)


async def test_a_file_is_sent_by_keyboard_and_saved_with_its_name(page: Page) -> None:
    chat = chat_of(page, "王珊")
    await chat.get_by_role("textbox").fill("十月的名册")
    await chat.get_by_role("button", name="附加").press("Enter")
    register = FilePayload(name="残疾人登记册.xlsx", mimeType="", buffer=b"PK" + bytes(2046))
    async with page.expect_file_chooser() as chooser:
        await chat.get_by_role("button", name="发文件").press("Enter")
    await (await chooser.value).set_files(register)
    link = chat.get_by_role("link", name="下载文件 残疾人登记册.xlsx，2.0 KB")
    await expect(link).to_be_visible()
    await expect(chat.get_by_text("十月的名册")).to_be_visible()
    async with page.expect_download() as saving:
        await link.press("Enter")
    saved = await saving.value
    assert saved.suggested_filename == "残疾人登记册.xlsx"
    assert (await saved.path()).stat().st_size == 2048


async def test_a_photo_and_a_voice_file_can_be_sent(page: Page) -> None:
    chat = chat_of(page, "陈素芬")
    photo = FilePayload(name="米缸.svg", mimeType="image/svg+xml", buffer=b"<svg/>")
    voice = FilePayload(name="话.ogg", mimeType="audio/ogg", buffer=b"OggS")
    await chat.get_by_role("textbox").fill("米缸空了")
    for label, file in (("发照片", photo), ("发语音文件", voice)):
        await chat.get_by_role("button", name="附加").click()
        async with page.expect_file_chooser() as chooser:
            await chat.get_by_role("button", name=label).click()
        await (await chooser.value).set_files(file)
    await expect(chat.locator(".own img")).to_have_count(1)
    await expect(chat.locator(".own audio")).to_have_count(1)
    await expect(chat.locator(".own").first).to_contain_text("米缸空了")


async def test_the_clock_moves_and_its_buttons_wait_meanwhile(page: Page, bot: PracticeBot) -> None:
    hour = page.get_by_role("button", name="+1 小时")
    face = page.locator("#clock")
    await expect(face).to_contain_text("12:00")
    await expect(face).to_contain_text("2026年11月24日星期二")
    bot.held.clear()
    await hour.click()
    await expect(hour).to_be_disabled()
    await expect(page.get_by_role("progressbar")).to_be_visible()
    bot.held.set()
    await expect(face).to_contain_text("13:00")
    await expect(hour).to_be_enabled()
    await page.get_by_role("button", name="到下一件事 今天 16:30").click()
    await expect(face).to_contain_text("16:30")
    await page.get_by_role("button", name="+1 天").click()
    await expect(face).to_contain_text("2026年11月25日星期三")


async def test_the_bot_can_be_put_to_sleep_and_woken(page: Page) -> None:
    switch = page.get_by_role("switch", name="睡着")
    await switch.click()
    await expect(page.locator("#bot-state")).to_have_text("机器人睡着了")
    await expect(switch).to_be_checked()
    await switch.click()
    await expect(page.locator("#bot-state")).to_have_text("机器人已就位")


async def test_words_that_look_like_markup_stay_words(page: Page) -> None:
    trap = "<img src=x onerror=alert(1)><b>粗</b>"
    await write(page, "陈素芬", trap.replace("<", "&lt;"))
    chat = chat_of(page, "陈素芬")
    await expect(chat.locator(".bot")).to_contain_text(trap)
    await write(page, "陈素芬", "<b>不粗</b>")
    await expect(chat.locator(".own").last).to_contain_text("<b>不粗</b>")
    await expect(chat.locator(".own b, .bubble img")).to_have_count(0)


async def test_the_page_speaks_english_too_and_remembers(page: Page) -> None:
    box = chat_of(page, "陈素芬").get_by_role("textbox")
    await box.fill("还没写完")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("button", name="+1 hour")).to_be_visible()
    await expect(chat_of(page, "陈素芬").get_by_role("textbox")).to_have_value("还没写完")
    await page.reload()
    await expect(page.get_by_role("heading", name="People in this room")).to_be_visible()


async def test_the_person_chosen_takes_the_place_of_the_one_longest_unused(page: Page) -> None:
    await write(page, "王珊", "我在")
    await person(page, "赵敏").click()
    await expect(page.locator(".chat h2")).to_have_text(["陈素芬", "赵敏", "王珊"])
    await page.get_by_role("button", name="并排 1 个聊天").click()
    await expect(page.locator(".chat h2")).to_have_text(["赵敏"])


async def test_a_reader_of_old_messages_is_not_pulled_away_by_a_new_one(
    page: Page, room: Room
) -> None:
    for number in range(30):
        await room.do("send", chat=RESIDENT, text=f"第 {number} 句")
    chat = chat_of(page, "陈素芬")
    await expect(chat.locator(".bot")).to_have_count(30)
    await chat.get_by_role("log").evaluate("log => log.scrollTo(0, 0)")
    await room.api("sendMessage", chat_id=RESIDENT, text="最新的一句")
    newest = chat.get_by_role("button", name="有新消息，回到最下面")
    await expect(chat.get_by_text("第 0 句").first).to_be_in_viewport()
    await newest.click()
    await expect(chat.get_by_text("最新的一句")).to_be_in_viewport()
    await expect(newest).to_have_count(0)


async def test_the_first_visit_shows_what_to_try(
    browser: Browser, room: Room, bot: PracticeBot
) -> None:
    async with visited(browser, room.url, WIDE, first_visit=True) as page:
        guide = page.get_by_role("region", name="第一次来")
        await guide.get_by_role("button", name="试一试 说出一件需要").click()
        box = chat_of(page, "陈素芬").get_by_role("textbox")
        await expect(box).to_be_focused()
        await expect(box).to_have_value(re.compile(NEED))
        await guide.get_by_role("button", name="收起").click()
        await page.reload()
        await expect(page.locator(".chat")).to_have_count(3)
        await expect(guide).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390])
async def test_a_phone_shows_one_chat_and_nothing_runs_out_of_the_screen(
    browser: Browser, room: Room, bot: PracticeBot, width: int
) -> None:
    await bot.say(COORDINATOR, "一个没有空格的长网址 https://example.org/" + "a" * 90)
    async with visited(browser, room.url, ViewportSize(width=width, height=780)) as page:
        await person(page, "王珊").click()
        await expect(page.locator(".chat")).to_have_count(1)
        await expect(chat_of(page, "王珊").locator(".bot")).to_be_visible()
        for _ in range(3):
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            await page.get_by_role("button", name="文字大一些").click()


async def test_a_restarted_sandbox_is_found_again_and_nothing_is_missed(
    browser: Browser, tmp_path: Path
) -> None:
    first = Sandbox(tmp_path)
    await first.start()
    again = Sandbox(tmp_path, urlsplit(first.url).port or 0)
    async with visited(browser, first.url, WIDE) as page, ClientSession() as session:
        await first.stop()
        await expect(page.get_by_role("alert")).to_contain_text("正在重新连接")
        await again.start()
        await Room(again.url, session).do("send", chat=RESIDENT, text="断线时写的")
        own = chat_of(page, "陈素芬").locator(".own")
        await expect(own).to_contain_text("断线时写的", timeout=RECONNECT_MS)
        await expect(page.get_by_role("alert")).to_have_text("")
    await again.stop()


async def test_voices_places_and_albums_are_sent_and_read_out(page: Page, tmp_path: Path) -> None:
    chat = chat_of(page, "陈素芬")
    opener = chat.get_by_role("button", name="附加")
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(32))
    (tmp_path / "say.ogg").write_bytes(b"OggS" + bytes(32))
    await opener.click()
    async with page.expect_file_chooser() as choosing:
        await chat.get_by_role("button", name="发照片").click()
    await (await choosing.value).set_files([tmp_path / "one.png", tmp_path / "two.png"])
    await expect(chat.get_by_role("img", name="照片")).to_have_count(2)
    await opener.click()
    async with page.expect_file_chooser() as choosing:
        await chat.get_by_role("button", name="发语音文件").click()
    await (await choosing.value).set_files(tmp_path / "say.ogg")
    await expect(chat.locator("audio")).to_have_attribute("aria-label", "语音，3 秒")
    await opener.click()
    await chat.get_by_role("button", name="发位置").click()
    await expect(chat.locator(".file").last).to_contain_text("位置 · 30.33, 107.33")
