"""Telegram's HTML: what it takes, what it refuses and in which words."""

import pytest

from bot.sandbox.api.html_entities import BadHtml, parse_html
from bot.sandbox.entities import to_html, trimmed
from tests.sandbox.room import RESIDENT, Room


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("a<b>b</b>", "ab", [("bold", 1, 1)]),
        ("<strong>a</strong><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            [("strikethrough", i, 1) for i in (0, 1, 2)],
        ),
        ("👋<i>好</i>", "👋好", [("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ('<a href="https://a.cn/?b=1&amp;c=2">这里</a>', "这里", [("text_link", 0, 2)]),
        ('<a href="not a link">这里</a>', "这里", []),
        ("<b></b>a", "a", []),
        ("&lt;b&gt; &amp; &quot;x&quot; &#22909; &#x597d;", '<b> & "x" 好 好', []),
        ("A & B &nbsp; &#0;", "A & B &nbsp; &#0;", []),
    ],
)
def test_supported_html_becomes_text_and_entities(
    source: str, text: str, kinds: list[tuple[str, int, int]]
) -> None:
    plain, entities = parse_html(source)
    assert plain == text
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == kinds


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("好</b>", "Unexpected end tag at byte offset 3"),
        ("<script>", 'Unsupported start tag "script" at byte offset 0'),
        ("a < b >", 'Unsupported start tag "" at byte offset 2'),
        ("a<b", "Unclosed start tag at byte offset 1"),
        ("<a href='x", 'Unclosed start tag "a" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        (
            "<b><i>x</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
    ],
)
def test_html_that_telegram_does_not_take_is_refused_in_its_words(source: str, why: str) -> None:
    with pytest.raises(BadHtml) as refused:
        parse_html(source)
    assert str(refused.value) == why


async def test_bad_html_never_reaches_the_chat(room: Room) -> None:
    message = {"chat_id": RESIDENT, "text": "<b>x", "parse_mode": "HTML"}
    answer = await room.api("sendMessage", **message)
    assert answer.body["description"] == (
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""
    )
    assert await room.shown(RESIDENT) == []
    await room.api("sendMessage", **{**message, "text": "<b>x</b>"})
    assert len(await room.shown(RESIDENT)) == 1


async def test_without_a_parse_mode_the_text_is_taken_as_it_is(room: Room) -> None:
    await room.api("sendMessage", chat_id=RESIDENT, text="<b>x & y")
    (shown,) = await room.shown(RESIDENT)
    assert (shown["text"], shown["html"]) == ("<b>x & y", "&lt;b&gt;x &amp; y")
    refused = await room.api("sendMessage", chat_id=RESIDENT, text="x", parse_mode="Markdown")
    assert refused.body["description"] == "Bad Request: unsupported parse_mode"


def test_blank_ends_are_cut_and_the_entities_follow() -> None:
    text, entities = trimmed(*parse_html(" \n<b> 您好 </b> <i> </i>"))
    assert text == "您好"
    assert entities == [{"type": "bold", "offset": 0, "length": 2}]


@pytest.mark.parametrize(
    "source",
    [
        "<b>a<i>b</i></b>",
        "<u>👋</u> 好",
        '<a href="https://a.cn" rel="noreferrer">x</a>',
        "<tg-spoiler>x</tg-spoiler>",
        "<pre>a &lt; b</pre>",
    ],
)
def test_what_was_read_is_written_back_the_same(source: str) -> None:
    assert to_html(*parse_html(source)) == source
