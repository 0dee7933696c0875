"""Staff write for people who do not use the chat: ten in a row, without menus between."""

from tests.journeys.village import COORDINATOR, LIU, ZHANG, Village

TEN = [
    "登记 王桂英 女 1948年 青山村3组 肢体二级 10012345001 独居",
    "登记 李德明 男 1952-03 青山村3组 听力一级",
    "登记 王桂英 女 1960年 双河村1组",
    "登记 阿依古丽·买买提 女 石桥村",
    "登记 陈大山 男 1939年 长坝村2组 视力一级 独居",
]
MORE = "\n".join(
    [
        "需求 李德明 青山村 灯坏了 明天上午",
        "电话 陈大山 都好",
        "电话 阿依古丽·买买提 没接",
        "上门 李德明 见到都好",
        "陈大山 说不清",
    ]
)


async def test_ten_in_a_row_are_kept_with_two_presses_and_no_menu_between(
    village: Village,
) -> None:
    for line in TEN:
        await village.send(COORDINATOR, line)
    shown = await village.last(COORDINATOR)
    assert all(f"{number}. 登记" in shown for number in range(1, 6))
    assert "肢体二级" in shown
    assert "1948出生" in shown
    assert "100" in shown
    await village.send(COORDINATOR, "对，记下")
    await village.heard(COORDINATOR, "记下了", "王桂英", "陈大山")
    await village.send(COORDINATOR, MORE)
    shown = await village.last(COORDINATOR)
    assert shown.count("注意：") == 1, shown
    assert "登记册里没有住址" in shown
    # "Could not tell" is an outcome here, not slurred speech.
    assert "响铃" not in shown
    await village.press(COORDINATOR, "对，记下")
    await village.heard(COORDINATOR, "记下了", "李德明", "没人接")
    await village.send(COORDINATOR, "完成")
    await village.heard(COORDINATOR, "都记完了")
    # What came in on paper is offered like anything else.
    await village.heard(ZHANG, "灯坏了")
    await village.heard(LIU, "灯坏了")


async def test_a_namesake_is_asked_about_and_a_stranger_is_registered_first(
    village: Village,
) -> None:
    await village.send(COORDINATOR, f"{TEN[0]}\n{TEN[2]}")
    await village.press(COORDINATOR, "对，记下")
    await village.send(COORDINATOR, "电话 王桂英 都好\n需求 罗小春 青山村2组 想理发")
    await village.heard(COORDINATOR, "是哪一位王桂英", "登记册里没有罗小春")
    await village.press(COORDINATOR, "第1行：王桂英 双河村1组")
    await village.press(COORDINATOR, "登记罗小春为新的人")
    shown = await village.last(COORDINATOR)
    assert "登记 罗小春 · 青山村2组" in shown
    assert "注意：" not in shown
    await village.press(COORDINATOR, "对，记下")
    await village.heard(COORDINATOR, "记下了", "需求 罗小春")


async def test_clear_lines_are_kept_while_the_others_wait(village: Village) -> None:
    lines = "双河村的那位大爷\n登记 罗小春 青山村2组\n登记 王桂英 女 电话10012345001"
    await village.send(COORDINATOR, f"/paper {lines}\n需求 王桂英 灯坏了")
    await village.heard(COORDINATOR, "1. 双河村的那位大爷", "开头请写")
    await village.press(COORDINATOR, "清楚的 1 行先记下")
    shown = await village.heard(COORDINATOR, "记下了", "罗小春")
    assert "1. 双河村的那位大爷" in shown
    # Her need waits as long as she is not registered herself.
    assert "3. 需求 王桂英" in shown
    await village.press(COORDINATOR, "第1行：不要")
    await village.press(COORDINATOR, "第1行：不要")
    await village.heard(COORDINATOR, "1. 需求 王桂英", "登记册里没有王桂英")
    await village.press(COORDINATOR, "第1行：不要")
    await village.heard(COORDINATOR, "接着发下一位", "罗小春")


