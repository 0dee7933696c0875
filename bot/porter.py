"""Porter: carries the files of outbox rows, in from the messenger and out to it."""

import asyncio
import logging

from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.transport import BotApi, NotSent, TooBig, seconds_to_wait
from storage.database import Database
from storage.files import LARGEST_FETCHED, OpenFile, fill_file, open_file
from storage.outbox.leasing import Parcel
from storage.outbox.outcomes import End, SendResult

PICTURES = frozenset({"image/png", "image/jpeg"})
TRY_AGAIN_SECONDS = 5.0
# What is not sent as a document, by the purpose it was kept for.
DOCUMENT = "document"
FIELDS = {"need_voice": "voice", "need_photo": "photo"}

log = logging.getLogger(__name__)


class Porter:
    """Reads and writes bodies in short transactions of their own, in a thread."""

    def __init__(self, api: BotApi, database: Database) -> None:
        self._api = api
        self._database = database

    async def send(self, parcel: Parcel, parameters: dict[str, object]) -> object:
        """Send a file as what it is; raises TelegramError or FileGone.

        A voice that the receiver's settings refuse, or a photo that is no picture, goes as a
        document: it can still be opened.
        """
        opened = await asyncio.to_thread(self._database.do, open_file, file_id=parcel.file_id or 0)
        # A picture is shown at once; as a document it would have to be opened.
        usual = "photo" if opened.media_type in PICTURES else DOCUMENT
        field = FIELDS.get(opened.purpose, usual)
        seconds = parcel.facts.get("seconds") if field == "voice" else None
        length = {"duration": seconds} if seconds else {}
        try:
            return await self._send_as(field, opened, parameters | length)
        except BadRequest as error:
            if field == DOCUMENT or not _is_about_the_file(error):
                raise
            return await self._send_as(DOCUMENT, opened, parameters)

    async def _send_as(self, field: str, opened: OpenFile, parameters: dict[str, object]) -> object:
        return await self._api.send_file(
            f"send{field.capitalize()}",
            parameters,
            field=field,
            name=opened.name,
            body=opened.body,
            media_type=opened.media_type,
        )

    async def fetch(self, parcel: Parcel) -> SendResult:
        """Fetch an awaited file and keep it; doing it twice is harmless: a kill loses nothing."""
        try:
            body = await self._read(str(parcel.facts["source"]))
        except TelegramError as error:
            return _not_fetched(parcel, error)
        await asyncio.to_thread(
            self._database.do, fill_file, file_id=parcel.file_id or 0, body=body
        )
        return SendResult(parcel_id=parcel.id, end=End.SENT)

    async def _read(self, source: str) -> bytes:
        found = await self._api.call("getFile", {"file_id": source})
        path = found.get("file_path") if isinstance(found, dict) else None
        if not path:
            raise BadRequest("the file is gone")
        body = await self._api.download(str(path), limit=LARGEST_FETCHED)
        if len(body) != found.get("file_size", len(body)):
            raise NetworkError("half a file")
        return body


def _is_about_the_file(error: BadRequest) -> bool:
    """Whether a 400 is about the voice or photo, not about the chat or the words."""
    why = error.message.casefold()
    return any(words in why for words in ("voice", "photo", "image", "file"))


def _not_fetched(parcel: Parcel, error: TelegramError) -> SendResult:
    """Why there is no file: for good, or not yet."""
    log.warning("file %s: %s", parcel.file_id, type(error).__name__)
    if isinstance(error, RetryAfter):
        wait = seconds_to_wait(error)
        return SendResult(parcel.id, End.LATER, wait=wait, error="RetryAfter")
    if isinstance(error, NotSent):
        return SendResult(parcel.id, End.LATER, wait=TRY_AGAIN_SECONDS, error="NotSent")
    if isinstance(error, TooBig) or "too big" in error.message.casefold():
        return SendResult(parcel.id, End.REFUSED, error="too_big")
    if isinstance(error, BadRequest):
        return SendResult(parcel.id, End.REFUSED, error="gone")
    return SendResult(parcel.id, End.UNCLEAR, wait=TRY_AGAIN_SECONDS, error=type(error).__name__)
