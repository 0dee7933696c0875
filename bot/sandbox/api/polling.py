"""getUpdates: long polling, confirmation by offset, and one poller at a time."""

from time import monotonic
from typing import Final

from bot.sandbox.api.refusals import Refusal
from bot.sandbox.requests import Ask
from bot.sandbox.world import World

MOST_AT_ONCE: Final = 100
LONGEST_POLL: Final = 50


async def get_updates(world: World, ask: Ask) -> list[str]:
    """The waiting updates, each as JSON text already."""
    queue = world.updates
    if world.webhook_url:
        raise Refusal(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    allow(world, ask)
    if offset := ask.whole("offset"):
        queue.confirm(offset)
    limit = min(max(ask.whole("limit") or MOST_AT_ONCE, 1), MOST_AT_ONCE)
    ends = monotonic() + min(max(ask.whole("timeout") or 0, 0), LONGEST_POLL)
    poll = queue.take_over()
    with world.waits.listed():
        while not (found := queue.batch(limit)) and (left := ends - monotonic()) > 0:
            await queue.arrived.wait(left)
            if not queue.is_current(poll):
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
    return found


def allow(world: World, ask: Ask) -> None:
    """Remember which kinds of update the bot wants; a call that does not say keeps the last."""
    asked = ask.parsed("allowed_updates")
    if isinstance(asked, list):
        world.updates.allowed = [str(kind) for kind in asked]
