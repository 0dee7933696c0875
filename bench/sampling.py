"""Where the time goes: the bot with a thread beside it that looks at every stack, 250 a second.

Run as ``python -m bench.sampling REPORT run --polling``; SIGUSR1 begins to count, and the report
is written when the bot stops.
"""

import json
import signal
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

from bot.command_line import main

INTERVAL = 0.004
# Where a thread waits, it uses no processor.
WAITING = {
    ("selectors.py", "select"),
    ("threading.py", "wait"),
    ("thread.py", "_worker"),
    ("base_events.py", "_run_once"),
}
DATABASE_CALLS = {"do_execute", "do_executemany", "do_execute_no_params", "do_commit", "do_begin"}
GROUPS = {
    "sqlalchemy": "sqlalchemy",
    "cryptography": "vault",
    "jinja2": "jinja",
    "markupsafe": "jinja",
    "telegram": "telegram",
    "aiohttp": "aiohttp",
    "yarl": "aiohttp",
    "multidict": "aiohttp",
    "asyncio": "asyncio",
    "concurrent": "asyncio",
    "json": "json",
    "storage": "storage",
    "handlers": "handlers",
    "messages": "messages",
    "bot": "bot",
}


def group_of(frame: FrameType | None) -> str | None:
    """Name the innermost group a stack is in; None while it waits."""
    if frame is None or (Path(frame.f_code.co_filename).name, frame.f_code.co_name) in WAITING:
        return None
    if frame.f_code.co_name in DATABASE_CALLS:
        return "sqlite"
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).split(".")
        if package[:2] == ["storage", "vault"]:
            return "vault"
        if package[0] in GROUPS:
            return GROUPS[package[0]]
        frame = frame.f_back
    return "other"


def functions_of(frame: FrameType | None) -> set[str]:
    """Name every function of the project on a stack."""
    found = set()
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.split(".")[0] in ("bot", "handlers", "storage", "messages"):
            found.add(f"{module}.{frame.f_code.co_qualname}")
        frame = frame.f_back
    return found


class Sampler(threading.Thread):
    """Counts, until stopped, the group each busy stack is in and the functions on it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.began = threading.Event()
        self.ended = threading.Event()
        self.groups: Counter[str] = Counter()
        self.functions: Counter[str] = Counter()

    def run(self) -> None:
        self.began.wait()
        own = threading.get_ident()
        while not self.ended.wait(INTERVAL):
            for thread, frame in sys._current_frames().items():
                group = group_of(frame) if thread != own else None
                if group is not None:
                    self.groups[group] += 1
                    self.functions.update(functions_of(frame))


def sample(report: Path, arguments: list[str]) -> None:
    """Run the bot's command line and write what was counted."""
    sampler = Sampler()
    signal.signal(signal.SIGUSR1, lambda number, frame: sampler.began.set())
    sampler.start()
    sys.argv = ["jiai", *arguments]
    try:
        main()
    finally:
        sampler.ended.set()
        sampler.began.set()
        found = {"groups": sampler.groups, "functions": dict(sampler.functions.most_common(60))}
        report.write_text(json.dumps(found))


if __name__ == "__main__":
    sample(Path(sys.argv[1]), sys.argv[2:])
