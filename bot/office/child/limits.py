"""What the child may not do: grow, run on, outlive its parent, use the network or the disk."""

import os
import resource
import sys
import threading
from pathlib import Path

MEMORY_BYTES = 1536 * 1024 * 1024
CPU_SECONDS = 120
PARENT_WATCH_SECONDS = 0.5
FORBIDDEN = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.getaddrinfo",
        "socket.sendto",
        "subprocess.Popen",
        "os.exec",
        "os.system",
        "os.posix_spawn",
        "os.fork",
        "os.forkpty",
    }
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


class Forbidden(PermissionError):
    """The child tried what it may not do."""


def limit_memory(memory: int = MEMORY_BYTES) -> None:
    """Set hard limits; where the platform has none for memory (macOS), time alone is limited."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def end_with_parent(parent: int) -> None:
    """End when the process that started this one is gone."""
    if os.getppid() != parent:
        os._exit(3)

    def watch() -> None:
        alone = threading.Event()
        while not alone.wait(PARENT_WATCH_SECONDS):
            if os.getppid() != parent:
                os._exit(3)

    threading.Thread(target=watch, daemon=True).start()


def stay_inside(folder: Path) -> None:
    """From now on no network, no other process, and nothing written outside ``folder``."""
    inside = f"{folder.resolve()}{os.sep}"

    def look(event: str, arguments: tuple[object, ...]) -> None:
        if event in FORBIDDEN:
            raise Forbidden(event)
        if event == "open" and _writes(arguments) and not _is_inside(arguments[0], inside):
            raise Forbidden(event)

    sys.addaudithook(look)


def _writes(arguments: tuple[object, ...]) -> bool:
    _, mode, flags = (*arguments, None, None)[:3]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & WRITING)


def _is_inside(path: object, inside: str) -> bool:
    if isinstance(path, int):
        return True  # an open descriptor: stdin, stdout, or a file that was opened inside
    return isinstance(path, str | bytes) and os.path.realpath(os.fsdecode(path)).startswith(inside)
