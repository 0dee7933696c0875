"""A small SMTP server on loopback: takes mail, or says no in the ways that servers do."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Post:
    """What arrived; ``faults`` are played one by one, by the command they meet."""

    port: int = 0
    user: str = ""
    password: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def fault(self, command: str) -> str | None:
        """The answer to give instead, once; "drop" hangs up, "taken" takes it and hangs up."""
        if self.faults and self.faults[0][0] == command:
            return self.faults.pop(0)[1]
        return None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test ESMTP\r\n")
        while line := await reader.readline():
            words = line.decode().strip()
            command = words.split(" ")[0].split(":")[0].upper()
            said = self.fault(command)
            if said == "drop":
                return
            if said is None and command == "DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                said = self.fault("BODY")
                if said == "drop":
                    return
                if said in (None, "taken"):
                    parsed = message_from_bytes(body[:-3], policy=policy.default)
                    assert isinstance(parsed, EmailMessage)
                    self.mails.append(parsed)
                if said == "taken":
                    return
            writer.write(f"{said or self._answer(command, words)}\r\n".encode())
            if command == "QUIT":
                return

    def _answer(self, command: str, words: str) -> str:
        if command == "EHLO":
            return "250-test\r\n250 AUTH PLAIN" if self.user else "250 test"
        if command == "AUTH":
            _, user, password = b64decode(words.split(" ")[2]).decode().split("\0")
            good = (user, password) == (self.user, self.password)
            return "235 welcome" if good else "535 no"
        if command == "RCPT":
            self.receivers.append(words.partition("<")[2].rstrip(">"))
        return "221 bye" if command == "QUIT" else "250 fine"


@asynccontextmanager
async def post_office() -> AsyncIterator[Post]:
    """The server, listening meanwhile."""
    post = Post()
    server = await asyncio.start_server(post.serve, "127.0.0.1", 0)
    post.port = server.sockets[0].getsockname()[1]
    async with server:
        yield post
