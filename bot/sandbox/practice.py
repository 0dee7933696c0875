"""The bot's practice channel: the cast, orders to it, its reports."""

from datetime import datetime
from typing import Final

from aiohttp import web

from bot.sandbox.control.answers import route, waiting_route
from bot.sandbox.page import clock_state
from bot.sandbox.records import Json
from bot.sandbox.requests import Ask, BadField
from bot.sandbox.world import World

LONGEST_POLL: Final = 50.0


def cast(world: World, _ask: Ask) -> Json:
    """Everyone with a role, so that the bot can prepare its register for them."""
    people = [
        {"id": chat.id, "name": chat.name, "role": chat.role, "language": chat.language}
        for chat in world.chats.values()
        if chat.role
    ]
    return {"people": people}


async def orders(world: World, ask: Ask) -> Json:
    asked = ask.fraction("timeout")
    seconds = LONGEST_POLL if asked is None else min(asked, LONGEST_POLL)
    if not world.orders.attached:
        world.orders.attach()
        world.events.publish("clock", lambda: clock_state(world))
    with world.waits.listed():
        found = await world.orders.after(ask.whole("after") or 0, seconds=seconds)
    return {"orders": found}


def report(world: World, ask: Ask) -> Json:
    told = ask.text("clock")
    if told is not None and not _is_aware(told):
        raise BadField("clock", 'field "clock" must be an ISO time with its zone')
    world.orders.report(dict(ask.values), world.clock)
    world.events.publish("clock", lambda: clock_state(world))
    return {"ok": True}


def practice_routes() -> list[web.RouteDef]:
    return [
        web.get("/practice/cast", route(cast)),
        web.get("/practice/orders", waiting_route(orders)),
        web.post("/practice/report", route(report)),
    ]


def _is_aware(told: str) -> bool:
    try:
        return datetime.fromisoformat(told).tzinfo is not None
    except ValueError:
        return False
