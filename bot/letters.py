"""Letters: a leased parcel becomes the parameters of one Bot API call, in the receiver's words."""

import html
import re
from typing import Any

from messages.render import TEXT_LIMIT, Wording
from storage.outbox.leasing import Parcel

# Words are not always understood: whoever is in danger has a key of their own.
MENUS = {
    "menu": (("menu.mine", "menu.help"), ("menu.danger",)),
    "menu_staff": (("menu.office", "menu.mine"), ("menu.help", "menu.danger")),
}
# They show somebody's phone or address to a helper: not to be forwarded or saved.
# A document is protected by nothing: what may not be saved cannot be opened in WPS or printed.
PROTECTED = frozenset(
    {"claim_contact", "check_in_call", "check_in_stand_in", "check_in_contact", "medium_for_helper"}
)
METHODS = {
    "send": "sendMessage",
    "edit": "editMessageText",
    "leave": "leaveChat",
    "document": "sendDocument",
}
CAPTION_LIMIT = 1024


class CaptionTooLong(Exception):
    """The words do not fit under a file; they go before it."""


def method_of(parcel: Parcel) -> str:
    """Return the Bot API method that a parcel needs."""
    return METHODS[parcel.kind]


def parameters_of(parcel: Parcel, wording: Wording) -> dict[str, Any]:
    """Render a parcel; raises WordingError, or CaptionTooLong for a document."""
    if parcel.kind == "leave":
        return {"chat_id": parcel.chat_id}
    parameters: dict[str, Any] = {"chat_id": parcel.chat_id, "parse_mode": "HTML"}
    text = _words(parcel, wording)
    if parcel.kind == "document":
        if len(bare(text)) > CAPTION_LIMIT:
            raise CaptionTooLong
        parameters["caption"] = text
    else:
        parameters |= {"text": text, "link_preview_options": {"is_disabled": True}}
    if parcel.kind == "edit":
        parameters["message_id"] = parcel.edits
    elif parcel.template in PROTECTED:
        parameters["protect_content"] = True
    markup = _markup(parcel, wording)
    if markup is not None:
        parameters["reply_markup"] = markup
    return parameters


def plain(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the same message without markup, for a message whose markup was refused.

    The buttons become lines: their numbers can be typed.
    """
    said, limit = ("caption", CAPTION_LIMIT) if "caption" in parameters else ("text", TEXT_LIMIT)
    words = bare(str(parameters[said]))
    lines = (parameters.get("reply_markup") or {}).get("inline_keyboard", [])
    choices = "".join(f"\n{button['text']}" for line in lines for button in line)
    kept = {name: parameters[name] for name in ("chat_id", "message_id") if name in parameters}
    return kept | {said: (words[: max(limit - len(choices), 0)] + choices)[:limit]}


def bare(text: str) -> str:
    """The words as they are shown: without tags and escapes."""
    return html.unescape(re.sub(r"<[^>]*>", "", text))


def _words(parcel: Parcel, wording: Wording) -> str:
    """The rendered words, under the mark of a repeat; a document may have none of its own."""
    lines = []
    if parcel.repeated:
        lines.append(wording.text("possibly_repeated", language=parcel.language, facts={}))
    if parcel.template:
        lines.append(wording.text(parcel.template, language=parcel.language, facts=parcel.facts))
    return "\n".join(lines)


def _markup(parcel: Parcel, wording: Wording) -> dict[str, Any] | None:
    if parcel.keyboard == "contact":
        return _contact_keyboard(parcel, wording)
    if parcel.buttons:
        return {
            "inline_keyboard": [
                [
                    {
                        "text": f"{one.number}. {_label(parcel, wording, one.label, one.facts)}",
                        "callback_data": one.data,
                    }
                    for one in line
                ]
                for line in parcel.buttons
            ]
        }
    if parcel.keyboard in MENUS:
        lines = [
            [{"text": wording.label(key, language=parcel.language)} for key in line]
            for line in MENUS[parcel.keyboard]
        ]
        return {"keyboard": lines, "resize_keyboard": True, "is_persistent": True}
    if parcel.keyboard == "remove":
        return {"remove_keyboard": True}
    return None


def _contact_keyboard(parcel: Parcel, wording: Wording) -> dict[str, Any]:
    """A shared contact needs a reply keyboard; the question's own buttons become lines of it."""
    share = wording.label("menu.share_phone", language=parcel.language)
    lines = [[{"text": share, "request_contact": True}]]
    lines += [
        [{"text": _label(parcel, wording, one.label, one.facts)} for one in line]
        for line in parcel.buttons
    ]
    return {"keyboard": lines, "resize_keyboard": True, "one_time_keyboard": True}


def _label(parcel: Parcel, wording: Wording, key: str, facts: Any) -> str:
    return wording.label(key, language=parcel.language, facts=facts)
