"""The child as a process: within its limits, alone with its pipes, and gone with its parent."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from bot.office import child_process, lines
from bot.office.child_process import FOLDER, Office, OfficeFailed, Watch, sweep
from bot.office.lines import Column, Line
from tests.architecture.source import ROOT, sources, within
from tests.office.books import bomb, book

INSIDE = """
import socket, subprocess, sys, tempfile
from pathlib import Path
from bot.office.child import entry, limits
folder = Path(tempfile.mkdtemp())
limits.stay_inside(folder)
def tried(act):
    try:
        act()
    except limits.Forbidden:
        return "forbidden"
    return "done"
print(tried(lambda: socket.create_connection(("127.0.0.1", 9), 1)))
print(tried(lambda: socket.getaddrinfo("example.org", 80)))
print(tried(lambda: subprocess.run(["true"])))
print(tried(lambda: (folder.parent / "outside").write_bytes(b"x")))
print(tried(lambda: (folder / "inside").write_bytes(b"x")))
print(tried(lambda: Path(entry.__file__).read_bytes()))
"""


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.close()


def reason(office: Office, body: bytes) -> str:
    with pytest.raises(OfficeFailed) as failed:
        list(office.read(body))
    return failed.value.reason


def some_lines(rows: int) -> Iterator[Line]:
    yield lines.workbook("名册")
    yield lines.sheet("名册", [Column("姓名"), Column("人数", "number")])
    for number in range(rows):
        yield ["陈素芬", number]


def test_what_one_child_makes_another_reads(office: Office) -> None:
    head, first, *rest = office.read(office.make(some_lines(2000)))
    assert head["sheet"]["name"] == "名册"
    assert first == [0, ["姓名", "人数"]]
    assert rest[-2:] == [[2000, ["陈素芬", 1999]], {"end": {"macros": False}}]


def test_a_bomb_is_refused_in_words(office: Office) -> None:
    assert reason(office, bomb()) == "too_big"
    assert reason(office, b"") == "empty"


def test_a_sheet_that_would_fill_the_memory_ends_the_child_and_not_the_bot(
    office: Office, tmp_path: Path
) -> None:
    if sys.platform == "darwin":
        pytest.skip("macOS limits no memory of a process")
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        # One cell at each end: everything between them is made, and does not fit.
        sheet.write_string(0, 0, "陈")
        sheet.write_string(1_048_575, 16_383, "陈")
    assert reason(office, path.read_bytes()) == "too_big"


def test_a_child_that_takes_too_long_is_ended() -> None:
    office = Office(patience=0.05)
    assert reason(office, book([["陈"]] * 3)) == "too_slow"


class Deaf:
    """A child that only notes by what it was ended."""

    def __init__(self) -> None:
        self.signals: list[int] = []

    def send_signal(self, number: int) -> None:
        self.signals.append(number)


def test_a_long_register_may_take_longer_as_long_as_it_goes_on() -> None:
    child: Any = Deaf()
    watch = Watch(child, 0.5)
    watch.start()
    began = time.monotonic()
    while time.monotonic() < began + 1.0:
        watch.go_on()
        os.sched_yield()
    assert child.signals == []
    watch.join(20)
    assert child.signals == [signal.SIGXCPU]


def test_a_maker_that_fails_leaves_no_half_file(office: Office) -> None:
    def broken() -> Iterator[Line]:
        yield from some_lines(10)
        raise KeyError("a row that is gone")

    with pytest.raises(KeyError):
        office.make(broken())
    assert office._running == set()


def test_an_order_that_is_none_is_refused(office: Office) -> None:
    with pytest.raises(OfficeFailed, match="bad_spec"):
        office.make([lines.workbook("nothing follows")])


def test_when_the_bot_stops_its_child_ends(office: Office) -> None:
    def forever() -> Iterator[Line]:
        yield from some_lines(1)
        office.close()
        while True:
            yield ["陈", 1]

    with pytest.raises(OfficeFailed, match="stopped"):
        office.make(forever())
    with pytest.raises(OfficeFailed, match="stopped"):
        office.make(some_lines(1))


def test_the_child_has_no_network_no_process_and_no_disk_but_its_folder() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INSIDE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["forbidden"] * 4 + ["done"] * 2


def test_the_child_knows_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIAI_BOT_TOKEN", "1:secret")
    given: dict[str, Any] = {}

    def popen(*_: object, **more: Any) -> None:
        given.update(more)
        raise OSError("seen enough")

    monkeypatch.setattr(subprocess, "Popen", popen)
    with pytest.raises(OSError, match="seen enough"):
        Office().make(some_lines(1))
    assert not [name for name in given["env"] if "TOKEN" in name]


def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    marker = tmp_path / "pid"
    starting = (
        "import os, subprocess, sys\n"
        "env = os.environ | {'JIAI_OFFICE_PARENT': str(os.getpid())}\n"
        "child = subprocess.Popen([sys.executable, '-m', 'bot', 'office', 'make'], env=env)\n"
        "open(sys.argv[1], 'w').write(str(child.pid))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    # Held open, so that it is not the end of its order by which it ends.
    order, holding = os.pipe()
    command = [sys.executable, "-c", starting, str(marker)]
    subprocess.run(command, cwd=ROOT, stdin=order, check=False)
    pid = int(marker.read_text())
    deadline = time.monotonic() + 20
    while _alive(pid):
        assert time.monotonic() < deadline, "it lives on"
        os.sched_yield()
    os.close(order)
    os.close(holding)


def test_folders_that_killed_programs_left_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = tmp_path / f"{FOLDER}{gone.pid}-abc"
    mine = tmp_path / f"{FOLDER}{os.getpid()}-abc"
    for folder in (left, mine):
        folder.mkdir()
        (folder / "rows").write_text("陈素芬")
    sweep()
    assert (left.exists(), mine.exists()) == (False, True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # Adopted by nobody who waits for it, it may stay as a name without a process.
    status = Path(f"/proc/{pid}/status")
    return not (status.exists() and "State:\tZ" in status.read_text())


def test_only_the_child_imports_what_reads_and_makes_office_files() -> None:
    heavy = ("docx", "xlsxwriter", "python_calamine", "lxml", "openpyxl")
    strangers = [
        f"{source.place}: {name}"
        for source in sources("bot", "handlers", "messages", "storage")
        if not within(source.module, "bot.office.child")
        for name in source.imports
        if name.split(".")[0] in heavy
    ]
    assert strangers == []


def test_the_child_imports_nothing_of_the_program() -> None:
    strangers = [
        f"{source.place}: {name}"
        for source in sources("bot/office/child")
        for name in source.imports
        if name.split(".")[0] in ("bot", "handlers", "messages", "storage")
        and not within(name, "bot.office.child")
    ]
    assert strangers == []


def test_a_long_list_may_take_longer_to_read_as_long_as_lines_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moved: list[str] = []

    class Noting(Watch):
        def go_on(self) -> None:
            super().go_on()
            moved.append("again")

    monkeypatch.setattr(child_process, "Watch", Noting)
    came = list(Office().read(book([["陈"]] * 3)))
    assert len(moved) == 1 + len(came)  # at its beginning, and at each line
