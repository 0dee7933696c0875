"""The child's parent: feeds it, reads it, ends it when it takes too long or we are stopping."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from bot.office.lines import Line

PATIENCE_SECONDS = 120.0
REFUSED = 4
REASON_LIMIT = 2000
# The process that made such a folder stands in its name.
FOLDER = "jiai-office-"


class OfficeFailed(Exception):
    """The child refused, was ended or died; ``reason`` is one word (see child/reasons.py)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Office:
    """Runs children, one at a time for each caller; ``close`` ends whatever runs."""

    def __init__(self, *, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def close(self) -> None:
        """End every child at once; their callers get OfficeFailed."""
        self._closed = True
        for process in list(self._running):
            process.kill()

    def read(self, body: bytes) -> Iterator[Any]:
        """Yield the lines of a spreadsheet (see child/reading.py); raises OfficeFailed."""
        with self._child("read") as (process, stdin, stdout, watch):
            with suppress(BrokenPipeError):
                stdin.write(body)
            with suppress(BrokenPipeError):
                stdin.close()
            whole = False
            for raw in stdout:
                # Who compares them with the register takes longer than who reads them: a county's
                # list takes minutes. What the child itself may take is its own limit.
                watch.go_on()
                line = json.loads(raw)
                whole = isinstance(line, dict) and "end" in line
                yield line
            self._check(process, whole=whole)

    def make(self, lines: Iterable[Line]) -> bytes:
        """Make a workbook or document of its lines; raises OfficeFailed."""
        with self._child("make") as (process, stdin, stdout, watch):
            with suppress(BrokenPipeError):
                for line in lines:
                    # A whole county takes minutes to read; what counts is that it goes on.
                    watch.go_on()
                    stdin.write(json.dumps(line).encode() + b"\n")
                stdin.write(b'{"end": true}\n')
            with suppress(BrokenPipeError):
                stdin.close()
            made = stdout.read()
            self._check(process, whole=bool(made))
            return made

    @contextmanager
    def _child(
        self, what: str
    ) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes], "Watch"]]:
        if self._closed:
            raise OfficeFailed("stopped")
        # Made and removed here: a child that is killed removes nothing, and rows lie in it.
        with tempfile.TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-") as folder:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "office", what],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(folder),
                cwd=_home(),
            )
            assert process.stdin is not None
            assert process.stdout is not None
            self._running.add(process)
            watch = Watch(process, self._patience)
            watch.start()
            try:
                yield process, process.stdin, process.stdout, watch
            finally:
                watch.end()
                self._running.discard(process)
                _end(process)

    def _check(self, process: subprocess.Popen[bytes], *, whole: bool) -> None:
        """Say what the end of a child means."""
        said = process.stderr.read(REASON_LIMIT) if process.stderr is not None else b""
        code = process.wait(self._patience)
        if self._closed:
            raise OfficeFailed("stopped")
        if code == REFUSED:
            raise OfficeFailed(said.decode("ascii", "replace").strip().splitlines()[-1])
        if code == -signal.SIGXCPU:
            raise OfficeFailed("too_slow")
        if code < 0:
            # The allocator ends it where memory has a limit, the kernel where it has none.
            raise OfficeFailed("too_big")
        if code != 0 or not whole:
            raise OfficeFailed("crashed")


class Watch(threading.Thread):
    """Ends a child that nothing has moved for too long."""

    def __init__(self, process: subprocess.Popen[bytes], patience: float) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._patience = patience
        self._over = threading.Event()
        self.go_on()

    def go_on(self) -> None:
        """It moves: the time begins anew."""
        self._deadline = time.monotonic() + self._patience

    def end(self) -> None:
        """It has ended by itself."""
        self._over.set()

    def run(self) -> None:
        while not self._over.wait(max(self._deadline - time.monotonic(), 0.01)):
            if time.monotonic() >= self._deadline:
                self._process.send_signal(signal.SIGXCPU)
                return


def sweep() -> None:
    """Remove the folders that killed programs left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*-*"):
        pid = folder.name.removeprefix(FOLDER).partition("-")[0]
        if pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _environment(folder: str) -> dict[str, str]:
    """Nothing of ours: no token, no proxy, no address."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    given = {"JIAI_OFFICE_PARENT": str(os.getpid()), "JIAI_OFFICE_FOLDER": folder}
    return kept | given | {"PYTHONPATH": _home()}


def _home() -> str:
    """Where this package lies, wherever the bot was started."""
    return str(Path(__file__).resolve().parents[2])


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
