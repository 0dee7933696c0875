"""Reading what each chat was shown and what the bot called."""

from bot.sandbox.control.people import named_chat
from bot.sandbox.records import Json
from bot.sandbox.requests import Ask
from bot.sandbox.shown import as_shown
from bot.sandbox.world import World


def shown(world: World, ask: Ask) -> Json:
    chat, after = named_chat(world, ask), ask.whole("after") or 0
    messages = world.messages.get(chat.id, {})
    return {"messages": [as_shown(told) for told in messages.values() if told.id > after]}


def calls(world: World, _ask: Ask) -> Json:
    return world.calls.as_json()
