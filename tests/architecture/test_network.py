"""Tests cannot leave this machine, and loopback works as ever."""

import asyncio
import socket

import pytest

from tests.loopback_only import BeyondThisMachineError


def test_another_host_cannot_be_reached() -> None:
    with socket.socket() as away, pytest.raises(BeyondThisMachineError):
        # An address kept free for documentation: it would lead nowhere anyway.
        away.connect(("192.0.2.1", 443))


async def test_another_host_cannot_even_be_looked_up() -> None:
    with pytest.raises(BeyondThisMachineError):
        await asyncio.get_running_loop().getaddrinfo("example.org", 443)


async def test_a_server_on_loopback_can_be_reached() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("localhost", port, family=socket.AF_INET)
    assert await reader.read() == b"hello"
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()
