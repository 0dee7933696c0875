"""A contestant as its own process: how it starts, what it uses, how it ends."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.register import CLOCK
from bench.server import TOKEN, Server

ROOT = Path(__file__).parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 20.0
PROC = Path("/proc")
PROFILE = "profile.json"


class Contestant:
    """A running bot and the measures of its process."""

    def __init__(self, arguments: list[str], *, folder: Path, url: str, clock: str = "") -> None:
        environment = {name: one for name, one in os.environ.items() if "JIAI_" not in name}
        environment |= {
            "JIAI_BOT_TOKEN": TOKEN,
            "JIAI_BOT_API_URL": url,
            "JIAI_DATA_DIR": str(folder),
            "JIAI_CLOCK": clock,
            "JIAI_UPDATES_PER_MINUTE": "0",
            "PYTHONPATH": str(ROOT),
        }
        self._log = (folder / "bot.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        self.folder = folder
        self._profiled = "bench.profiling" in arguments

    def load_begins(self) -> None:
        """From now on the profiler counts."""
        if self._profiled:
            self.process.send_signal(signal.SIGUSR1)

    @property
    def cpu_seconds(self) -> float:
        """User and system time used so far."""
        stat = PROC / str(self.process.pid) / "stat"
        if stat.exists():
            fields = stat.read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        hours, minutes, seconds = (["0", *self._ps("cputime").split(":")])[-3:]
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)

    @property
    def memory_mb(self) -> float:
        """Memory that is resident now."""
        status = PROC / str(self.process.pid) / "status"
        if status.exists():
            line = next(row for row in status.read_text().splitlines() if row.startswith("VmRSS"))
            return int(line.split()[1]) / 1024
        return int(self._ps("rss")) / 1024

    def _ps(self, column: str) -> str:
        command = ["ps", "-o", f"{column}=", "-p", str(self.process.pid)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def said(self) -> str:
        """The end of what it wrote, for a failure."""
        return (self.folder / "bot.log").read_text(errors="replace")[-2000:]

    def kill(self) -> None:
        """kill -9, and gather it in."""
        self.process.kill()
        self.process.wait()
        self._log.close()

    def stop(self) -> None:
        """Ask it to stop; kill it when it does not."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()


def echo_bot(folder: Path, url: str) -> Contestant:
    """The bare echo bot of python-telegram-bot."""
    return Contestant(["-m", "bench.echo", TOKEN, url], folder=folder, url=url)


def jiai(folder: Path, url: str) -> Contestant:
    """This project's bot, as anybody starts it."""
    arguments = ["-m", "bot", "run", "--polling"]
    return Contestant(arguments, folder=folder, url=url, clock=CLOCK)


def jiai_paced(folder: Path, url: str) -> Contestant:
    """The same at the pace that it keeps at Telegram."""
    return Contestant(
        ["-m", "bench.paced", "run", "--polling"], folder=folder, url=url, clock=CLOCK
    )


def jiai_profiled(folder: Path, url: str) -> Contestant:
    """The same under the profiler, whose report is read by ``bench.speed``."""
    arguments = ["-m", "bench.profiling", str(folder / PROFILE), "run", "--polling"]
    return Contestant(arguments, folder=folder, url=url, clock=CLOCK)


async def wait_for_poll(server: Server, contestant: Contestant) -> None:
    """Wait for the first getUpdates; raises RuntimeError when the bot ends or never polls."""
    deadline = time.monotonic() + START_SECONDS
    while not server.polled.is_set():
        if contestant.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the bot did not start:\n{contestant.said()}")
        await asyncio.sleep(0.002)


@contextmanager
def stopped_at_the_end(contestant: Contestant) -> Iterator[Contestant]:
    """Never leave a process behind."""
    try:
        yield contestant
    finally:
        if contestant.process.poll() is None:
            contestant.stop()
