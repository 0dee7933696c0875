"""The bytes of files, at the address that getFile leads to."""

from aiohttp import web

from bot.sandbox.api.dispatch import is_token
from bot.sandbox.world import WORLD


async def download(request: web.Request) -> web.StreamResponse:
    if not is_token(request.match_info["token"]):
        raise web.HTTPUnauthorized
    world = request.app[WORLD]
    path = request.match_info["path"]
    # Only what was sent here: a path that was made up leads nowhere.
    if all(file.path != path for file in world.files.values()):
        raise web.HTTPNotFound
    return web.FileResponse(world.files_dir / path)
