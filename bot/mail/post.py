"""The postman: sends what waits in the table of mails, one after another, in a thread of its own.

A mail server may keep somebody waiting for twenty seconds: in the common threads that would hold up
turns and ticks.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.mail.addresses import PORTS, MailSettings, password_of
from bot.mail.letter import compose
from bot.mail.smtp import Attempt, Server, send
from messages.render import Wording, WordingError
from storage.database import Database
from storage.mails import MailEnd, ToMail, lease_mail, record_mail
from storage.vault import VaultError

IDLE_SECONDS = 2.0

log = logging.getLogger(__name__)


def server_of(settings: MailSettings) -> Server:
    """The server of the settings; raises OSError when the password's file cannot be read."""
    return Server(
        host=settings.mail_host,
        port=settings.mail_port or PORTS[settings.mail_security],
        security=settings.mail_security,
        user=settings.mail_user,
        password=password_of(settings),
    )


class Postman:
    """Sends until cancelled."""

    def __init__(
        self, settings: MailSettings, *, database: Database, wording: Wording, clock: Clock
    ) -> None:
        self._settings = settings
        self._database = database
        self._wording = wording
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
        self.asleep = False

    async def run(self) -> None:
        """Send what is due; whatever fails is tried again later."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                try:
                    sent = not self.asleep and await loop.run_in_executor(self._thread, self.step)
                except (OSError, SQLAlchemyError, VaultError) as error:
                    log.error("mail: %s; again soon", type(error).__name__)
                    sent = False
                if not sent:
                    await asyncio.sleep(IDLE_SECONDS)
        finally:
            self._thread.shutdown(wait=False, cancel_futures=True)

    def step(self) -> bool:
        """Send one; returns whether there was one."""
        one = self._database.do(lease_mail, now=self._clock.now())
        if one is None:
            return False
        attempt = self._attempt(one)
        if attempt.end is not MailEnd.SENT:
            log.error("mail %s: %s (%s)", one.id, attempt.end.value, attempt.error)
        self._database.do(
            record_mail,
            now=self._clock.now(),
            mail_id=one.id,
            end=attempt.end,
            error=attempt.error,
        )
        return True

    def _attempt(self, one: ToMail) -> Attempt:
        try:
            server = server_of(self._settings)
        except OSError as error:
            return Attempt(MailEnd.LATER, f"password file: {type(error).__name__}")
        try:
            message = compose(
                one,
                wording=self._wording,
                language=self._database.house.language,
                sender=self._settings.mail_from,
                now=self._clock.now(),
            )
        except (WordingError, KeyError, ValueError) as error:
            return Attempt(MailEnd.REFUSED, type(error).__name__)
        return send(server, message)
