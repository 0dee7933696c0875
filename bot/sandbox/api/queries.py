"""Answers to presses on buttons: the short note at the top of the screen."""

from typing import Final

from bot.sandbox.api.refusals import QUERY_TOO_OLD, bad_request
from bot.sandbox.requests import Ask
from bot.sandbox.updates import QUERY_LIFE_SECONDS
from bot.sandbox.world import World

LONGEST_TOAST: Final = 200


def answer_callback_query(world: World, ask: Ask) -> bool:
    query = world.queries.get(ask.text("callback_query_id") or "")
    if query is None or query.answered:
        raise bad_request(QUERY_TOO_OLD)
    if world.clock.stamp() - query.date > QUERY_LIFE_SECONDS:
        raise bad_request(QUERY_TOO_OLD)
    text = ask.text("text") or ""
    if len(text) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answered = True
    query.text = text
    query.show_alert = ask.flag("show_alert")
    world.store.put("query", query.id, query)
    if text:
        toast = {"chat": query.chat, "text": text, "show_alert": query.show_alert}
        world.events.publish("toast", lambda: dict(toast))
    return True
