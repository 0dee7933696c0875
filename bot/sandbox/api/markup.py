"""Checks keyboards as Telegram does."""

from typing import Final

from bot.sandbox.api.refusals import bad_request
from bot.sandbox.records import Json
from bot.sandbox.requests import Ask

MOST_BUTTONS: Final = 100
MOST_IN_A_ROW: Final = 8
MOST_DATA_BYTES: Final = 64
MOST_REPLY_BUTTONS: Final = 300
MOST_IN_A_REPLY_ROW: Final = 12

_INLINE_ACTS: Final = (
    "callback_data",
    "url",
    "copy_text",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
)
_OTHER_KEYBOARDS: Final = ("keyboard", "remove_keyboard", "force_reply")


def read_markup(ask: Ask) -> Json:
    """The fields of a message that its markup sets: `inline` or `keyboard`, or neither."""
    markup = ask.parsed("reply_markup")
    if markup is None:
        return {}
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _inline_rows(markup["inline_keyboard"])
        return {"inline": {"inline_keyboard": rows}} if rows else {}
    if "keyboard" in markup:
        return {"keyboard": {**markup, "keyboard": _reply_rows(markup["keyboard"])}}
    if any(name in markup for name in _OTHER_KEYBOARDS):
        return {"keyboard": markup}
    return {}


def _inline_rows(value: object) -> list[list[Json]]:
    rows = _rows(value, most=MOST_BUTTONS, most_in_a_row=MOST_IN_A_ROW)
    return [[_inline_button(button) for button in row] for row in rows]


def _reply_rows(value: object) -> list[list[Json]]:
    rows = _rows(value, most=MOST_REPLY_BUTTONS, most_in_a_row=MOST_IN_A_REPLY_ROW)
    return [[_reply_button(button) for button in row] for row in rows]


def _rows(value: object, *, most: int, most_in_a_row: int) -> list[list[object]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request("can't parse keyboard: expected an Array of Array of buttons")
    rows: list[list[object]] = [row for row in value if row]
    too_long = any(len(row) > most_in_a_row for row in rows)
    if too_long or sum(map(len, rows)) > most:
        raise bad_request("reply markup is too long")
    return rows


def _inline_button(button: object) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not any(act in button for act in _INLINE_ACTS):
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return button


def _reply_button(button: object) -> Json:
    shown: Json = {"text": button} if isinstance(button, str) else {}
    if isinstance(button, dict):
        shown = button
    text = shown.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("keyboard button text must be non-empty")
    return shown
