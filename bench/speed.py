"""``python -m bench.speed``: the whole journey of a need beside a bare echo bot, and ticks."""

import argparse
import asyncio
import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import needs
from bench.calls import print_calls
from bench.exports import measure_export
from bench.imports import measure_import
from bench.matching import print_matching
from bench.office import print_office
from bench.players import EchoPlayer, Village
from bench.process import PROFILE, echo_bot, jiai, jiai_profiled
from bench.register import settle_village
from bench.runs import Figures, medians, run_once
from bench.ticks import DUE, measure_ticks
from storage.rules.fields import Register

ECHO_CHATS, ECHO_ROUNDS = 100, 20
GROUPS, RESIDENTS, VOLUNTEERS, ROUNDS = 34, 3, 3, 2
# The profiler makes everything several times slower.
PROFILED_GROUPS = 12
FUNCTIONS_SHOWN = 16
# So long an alarm may wait behind somebody's list.
WAITS_MS = 1_000
PARTS = (
    "journeys",
    "ticks",
    "calls",
    "needs",
    "matching",
    "office",
    "exports",
    "imports",
    "profile",
)

out = Console(highlight=False, width=110)


async def run_echo() -> Figures:
    """The echo bot of python-telegram-bot, once."""
    return await run_once(echo_bot, EchoPlayer(chats=ECHO_CHATS, rounds=ECHO_ROUNDS))


async def run_journeys(*, profiled: bool = False) -> tuple[Figures, dict[str, dict[str, int]]]:
    """The village, once; with ``profiled`` also where the time went."""
    found: dict[str, dict[str, int]] = {}

    def read_found(folder: Path) -> None:
        if profiled:
            found.update(json.loads((folder / PROFILE).read_text()))

    groups = PROFILED_GROUPS if profiled else GROUPS
    figures = await run_once(
        jiai_profiled if profiled else jiai,
        Village(residents=groups * RESIDENTS, rounds=ROUNDS),
        prepare=partial(settle_village, groups=groups, residents=RESIDENTS, volunteers=VOLUNTEERS),
        after=read_found,
    )
    return figures, found


async def compare(runs: int) -> None:
    """Run both in turn, so that what else the machine does meets both, and print the medians."""
    echoes: list[Figures] = []
    journeys: list[Figures] = []
    for _ in range(runs):
        echoes.append(await run_echo())
        journeys.append((await run_journeys())[0])
    echo, journey = medians(echoes), medians(journeys)
    table = Table(title=f"Beside a bare python-telegram-bot 22.8 echo bot (medians of {runs} runs)")
    for heading in ("", "echo bot", "jiai", "jiai / echo"):
        table.add_column(heading, justify="right" if heading else "left")
    rows = [
        ("updates per second", echo.per_second, journey.per_second, "{:.0f}"),
        ("CPU ms per update", echo.cpu_ms, journey.cpu_ms, "{:.2f}"),
        ("Bot API calls per update", echo.calls, journey.calls, "{:.2f}"),
        ("memory at rest, MB", echo.rest_mb, journey.rest_mb, "{:.0f}"),
        ("memory after the load, MB", echo.after_mb, journey.after_mb, "{:.0f}"),
        ("start to first poll, s", echo.start, journey.start, "{:.2f}"),
        ("the server's own CPU ms per update", echo.server_ms, journey.server_ms, "{:.2f}"),
    ]
    for name, one, other, shape in rows:
        table.add_row(name, shape.format(one), shape.format(other), f"{other / one:.2f}")
    out.print(table)
    spread = ", ".join(f"{run.per_second:.0f}" for run in journeys)
    said = ", ".join(f"{run.per_second:.0f}" for run in echoes)
    out.print(f"updates per second of each run: echo {said}; jiai {spread}")
    out.print(
        f"one need is 8 updates; each was offered to {VOLUNTEERS} volunteers; "
        f"{GROUPS * RESIDENTS} residents at once, {journey.updates:.0f} updates a run\n"
    )


def print_ticks(runs: int) -> None:
    """Time a tick over few and over many call plans."""
    table = Table(title=f"One tick, {DUE} calls due (medians of {runs} runs)")
    for heading in ("call plans", f"{DUE} fall due, ms", "callers asked, ms", "nothing due, ms"):
        table.add_column(heading, justify="right")
    for plans in (1_000, 10_000):
        found = measure_ticks(plans=plans, runs=runs)
        table.add_row(
            f"{plans:,}", f"{found.due_ms:.1f}", f"{found.asked_ms:.1f}", f"{found.idle_ms:.2f}"
        )
    out.print(table)


