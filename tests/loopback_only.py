"""A pytest plugin: a test that would reach beyond this machine fails instead."""

import ipaddress
import sys


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


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        # A path is a Unix socket and stays here by nature.
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
        # The wildcard is only ever bound, never reached.
        if host in ("0.0.0.0", "::"):
            return
    else:
        return
    if not _is_loopback(host):
        raise BeyondThisMachineError(f"{event} {host!r}: tests talk to loopback only")


# An audit hook sees every socket, whichever library opened it; it cannot be taken off again,
# and a test process has no use for that.
sys.addaudithook(_watch)