async def test_a_slip_is_mended_before_and_taken_back_after(village: Village) -> None:
    await village.send(COORDINATOR, TEN[4])
    await village.press(COORDINATOR, "对，记下")
    await village.send(COORDINATOR, "电话 陈大山 还行吧\n电话 陈大山 没接")
    await village.heard(COORDINATOR, "没看懂结果")
    await village.press(COORDINATOR, "改")
    await village.send(COORDINATOR, "1 电话 陈大山 要帮忙：没米了")
    await village.heard(COORDINATOR, "1. 电话 陈大山", "没米了")
    await village.press(COORDINATOR, "对，记下")
    await village.press(COORDINATOR, "撤销刚才记下的")
    await village.heard(COORDINATOR, "刚才记下的已经撤销")


async def test_words_of_danger_ring_about_the_person_they_name(village: Village) -> None:
    await village.send(COORDINATOR, TEN[0])
    await village.press(COORDINATOR, "对，记下")
    await village.send(COORDINATOR, "电话 王桂英 要帮忙：摔倒了起不来")
    await village.heard(COORDINATOR, "已经响铃通知", "王珊")
    rung = await village.heard(COORDINATOR, "王桂英", "摔倒了起不来", "100 1234 5001")
    # It is about her; the writer stands there only as who wrote.
    assert rung.splitlines()[1].startswith("王桂英")
    assert "来信人：王珊" in rung
    # The next line is an entry, not more words of that alarm.
    await village.send(COORDINATOR, "电话 陈素芬 都好")
    await village.heard(COORDINATOR, "2. 电话 陈素芬")


async def test_words_of_danger_ring_also_where_a_line_or_a_sheet_is_not_understood(
    village: Village,
) -> None:
    said = {
        "电话 救命！有人在塘边摔倒了起不来": "塘边摔倒了起不来",
        "表K12 045煤气味很重": "煤气味很重",
    }
    for line, words in said.items():
        await village.send(COORDINATOR, line)
        await village.heard(COORDINATOR, "紧急", words)
    # What is only an outcome that was ticked rings nobody.
    await village.send(COORDINATOR, "表K12 011说不清 027没人接")
    assert "响铃" not in await village.last(COORDINATOR)


async def test_the_question_was_it_done_goes_to_who_reported_when_there_is_no_chat(
    village: Village,
) -> None:
    await village.send(COORDINATOR, TEN[1])
    await village.press(COORDINATOR, "对，记下")
    await village.send(COORDINATOR, "需求 李德明 灯坏了")
    await village.press(COORDINATOR, "对，记下")
    await village.press(ZHANG, "我去")
    await village.press(ZHANG, "我能做")
    await village.press(ZHANG, "30分钟内")
    await village.heard(COORDINATOR, "张强", "李德明")
    await village.press(ZHANG, "办好了")
    await village.press(ZHANG, "半小时")
    await village.press(ZHANG, "跳过")
    await village.heard(COORDINATOR, "办好了吗")


async def test_the_mode_is_staffs_alone(village: Village) -> None:
    await village.send(ZHANG, "/paper")
    await village.heard(ZHANG, "怎么用")
    await village.send(ZHANG, "登记 王桂英 青山村")
    await village.never_heard(ZHANG, "我是这样理解的")


async def test_a_need_that_is_open_already_is_asked_about_and_details_go_along(
    village: Village,
) -> None:
    await village.send(
        COORDINATOR, f"{TEN[0]}\n需求 王桂英 青山村3组 灯坏了 后天上午9点 没电梯 3楼"
    )
    await village.press(COORDINATOR, "对，记下")
    await village.heard(ZHANG, "灯坏了", "11月27日", "09:00", "在3楼")
    await village.send(COORDINATOR, "需求 王桂英 青山村3组 灯泡不亮了")
    await village.heard(COORDINATOR, "差不多的需求还在办")
    await village.press(COORDINATOR, "加到那件")
    await village.press(COORDINATOR, "对，记下")
    await village.heard(COORDINATOR, "记下了", "王桂英")
    await village.heard(ZHANG, "灯坏了", "灯泡不亮了")
