"""Keeps other web sites out: only this machine, and no page but our own."""

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_READING: Final = frozenset({"GET", "HEAD"})


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A Host that is not loopback is DNS rebinding; a foreign Origin is another site's page."""
    headers = request.headers
    host = headers.get("Host", "")
    if not is_loopback(host):
        return web.Response(status=403, text="Only for this machine.")
    origin = headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != host
    if foreign or (headers.get("Sec-Fetch-Site") == "cross-site" and request.path != "/"):
        return web.Response(status=403, text="Not from another site.")
    return await handler(request)


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Whether a Host header names this machine, whatever the port."""
    try:
        return urlsplit(f"//{host}").hostname in _LOOPBACK
    except ValueError:
        return False
