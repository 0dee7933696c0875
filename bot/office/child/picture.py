"""Drawing a picture of figures: lying bars, words before them and numbers behind, for a phone.

The font comes with the project: a bare machine has none with Chinese signs. Whatever the picture
shows stands in its caption and message too, for whoever does not see it.
"""

from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from bot.office.child.charts import COLOURS
from bot.office.child.reasons import Reason, Unreadable
from bot.office.child.spec import Spec

FONT = Path(__file__).parent / "fonts" / "NotoSansCJKsc-GB2312.otf"
# Sharp on a phone held upright; Telegram shrinks what is longer than 1280 a side.
WIDTH, EDGE = 1080, 48
TITLE, NOTE, WORD = 46, 30, 32
BAR, GAP, HEAD_GAP = 44, 26, 22
# Words are cut where the bars begin, at most at this share of the width.
WORDS_AT_MOST = 0.36
MOST_ROWS = 40
INK, PALE, PAPER = "#1A1A1A", "#5A5A5A", "#FFFFFF"


def make_picture(spec: Spec, path: Path) -> None:
    """Draw the blocks that the lines describe, one below the other."""
    blocks = [line["bars"] for line in spec.lines if isinstance(line, dict) and "bars" in line]
    if not blocks or any(len(block["rows"]) > MOST_ROWS for block in blocks):
        raise Unreadable(Reason.BAD_SPEC)
    title, note = str(spec.head.get("title", "")), str(spec.head.get("note", ""))
    height = EDGE * 2 + TITLE + NOTE + HEAD_GAP * 2 + sum(_height(block) for block in blocks)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((EDGE, EDGE), _fit(title, TITLE, WIDTH - 2 * EDGE), INK, font=_font(TITLE))
    top = EDGE + TITLE + HEAD_GAP
    pen.text((EDGE, top), _fit(note, NOTE, WIDTH - 2 * EDGE), PALE, font=_font(NOTE))
    top += NOTE + HEAD_GAP
    for block in blocks:
        _draw_block(pen, block, top)
        top += _height(block)
    # A few colours only: as a palette it is a third of the size.
    image.quantize(64).save(path, "PNG", optimize=True)


def _height(block: dict[str, Any]) -> int:
    return int(WORD + HEAD_GAP * 2 + len(block["rows"]) * (BAR + GAP) + _legend_height(block))


def _legend_height(block: dict[str, Any]) -> int:
    return NOTE + HEAD_GAP if len(block["series"]) > 1 else 0


def _draw_block(pen: ImageDraw.ImageDraw, block: dict[str, Any], top: int) -> None:
    """A heading, what the colours mean, and a bar for each row: its parts lie end to end."""
    series, rows = [str(one) for one in block["series"]], block["rows"]
    top += HEAD_GAP
    pen.text((EDGE, top), _fit(str(block["title"]), WORD, WIDTH - 2 * EDGE), INK, font=_font(WORD))
    top += WORD + HEAD_GAP
    if len(series) > 1:
        _draw_legend(pen, series, top)
        top += NOTE + HEAD_GAP
    words = [str(row["word"]) for row in rows]
    wide = min(max((_width(word, WORD) for word in words), default=0), int(WIDTH * WORDS_AT_MOST))
    behind = max((_width(str(row["shown"]), WORD) for row in rows), default=0)
    left = EDGE + wide + 20
    room = WIDTH - EDGE - left - behind - 16
    longest = max((sum(row["parts"]) for row in rows), default=0) or 1
    for row, word in zip(rows, words, strict=True):
        pen.text((EDGE, top), _fit(word, WORD, wide), INK, font=_font(WORD))
        at = float(left)
        for number, part in enumerate(row["parts"]):
            end = at + part / longest * room
            if part > 0:
                # A thin white edge tells two parts apart without their colours.
                box = (at, top, max(end - 2, at + 2), top + BAR)
                pen.rectangle(box, fill=COLOURS[number % len(COLOURS)])
            at = end
        pen.text((at + 14, top), str(row["shown"]), INK, font=_font(WORD))
        top += BAR + GAP


def _draw_legend(pen: ImageDraw.ImageDraw, series: list[str], top: int) -> None:
    at = EDGE
    for number, word in enumerate(series):
        pen.rectangle((at, top + 4, at + 26, top + 30), fill=COLOURS[number % len(COLOURS)])
        pen.text((at + 38, top - 2), word, PALE, font=_font(NOTE))
        at += 38 + _width(word, NOTE) + 40


def _fit(text: str, size: int, room: int) -> str:
    """The text, cut with a sign for it where it is too long."""
    if _width(text, size) <= room:
        return text
    while text and _width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…"


def _width(text: str, size: int) -> int:
    return int(_font(size).getlength(text)) + 1


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)
