"""How a control route answers: JSON, or one plain sentence when it cannot."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.records import Json
from bot.sandbox.requests import Ask, BadField, read_ask
from bot.sandbox.world import WORLD, World


class CannotDo(Exception):
    """What was asked is impossible here; the message says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def route(act: Callable[[World, Ask], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler around a plain function of the world and the request's fields."""

    async def waiting(world: World, ask: Ask) -> Json:
        return act(world, ask)

    return waiting_route(waiting)


def waiting_route(
    act: Callable[[World, Ask], Awaitable[Json]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The same around a function that waits."""

    async def handle(request: web.Request) -> web.Response:
        try:
            ask = await read_ask(request)
            return web.json_response(await act(request.app[WORLD], ask))
        except BadField as error:
            return web.json_response({"error": str(error)}, status=400)
        except CannotDo as error:
            return web.json_response({"error": str(error)}, status=error.status)

    return handle
