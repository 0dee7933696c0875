"""Sending, changing and deleting the bot's messages."""

from typing import Final

from bot.sandbox.api.markup import read_markup
from bot.sandbox.api.reading import caption_of, chat_of, message_of, open_chat, reply_of, text_of
from bot.sandbox.api.refusals import NOT_MODIFIED, bad_request
from bot.sandbox.records import BOT_ID, Json, Message
from bot.sandbox.requests import Ask
from bot.sandbox.world import World

# Older messages can no longer be deleted by a bot.
DELETABLE_SECONDS: Final = 48 * 3600
_EDIT_MISSING: Final = "message to edit not found"


def send_message(world: World, ask: Ask) -> Json:
    words, markup = text_of(ask), read_markup(ask)
    chat = open_chat(world, ask)
    fields = {**words, **markup, **reply_of(world, ask, chat), "extra": extra_of(ask)}
    return world.as_telegram(world.post(chat, BOT_ID, fields))


def edit_message_text(world: World, ask: Ask) -> Json:
    words, inline = text_of(ask), read_markup(ask).get("inline")
    message = editable(world, ask)
    if message.text is None:
        raise bad_request("there is no text in the message to edit")
    before = (message.text, message.entities, message.inline)
    if before == (words["text"], words["entities"], inline):
        raise bad_request(NOT_MODIFIED)
    if message.text != words["text"]:
        message.history.append(message.text)
    return edited(world, message, {**words, "inline": inline})


def edit_message_caption(world: World, ask: Ask) -> Json:
    words, inline = caption_of(ask), read_markup(ask).get("inline")
    message = editable(world, ask)
    if message.text is not None:
        raise bad_request("there is no caption in the message to edit")
    fields = {"caption": words.get("caption"), "entities": words.get("entities", [])}
    before = (message.caption, message.entities, message.inline)
    if before == (fields["caption"], fields["entities"], inline):
        raise bad_request(NOT_MODIFIED)
    if message.caption is not None and message.caption != fields["caption"]:
        message.history.append(message.caption)
    return edited(world, message, {**fields, "inline": inline})


def edit_message_reply_markup(world: World, ask: Ask) -> Json:
    inline = read_markup(ask).get("inline")
    message = editable(world, ask)
    if message.inline == inline:
        raise bad_request(NOT_MODIFIED)
    return edited(world, message, {"inline": inline})


def delete_message(world: World, ask: Ask) -> bool:
    chat = chat_of(world, ask)
    message = message_of(world, ask, chat, missing="message to delete not found")
    if world.clock.stamp() - message.date > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    world.changed(message)
    return True


def extra_of(ask: Ask) -> Json:
    """What Telegram says back of how a message was sent."""
    extra: Json = {}
    if ask.flag("protect_content"):
        extra["has_protected_content"] = True
    preview = ask.parsed("link_preview_options")
    if isinstance(preview, dict):
        extra["link_preview_options"] = preview
    return extra


def editable(world: World, ask: Ask) -> Message:
    """The bot's own message that the call names."""
    message = message_of(world, ask, open_chat(world, ask), missing=_EDIT_MISSING)
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def edited(world: World, message: Message, fields: Json) -> Json:
    """The message with another look."""
    for name, value in fields.items():
        setattr(message, name, value)
    message.edit_date = world.clock.stamp()
    world.changed(message)
    return world.as_telegram(message)
