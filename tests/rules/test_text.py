"""Free text is kept as it was meant, cut whole, and never lies about what it is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.text import clean, cut, isolate, looks_empty, mask_phones, normalise

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "\u3000", "\n\n", "\u200b", "\u2060", "\u3164", "\u2800", "\U000e0001"),
        *("\u200d\u200d", "\ufe0f", "\u202e\u202c", "\uffa0 \u115f", "。。。", "？", "\ud800"),
    ],
)
def test_what_only_looks_like_text_counts_as_empty(text: str) -> None:
    assert clean(text, limit=100) is None


@pytest.mark.parametrize("text", ["王", "x", "7", "👍", "❤️", "你好？", "3.5", "🇨🇳", "1️⃣"])
def test_a_letter_a_number_or_an_emoji_is_text(text: str) -> None:
    assert clean(text, limit=100) == text


@pytest.mark.parametrize("text", ["<b>x", "</b><i>", "A & B", "{{ 7*7 }}", "'; DROP TABLE", "%s"])
def test_signs_of_markup_and_templates_are_left_as_they_are(text: str) -> None:
    assert clean(text, limit=100) == text


def test_characters_that_steer_the_direction_or_show_nothing_are_removed() -> None:
    assert clean("a\u202eb\u2066c\u200bd\x07e\ufeff\u061c", limit=100) == "abcde"


def test_blank_lines_and_line_ends_are_tidied() -> None:
    assert clean("  一 \r\n\r\n\u3000\n\n二\u2028三\t四\x00 ", limit=100) == "一\n\n二\n三 四"


def test_the_limit_counts_code_points_and_4096_characters_are_stored_whole() -> None:
    assert clean("需" * 4096, limit=4096) == "需" * 4096
    assert clean("需" * 5000, limit=4096) == "需" * 4096


@pytest.mark.parametrize("limit", range(2, 9))
def test_a_family_is_never_torn_apart_by_a_cut(limit: int) -> None:
    assert cut(f"a{FAMILY}b", limit) == (f"a{FAMILY}" if limit == 8 else "a")


def test_flags_skin_tones_and_accents_are_cut_whole() -> None:
    assert cut("🇨🇳🇬🇧", 3) == "🇨🇳"
    assert cut("ok👍🏽!", 3) == "ok"
    assert cut("caf\u0065\u0301s", 4) == "caf"
    assert cut("a🏴󠁧󠁢󠁥󠁮󠁧󠁿", 4) == "a"


def test_an_emoji_that_does_not_fit_at_all_is_left_out() -> None:
    assert cut(FAMILY, 3) == ""


def test_an_endless_emoji_is_cut_somewhere() -> None:
    endless = "\u200d".join("👨" * 400)
    assert 0 < len(cut(endless, 100)) <= 100


def test_a_tower_of_accents_is_made_lower() -> None:
    text = clean("a" + "\u0301" * 300 + "b", limit=100)
    assert text is not None
    assert len(text) == 10


def test_invisible_tags_stay_only_behind_their_flag() -> None:
    assert clean("a\U000e0041\U000e0042b", limit=100) == "ab"
    assert clean("🏴󠁧󠁢󠁥󠁮󠁧󠁿", limit=100) == "🏴󠁧󠁢󠁥󠁮󠁧󠁿"


def test_only_a_right_to_left_value_is_wrapped() -> None:
    assert isolate("مريم") == "\u2068مريم\u2069"
    assert isolate("דוד 7") == "\u2068דוד 7\u2069"
    assert isolate("王芳") == "王芳"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打13800138000找我", "打1380•••••00找我"),
        ("打１３８００１３８０００找我", "打1380•••••00找我"),
        ("打138 0013 8000。", "打1380•••••00。"),
        ("幺三八零零幺三八零零零", "1380•••••00"),
        ("座机023-74512345", "座机0237•••••45"),
        ("座机74512345", "座机74••••45"),
        ("证号50029919450307018211", "证号5002••••••••••••••11"),
        ("2026-11-30 14:00到", "2026-11-30 14:00到"),
        ("9:30来，3个人，买5斤米", "9:30来，3个人，买5斤米"),
        ("十一月三十日", "十一月三十日"),
        ("打120", "打120"),
        ("0" * 30, "0000" + "•" * 24 + "00"),
    ],
)
def test_numbers_of_people_are_hidden_and_others_are_not(text: str, masked: str) -> None:
    assert mask_phones(text) == masked


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("✅ 发送", "发送"),
        ("发送。", "发送"),
        ("Ｓｅｎｄ", "send"),
        ("ON MY WAY!", "on my way"),
        ("I\u2019ll go", "I'll go"),
        ("❤️\ufe0f好", "好"),
    ],
)
def test_a_typed_label_is_recognised(typed: str, label: str) -> None:
    assert normalise(typed) == normalise(label) != ""


@given(st.text(max_size=200), st.integers(min_value=1, max_value=60))
def test_cleaned_text_is_short_visible_storable_and_clean(text: str, limit: int) -> None:
    cleaned = clean(text, limit=limit)
    if cleaned is None:
        return
    assert len(cleaned) <= limit
    assert not looks_empty(cleaned)
    assert clean(cleaned, limit=limit) == cleaned
    cleaned.encode("utf-8")
    assert not {unicodedata.category(char) for char in cleaned.replace("\n", "")} & {"Cc", "Cs"}


@given(st.text(max_size=60), st.integers(min_value=1, max_value=80))
def test_a_line_without_anything_odd_is_cleaned_as_any_other(text: str, limit: int) -> None:
    # A tab is odd and becomes a space at the edge, where it goes: the longer way, the same end.
    assert clean(f"{text}\t", limit=limit) == clean(text, limit=limit)


@given(st.text(max_size=80))
def test_masking_leaves_no_seven_digits_in_a_row(text: str) -> None:
    plain = unicodedata.normalize("NFKC", mask_phones(text))
    run = 0
    for char in plain:
        run = run + 1 if char.isascii() and char.isdigit() else 0
        assert run < 7


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
