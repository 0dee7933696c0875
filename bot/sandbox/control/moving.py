"""Orders to the bot: move the clock, fall asleep, say when nothing is left to do."""

from datetime import datetime
from time import monotonic
from typing import Final

from bot.sandbox.control.answers import CannotDo
from bot.sandbox.records import Json
from bot.sandbox.requests import Ask, BadField
from bot.sandbox.world import World

# So long without a word from the bot, which speaks up at each moment of a move.
LONGEST_WAIT: Final = 60.0


async def clock(world: World, ask: Ask) -> Json:
    return await _order(world, {"do": "advance", **_how_far(ask)}, LONGEST_WAIT)


async def asleep(world: World, ask: Ask) -> Json:
    order: Json = {"do": "asleep", "on": ask.flag("on", default=True)}
    return await _order(world, order, LONGEST_WAIT)


async def idle(world: World, _ask: Ask) -> Json:
    """Answers when the bot has confirmed every update and says that nothing is left to do."""
    _needs_bot(world)
    ends = monotonic() + LONGEST_WAIT
    with world.waits.listed():
        while len(world.updates):
            if not await world.updates.emptied.wait(ends - monotonic()):
                raise CannotDo(504, "the bot leaves updates unconfirmed")
    report = await _order(world, {"do": "idle"}, max(ends - monotonic(), 1.0))
    return {"ok": report.get("ok", True), "clock": report.get("clock")}


async def _order(world: World, order: Json, seconds: float) -> Json:
    _needs_bot(world)
    with world.waits.listed():
        try:
            return await world.orders.give(order, seconds=seconds)
        except TimeoutError:
            raise CannotDo(504, "the bot did not report in time") from None


def _needs_bot(world: World) -> None:
    if not world.orders.attached:
        raise CannotDo(503, "no bot is attached")


def _how_far(ask: Ask) -> Json:
    for unit in ("hours", "days"):
        amount = ask.fraction(unit)
        if amount is not None:
            if amount < 0:
                raise BadField(unit, "the clock moves forward only")
            return {unit: int(amount) if amount.is_integer() else amount}
    if ask.flag("next"):
        return {"next": True}
    to = ask.needed_text("to")
    try:
        aware = datetime.fromisoformat(to).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise BadField("to", 'field "to" must be an ISO time with its zone')
    return {"to": to}
