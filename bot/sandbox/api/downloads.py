"""The bytes of files, at the address that getFile leads to."""

from aiohttp import web

from bot.sandbox.api.dispatch import faulty, is_token
from bot.sandbox.world import WORLD


async def download(request: web.Request) -> web.StreamResponse:
    if not is_token(request.match_info["token"]):
        raise web.HTTPUnauthorized
    world = request.app[WORLD]
    path = request.match_info["path"]
    fault = world.faults.take("download", None)
    if fault is not None:
        return await faulty(request, fault)
    # Only what getFile led to: a path that was made up, or is an hour old, leads nowhere.
    if not world.links.leads(path):
        raise web.HTTPNotFound
    return web.FileResponse(world.files_dir / path)
