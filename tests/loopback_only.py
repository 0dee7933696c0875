"""A pytest plugin: a test that would reach beyond this machine fails instead."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any


class BeyondThisMachineError(RuntimeError):
    """A test tried to look up or reach another host."""


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _check(host: object, act: str) -> None:
    if not _is_loopback(host):
        raise BeyondThisMachineError(f"{act} {host!r}: tests talk to loopback only")


def _watched(connect: Callable[..., Any]) -> Callable[..., Any]:
    def watch(self: socket.socket, address: object) -> Any:
        # A path is a Unix socket and stays here by nature.
        _check(address[0] if isinstance(address, tuple) else None, "connecting to")
        return connect(self, address)

    return watch


def _looking_up(look_up: Callable[..., Any]) -> Callable[..., Any]:
    def watch(host: object, *rest: Any, **named: Any) -> Any:
        # The wildcard is only ever bound, never reached.
        if host not in ("0.0.0.0", "::"):
            _check(host, "looking up")
        return look_up(host, *rest, **named)

    return watch


# No audit hook, though it would see more: it also runs whenever a thread sets its trace function,
# may lose the interpreter's lock just there, and two threads beginning together then fail
# (CPython 3.11, under coverage: once in about six thousand tests).
for _name in ("connect", "connect_ex"):
    setattr(socket.socket, _name, _watched(getattr(socket.socket, _name)))
socket.getaddrinfo = _looking_up(socket.getaddrinfo)
