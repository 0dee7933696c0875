"""Transport: python-telegram-bot over aiohttp, and a lean way to call the Bot API.

python-telegram-bot's default HTTP client (httpx) answered 554 echo updates a second here, aiohttp
2,178. What each failure means for a message is decided here: ``NotSent`` is certain, every other
network failure may have happened after delivery.
"""

import json
import os
from collections.abc import Mapping
from io import BytesIO
from types import TracebackType
from typing import Any, cast

import aiohttp
from telegram import Bot
from telegram._utils.defaultvalue import DEFAULT_NONE, DefaultValue
from telegram.error import (
    BadRequest,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

# Without it python-telegram-bot warns, at every 429, that retry_after will be a timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "true")

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
MEDIA_SECONDS = 30.0
# Fifty megabytes at two megabits a second.
TRANSFER_SECONDS = 240.0
JSON = {"Content-Type": "application/json"}

Timeout = DefaultValue[None] | DefaultValue[float] | float | None


class NotSent(NetworkError):
    """No connection came about: the request certainly did not reach the server."""


def seconds_to_wait(error: RetryAfter) -> float:
    """Return how long Telegram asks to wait."""
    after = error.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()


class Payload:
    """Plain JSON parameters, in the place of python-telegram-bot's RequestData."""

    __slots__ = ("contains_files", "json_payload")

    def __init__(self, parameters: Mapping[str, object]) -> None:
        self.contains_files = False
        self.json_payload = json.dumps(parameters, ensure_ascii=False).encode()


class FilePayload:
    """Parameters with one file, as python-telegram-bot's RequestData has them."""

    __slots__ = ("contains_files", "json_parameters", "multipart_data")

    def __init__(
        self, parameters: Mapping[str, object], *, field: str, name: str, body: bytes, kind: str
    ) -> None:
        self.contains_files = True
        self.json_parameters = {
            key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for key, value in parameters.items()
        }
        self.multipart_data = {field: (name, body, kind)}


class TooBig(BadRequest):
    """The server sends more than was asked for."""


class AiohttpRequest(BaseRequest):
    """A BaseRequest over one aiohttp session with kept-alive connections."""

    def __init__(self, *, connections: int, proxy: str | None = None) -> None:
        self._connections = connections
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer when the caller names none."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the session."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                skip_auto_headers={"User-Agent"},
            )

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = DEFAULT_NONE,
        write_timeout: Timeout = DEFAULT_NONE,
        connect_timeout: Timeout = DEFAULT_NONE,
        pool_timeout: Timeout = DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request; raises NotSent, TimedOut or NetworkError."""
        if self._session is None:
            raise NotSent("the transport is not open")
        read = read_timeout if isinstance(read_timeout, int | float) else READ_SECONDS
        has_files = request_data is not None and request_data.contains_files
        if has_files:
            read = max(read, MEDIA_SECONDS)
        try:
            async with self._session.request(
                method,
                url,
                proxy=self._proxy,
                timeout=_timeout(read, has_files=has_files),
                **_body(request_data),
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, OSError) as error:
            raise _as_telegram(error) from error

    async def download(self, url: str, *, limit: int) -> bytes:
        """Read a file of at most ``limit`` bytes; raises BadRequest when it is gone, TooBig."""
        if self._session is None:
            raise NotSent("the transport is not open")
        try:
            async with self._session.get(
                url, proxy=self._proxy, timeout=_timeout(MEDIA_SECONDS, has_files=True)
            ) as response:
                if response.status >= 500:
                    raise NetworkError(f"{response.status} on a download")
                if response.status != 200:
                    raise BadRequest("the file is gone")
                body = bytearray()
                async for chunk in response.content.iter_chunked(65536):
                    body += chunk
                    if len(body) > limit:
                        raise TooBig("file is too big")
                return bytes(body)
        except (aiohttp.ClientError, OSError) as error:
            raise _as_telegram(error) from error


def _as_telegram(error: aiohttp.ClientError | OSError) -> NetworkError:
    """What a failed request says: certainly not sent, or perhaps."""
    unconnected = (
        aiohttp.ClientConnectorError,
        aiohttp.ConnectionTimeoutError,
        # The proxy would not open a way.
        aiohttp.ClientHttpProxyError,
    )
    if isinstance(error, unconnected):
        return NotSent("no connection to the Bot API")
    if isinstance(error, TimeoutError):
        return TimedOut("no answer from the Bot API in time")
    return NetworkError(type(error).__name__)


def _timeout(read: float, *, has_files: bool) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=TRANSFER_SECONDS if has_files else None,
        sock_connect=CONNECT_SECONDS,
        connect=CONNECT_SECONDS,
        sock_read=read,
    )


def _body(request_data: RequestData | None) -> dict[str, Any]:
    if request_data is None:
        return {}
    if not request_data.contains_files:
        return {"data": request_data.json_payload, "headers": JSON}
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, mime_type) in (request_data.multipart_data or {}).items():
        # As a stream: aiohttp warns that large bytes at once would hold up the loop.
        stream = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=file_name, content_type=mime_type)
    return {"data": form}


def _is_answer(error: TelegramError) -> bool:
    """Whether the server said no, rather than nothing; a refused token lets nothing through."""
    if isinstance(error, InvalidToken):
        return False
    return isinstance(error, BadRequest) or not isinstance(error, NetworkError)


class BotApi:
    """The Bot API by method name and plain parameters, with python-telegram-bot's errors."""

    def __init__(self, *, token: str, root: str, proxy: str | None = None) -> None:
        self._root = f"{root}/bot{token}"
        self._file_root = f"{root}/file/bot{token}"
        self._sending = AiohttpRequest(connections=40, proxy=proxy)
        # Whether the server answered the last call, with yes or no.
        self.reached = False
        # Polling has its own connections: a held getUpdates must never wait behind sends.
        self._polling = AiohttpRequest(connections=4, proxy=proxy)
        self.bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._sending,
            get_updates_request=self._polling,
        )

    async def __aenter__(self) -> "BotApi":
        await self._sending.initialize()
        await self._polling.initialize()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._sending.shutdown()
        await self._polling.shutdown()

    async def call(self, method: str, parameters: Mapping[str, object]) -> Any:
        """Call one method and return its result; raises telegram.error.TelegramError."""
        return await self._post(self._sending, method, parameters, READ_SECONDS)

    async def send_file(
        self,
        method: str,
        parameters: Mapping[str, object],
        *,
        field: str,
        name: str,
        body: bytes,
        media_type: str,
    ) -> Any:
        """Call a method that takes a file; raises telegram.error.TelegramError."""
        payload = FilePayload(parameters, field=field, name=name, body=body, kind=media_type)
        return await self._sending.post(f"{self._root}/{method}", cast(RequestData, payload))

    async def download(self, path: str, *, limit: int) -> bytes:
        """Read the file to which getFile led; raises telegram.error.TelegramError."""
        return await self._sending.download(f"{self._file_root}/{path}", limit=limit)

    async def poll(self, *, offset: int | None, hold: int, allowed: list[str]) -> list[Any]:
        """Return raw updates from ``offset`` on, waiting up to ``hold`` seconds for the first."""
        parameters = {"timeout": hold, "limit": 100, "allowed_updates": allowed}
        if offset is not None:
            parameters["offset"] = offset
        updates = await self._post(self._polling, "getUpdates", parameters, hold + 10)
        return updates if isinstance(updates, list) else []

    async def _post(
        self, request: AiohttpRequest, method: str, parameters: Mapping[str, object], read: float
    ) -> Any:
        payload = cast(RequestData, Payload(parameters))
        try:
            answer = await request.post(f"{self._root}/{method}", payload, read_timeout=read)
        except TelegramError as error:
            self.reached = _is_answer(error)
            raise
        self.reached = True
        return answer
