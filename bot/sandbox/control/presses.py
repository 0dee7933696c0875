"""Presses on inline buttons, and the short notes that answer them."""

from bot.sandbox.control.answers import CannotDo
from bot.sandbox.control.people import named_chat
from bot.sandbox.records import Json, Message
from bot.sandbox.requests import Ask
from bot.sandbox.world import World


def press(world: World, ask: Ask) -> Json:
    """Press a button. A forged press needs neither the button nor the message."""
    chat, data = named_chat(world, ask), ask.needed_text("data")
    number = ask.needed_whole("message_id")
    presser = world.chats.get(ask.whole("from") or chat.id)
    if presser is None or not presser.private:
        raise CannotDo(404, "no such person")
    if chat.blocked:
        raise CannotDo(409, "this person has blocked the bot")
    message = world.find_message(chat.id, number)
    if not ask.flag("forged") and (message is None or not _has_button(message, data)):
        raise CannotDo(404, "no such button")
    # What Telegram sends in place of a message that it no longer has.
    gone: Json = {"chat": chat.as_chat(), "message_id": number, "date": 0}
    query = world.new_query(presser.id)
    world.updates.add(
        "callback_query",
        {
            "id": query.id,
            "from": presser.as_user(),
            "message": gone if message is None else world.as_telegram(message),
            "chat_instance": str(chat.id),
            "data": data,
        },
    )
    return {"query_id": query.id}


def toast(world: World, ask: Ask) -> Json:
    """How a press was answered so far."""
    query = world.queries.get(ask.needed_text("query_id"))
    if query is None:
        raise CannotDo(404, "no such press")
    return {"answered": query.answered, "text": query.text, "show_alert": query.show_alert}


def _has_button(message: Message, data: str) -> bool:
    rows = message.inline.get("inline_keyboard") if message.inline else None
    if not isinstance(rows, list):
        return False
    return any(button.get("callback_data") == data for row in rows for button in row)
