"""The picture of figures, drawn by the real child: Chinese signs, parts of bars, long words."""

from io import BytesIO

import pytest
from PIL import Image

from bot.office import lines
from bot.office.child.picture import FONT, MOST_ROWS
from bot.office.child_process import Office, OfficeFailed
from bot.office.lines import Bar, Line

SERIES = ("办结", "有人在办", "还没人办")


def drawn(*blocks: Line) -> Image.Image:
    body = Office().make([lines.picture("需求对接情况", note="横条长短是件数"), *blocks])
    assert body.startswith(b"\x89PNG")
    return Image.open(BytesIO(body)).convert("RGB")


def test_a_picture_is_as_high_as_its_rows_and_fits_a_phone() -> None:
    few = drawn(lines.bars("按类别", SERIES, [Bar("跑腿代办", (3, 2, 1), "6")]))
    many = drawn(lines.bars("按类别", SERIES, [Bar("跑腿代办", (3, 2, 1), "6")] * 12))
    assert few.width == many.width == 1080
    assert few.height < many.height < 3000


def test_each_part_of_a_bar_has_its_colour() -> None:
    image = drawn(lines.bars("按类别", SERIES, [Bar("跑腿代办", (3, 2, 1), "6")]))
    colours = {colour for _, colour in image.getcolors(1 << 20) or []}
    assert {(0x1F, 0x4E, 0x79), (0xE3, 0x9B, 0x3B), (0x5B, 0x9B, 0xD5)} <= colours


def test_words_that_are_too_long_are_cut_and_nothing_breaks_it() -> None:
    rows = [
        Bar("很长的名字" * 20, (0, 0, 0), "0"),
        Bar("", (1, 0, 0), "不显示"),
        Bar("𠮷", (1,), "1"),
    ]
    assert drawn(lines.bars("标题" * 40, SERIES, rows)).height > 200


@pytest.mark.parametrize(
    "blocks", [[], [lines.bars("x", SERIES, [Bar("x", (1,), "1")] * (MOST_ROWS + 1))]]
)
def test_an_order_for_no_picture_is_refused(blocks: list[Line]) -> None:
    with pytest.raises(OfficeFailed, match="bad_spec"):
        Office().make([lines.picture("x"), *blocks])


def test_the_font_is_small_free_and_comes_with_its_licence() -> None:
    assert FONT.stat().st_size < 2_000_000
    assert "SIL OPEN FONT LICENSE" in (FONT.parent / "OFL.txt").read_text(encoding="utf-8")
