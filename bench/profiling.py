"""Where the time goes: the bot under the profiler, every thread counted in its own CPU time.

Run as ``python -m bench.profiling REPORT run --polling``; SIGUSR1 ends the start, of which nothing
is kept, and the report is written when the bot stops. A thread that looks at the stacks from
beside is told mostly of SQLite, which gives the interpreter's lock away at each call.
"""

import cProfile
import json
import pstats
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from bot.command_line import main

ROOT = str(Path(__file__).parent.parent)
ROOMS = ("bot", "handlers", "storage", "messages")
GROUPS = {
    "sqlalchemy": ("/sqlalchemy/",),
    "vault": ("/storage/vault.py", "cryptography", "AESGCM"),
    "jinja": ("/jinja2/", "markupsafe", "<template>"),
    "telegram": ("/telegram/",),
    "aiohttp": ("/aiohttp/", "/yarl/", "/multidict/", "_http_parser", "_http_writer"),
    "asyncio": ("/asyncio/", "/selectors.py", "select.epoll", "/concurrent/", "/threading.py"),
    "json": ("/json/",),
    "sqlite": ("sqlite3",),
}


def group_of(file: str, function: str) -> str:
    """Name the group that a function belongs to; C functions are named by what they say."""
    where = function if file == "~" else file
    for name, marks in GROUPS.items():
        if any(mark in where for mark in marks):
            return name
    room = Path(where).relative_to(ROOT).parts[0] if where.startswith(ROOT) else ""
    if room in ROOMS:
        return room
    return "built-in" if file == "~" else "other libraries"


class Profiles:
    """One profile for each thread; they count CPU time of the thread, not waiting."""

    def __init__(self) -> None:
        self._all: list[cProfile.Profile] = []

    def begin(self, *_: object) -> None:
        """Profile the calling thread from here on."""
        profile = cProfile.Profile(time.thread_time)
        self._all.append(profile)
        profile.enable()

    def forget(self, *_: object) -> None:
        """Drop what was counted so far, in every thread."""
        for profile in self._all:
            profile.clear()

    def report(self) -> dict[str, Counter[str]]:
        """Sum the own time by group, and the whole time of the project's functions."""
        groups: Counter[str] = Counter()
        functions: Counter[str] = Counter()
        for profile in self._all:
            # Read as a mapping: its type is known to nobody but the standard library.
            found = vars(pstats.Stats(profile))["stats"]
            for (file, line, function), (_, _, own, whole, _) in found.items():
                groups[group_of(file, function)] += int(own * 1e6)
                if file.startswith(ROOT) and Path(file).relative_to(ROOT).parts[0] in ROOMS:
                    place = Path(file).relative_to(ROOT).as_posix()
                    functions[f"{place}:{line} {function}"] += int(whole * 1e6)
        return {"groups": groups, "functions": Counter(dict(functions.most_common(60)))}


def profile_bot(report: Path, arguments: list[str]) -> None:
    """Run the bot's command line and write what was counted."""
    profiles = Profiles()
    threading.setprofile(profiles.begin)
    signal.signal(signal.SIGUSR1, profiles.forget)
    sys.argv = ["jiai", *arguments]
    profiles.begin()
    try:
        main()
    finally:
        report.write_text(json.dumps(profiles.report()))


if __name__ == "__main__":
    profile_bot(Path(sys.argv[1]), sys.argv[2:])
