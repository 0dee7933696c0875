"""Ordering faults of the Bot API, and clearing them."""

from bot.sandbox.faults import Fault, known_kind
from bot.sandbox.records import Json
from bot.sandbox.requests import Ask, BadField
from bot.sandbox.world import World


def order_fault(world: World, ask: Ask) -> Json:
    kind = ask.needed_text("kind")
    if not known_kind(kind):
        raise BadField("kind", f'"{kind}" is no fault that the sandbox knows')
    times, retry_after = ask.whole("times"), ask.whole("retry_after")
    if times is not None and times < 1:
        raise BadField("times")
    parameters = ask.parsed("parameters")
    world.faults.order(
        Fault(
            method=ask.needed_text("method").lower(),
            kind=kind,
            times=1 if times is None else times,
            retry_after=1 if retry_after is None else retry_after,
            chat=ask.whole("chat"),
            description=ask.text("description"),
            parameters=parameters if isinstance(parameters, dict) else None,
        )
    )
    return {"ok": True}


def expire_links(world: World, _ask: Ask) -> Json:
    """Every link that getFile gave leads nowhere from now on."""
    world.links.expire()
    return {"ok": True}


def clear_faults(world: World, _ask: Ask) -> Json:
    world.faults.clear()
    return {"ok": True}