def print_needs(runs: int) -> None:
    """Time what is late and the figures, beside few and many past needs, and how each grows."""
    table = Table(title=f"{needs.DUE} needs late, and figures (medians of {runs} runs), ms")
    for heading in ("past needs", "nothing late", "sweep", "a year", "a month"):
        table.add_column(heading, justify="right")
    for heading in ("cells hidden", "slowest write", "… while counting"):
        table.add_column(heading, justify="right")
    found = [needs.measure_needs(past=past, runs=runs) for past in needs.PAST]
    for one in found:
        table.add_row(
            f"{one.past:,}",
            f"{one.idle_ms:.2f}",
            f"{one.sweep_ms:.0f}",
            f"{one.year_ms:.0f}",
            f"{one.month_ms:.0f}",
            f"{one.shown_ms:.0f}",
            f"{one.pressed_ms:.1f}",
            f"{one.pressed_while_counting_ms:.1f}",
        )
    out.print(table)
    fewest, most = found[0], found[-1]
    out.print(
        f"of {most.past // fewest.past} times as many past needs: nothing late "
        f"{most.idle_ms / fewest.idle_ms:.1f} times, sweep {most.sweep_ms / fewest.sweep_ms:.1f} "
        f"times, a year {most.year_ms / fewest.year_ms:.1f} times\n"
    )


def print_exports(*, county: bool) -> None:
    """Time the export of both registers, of the subdistrict and with ``county`` of ten times it."""
    table = Table(title="Export of a register with all columns, a process each")
    for heading in ("register", "rows", "seconds", "rows/s", "file, MB", "bot, MB", "child, MB"):
        table.add_column(heading, justify="left" if heading == "register" else "right")
    table.add_column("longest transaction, ms", justify="right")
    for kind in ("residents", "volunteers"):
        for times in (1, 10) if county else (1,):
            found = measure_export(kind, residents=3_000 * times, volunteers=1_000 * times)
            table.add_row(
                kind,
                f"{found.rows:,}",
                f"{found.seconds:.1f}",
                f"{found.per_second:,.0f}",
                f"{found.megabytes:.1f}",
                f"{found.bot_mb:.0f}",
                f"{found.child_mb:.0f}",
                f"{found.longest_ms:.0f}",
            )
    out.print(table)


def print_imports(*, county: bool) -> None:
    """Time an import of the subdistrict's lists and with ``county`` of ten times them."""
    table = Table(title="Import of a list, a process each, and ten presses a second beside it")
    for heading in ("register", "rows", "read, rows/s", "written, rows/s", "taken back, rows/s"):
        table.add_column(heading, justify="left" if heading == "register" else "right")
    for heading in ("bot, MB", "child, MB", "longest step, ms", "a press waited at most, ms"):
        table.add_column(heading, justify="right")
    slow = False
    for register, rows in ((Register.RESIDENT, 3_000), (Register.VOLUNTEER, 1_000)):
        for times in (1, 10) if county else (1,):
            found = measure_import(register, rows=rows * times)
            waited = max(found.waited_ms, found.undo_waited_ms)
            slow = slow or waited > WAITS_MS
            table.add_row(
                register.value,
                f"{found.rows:,}",
                f"{found.rows / found.read_seconds:,.0f}",
                f"{found.rows / found.write_seconds:,.0f}",
                f"{found.rows / found.undo_seconds:,.0f}",
                f"{found.bot_mb:.0f}",
                f"{found.child_mb:.0f}",
                f"{found.longest_ms:.0f}",
                f"{waited:.0f}",
            )
    out.print(table)
    if slow:
        out.print(f"a press, and so an alarm, waited longer than {WAITS_MS:,} ms\n")


async def print_profile() -> None:
    """Say where the bot's time goes during the journeys."""
    _, found = await run_journeys(profiled=True)
    groups = found["groups"]
    whole = sum(groups.values()) or 1
    table = Table(title="Where the CPU time of the journeys goes, profiler included")
    table.add_column("innermost in")
    table.add_column("share", justify="right")
    for name, count in _largest(groups):
        table.add_row(name, f"{count / whole:.0%}")
    out.print(table)
    table = Table(title="The project's functions, with what they call")
    table.add_column("function")
    table.add_column("share", justify="right")
    for name, count in list(_largest(found["functions"]))[:FUNCTIONS_SHOWN]:
        table.add_row(name, f"{count / whole:.0%}")
    out.print(table)


def _largest(counts: dict[str, int]) -> Iterable[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: -one[1])


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each contestant")
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    parser.add_argument(
        "--county", action="store_true", help="exports and imports at ten times the size too"
    )
    chosen = parser.parse_args()
    if chosen.only in (None, "journeys"):
        asyncio.run(compare(chosen.runs))
    if chosen.only in (None, "ticks"):
        print_ticks(chosen.runs)
    if chosen.only in (None, "calls"):
        print_calls(out)
    if chosen.only in (None, "matching"):
        print_matching(out)
    if chosen.only in (None, "needs"):
        print_needs(min(chosen.runs, 3))
    if chosen.only in (None, "office"):
        print_office(out)
    if chosen.only in (None, "exports"):
        print_exports(county=chosen.county)
    if chosen.only in (None, "imports"):
        print_imports(county=chosen.county)
    if chosen.only in (None, "profile"):
        asyncio.run(print_profile())


if __name__ == "__main__":
    main()
