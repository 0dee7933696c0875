"""Reads what most methods share: the chat, the text with its entities, the message."""

from typing import Final

from bot.sandbox.api.html_entities import BadHtml, parse_html
from bot.sandbox.api.refusals import bad_request, forbidden
from bot.sandbox.entities import is_entity, trimmed
from bot.sandbox.records import Chat, Json, Message
from bot.sandbox.requests import Ask, BadField
from bot.sandbox.world import World

LONGEST_TEXT: Final = 4096
LONGEST_CAPTION: Final = 1024


def chat_of(world: World, ask: Ask) -> Chat:
    """The chat that the call names."""
    if not ask.text("chat_id"):
        raise bad_request("chat_id is empty")
    try:
        number = ask.whole("chat_id")
    except BadField:
        number = None
    chat = world.chats.get(number) if number is not None else None
    if chat is None:
        raise bad_request("chat not found")
    return chat


def open_chat(world: World, ask: Ask) -> Chat:
    """The chat, if the bot may write there."""
    chat = chat_of(world, ask)
    if chat.left:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    return chat


def text_of(ask: Ask) -> Json:
    """The fields `text` and `entities` of a message to be."""
    text, entities = _formatted(ask, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities}


def caption_of(ask: Ask) -> Json:
    text, entities = _formatted(ask, "caption", "caption_entities")
    if len(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return {"caption": text, "entities": entities} if text else {}


def message_of(world: World, ask: Ask, chat: Chat, *, missing: str) -> Message:
    """The message that the call names; `missing` is what Telegram says when there is none."""
    number = ask.whole("message_id")
    if not number:
        raise bad_request("message identifier is not specified")
    message = world.find_message(chat.id, number)
    if message is None:
        raise bad_request(missing)
    return message


def reply_of(world: World, ask: Ask, chat: Chat) -> Json:
    """The field `reply_to`, when the message answers another one."""
    asked = ask.parsed("reply_parameters")
    if asked is None:
        return {}
    number = asked.get("message_id") if isinstance(asked, dict) else None
    if not isinstance(asked, dict) or not isinstance(number, int):
        raise bad_request("can't parse reply parameters")
    if world.find_message(chat.id, number) is not None:
        return {"reply_to": number}
    if asked.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _formatted(ask: Ask, text_name: str, entities_name: str) -> tuple[str, list[Json]]:
    source = ask.text(text_name) or ""
    mode = (ask.text("parse_mode") or "").lower()
    if mode == "html":
        try:
            return trimmed(*parse_html(source))
        except BadHtml as error:
            raise bad_request(f"can't parse entities: {error}") from None
    # The bot writes HTML only; the sandbox does not know Telegram's Markdown.
    if mode:
        raise bad_request("unsupported parse_mode")
    given = ask.parsed(entities_name)
    listed = given if isinstance(given, list) else []
    return trimmed(source, [entity for entity in listed if is_entity(entity)])
