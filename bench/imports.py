"""What importing a list costs: time, memory, and the wait of whoever presses meanwhile.

Rows a second to read and to write, the peaks of child and bot, and how long the one writer is busy.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from bench.register import NOW, open_register
from bot.office.child_process import Office
from bot.office.lists import read_list
from storage.communities import seed
from storage.database import Database, Session
from storage.imports.applying import apply_rows
from storage.imports.batches import begin_import, count_rows, start_applying, start_undoing
from storage.imports.undoing import undo_rows
from storage.journal import note
from storage.people import Person, add_person, get_person
from storage.roles import grant
from storage.rules.certificate import DisabilityCategory, make_number
from storage.rules.fields import Register

HEADER = (
    *("序号", "村", "姓名", "残疾人证号", "联系电话", "现居住地址", "婚姻", "文化程度", "是否独居"),
    *("低保情况", "民族", "监护人", "监护人电话", "生活自理能力", "备注"),
)
HELPERS = ("序号", "村", "姓名", "性别", "联系电话", "住址", "民族", "技能", "服务时间")
# Ten presses a second is more than a subdistrict ever makes.
PRESSED_EACH = 0.1
HOMES = ("东街社区", "西街社区", "南街社区", "青山村", "双河村", "石桥村")


@dataclass(frozen=True, slots=True)
class Imported:
    """One list: its size, how fast each step went, and what it took."""

    rows: int
    read_seconds: float
    write_seconds: float
    undo_seconds: float
    bot_mb: float
    child_mb: float
    longest_ms: float
    waited_ms: float
    undo_waited_ms: float


def measure_import(register: Register, *, rows: int) -> Imported:
    """Import a list of this size in a process of its own, whose memory is this import's."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.imports", register.value, str(rows)],
        capture_output=True,
        text=True,
        check=True,
    )
    return Imported(**json.loads(done.stdout.splitlines()[-1]))


def make_list(register: Register, rows: int) -> bytes:
    """A list of invented people as the offices have them; area 500299 is nobody's."""
    dice = random.Random(1)
    title, header, row = (
        ("残疾人基本情况登记表", HEADER, _resident)
        if register is Register.RESIDENT
        else ("助残志愿者登记表", HELPERS, _volunteer)
    )
    stream = BytesIO()
    options = {"constant_memory": True, "in_memory": False}
    with xlsxwriter.Workbook(stream, options) as workbook:
        sheet = workbook.add_worksheet("名单")
        sheet.write(0, 0, title)
        sheet.write_row(1, 0, header)
        for number in range(rows):
            sheet.write_row(number + 2, 0, row(dice, number))
    return stream.getvalue()


def _resident(dice: random.Random, number: int) -> list[Any]:
    born = date(1930, 1, 1) + timedelta(days=dice.randrange(30_000))
    certificate = make_number(
        area="500299",
        born_on=born,
        sequence=number % 1000,
        category=dice.choice(list(DisabilityCategory)),
        grade=dice.randint(1, 4),
    )
    phone = f"100{dice.randrange(10**8):08d}"
    return [
        *(number + 1, dice.choice(HOMES), _name(number)),
        *(certificate, phone, f"{dice.randint(1, 9)}组{dice.randint(1, 99)}号", "已婚", "小学"),
        *(dice.choice(("是", "否")), "低保", "汉族", "李梅", phone, "能自理", "上门前先打电话"),
    ]


def _volunteer(dice: random.Random, number: int) -> list[Any]:
    phone = f"100{dice.randrange(10**8):08d}"
    return [
        *(number + 1, dice.choice(HOMES), _name(number), dice.choice("男女"), phone),
        *(f"{dice.randint(1, 9)}组{dice.randint(1, 99)}号", "汉族", "家电维修、陪伴", "周末"),
    ]


def _name(number: int) -> str:
    """Hardly two alike, as in a county."""
    return f"张{chr(0x4E00 + number // 9000)}{chr(0x4E00 + number % 9000)}"


class Presses(threading.Thread):
    """Somebody who writes a little, again and again, as a press or an alarm does."""

    def __init__(self, database: Database) -> None:
        super().__init__(daemon=True)
        self._database = database
        self._over = threading.Event()
        self._longest = 0.0

    def run(self) -> None:
        while not self._over.wait(PRESSED_EACH):
            began = time.perf_counter()
            self._database.do(note, now=NOW, what="pressed", actor_id=None)
            self._longest = max(self._longest, time.perf_counter() - began)

    def take(self) -> float:
        """The longest wait since it was last taken, in milliseconds."""
        longest, self._longest = self._longest, 0.0
        return longest * 1000

    def end(self) -> None:
        """No more of them."""
        self._over.set()
        self.join()


def _import(register: Register, rows: int) -> Imported:
    body = make_list(register, rows)
    with tempfile.TemporaryDirectory() as folder:
        database = open_register(Path(folder))
        clerk = database.do(_settle)
        office = Office()
        batch_id = database.do(begin_import, now=NOW, actor=clerk, name="名单.xlsx")
        presses = Presses(database)
        presses.start()
        began = time.perf_counter()
        batch = read_list(
            database, now=lambda: NOW, batch_id=batch_id, reader=lambda: office.read(body)
        )
        read = time.perf_counter() - began
        said: dict[str, Any] = {"now": NOW, "actor": clerk, "batch_id": batch_id}
        database.do(start_applying, **said, version=batch.version, consents_on_file=True)
        write, longest = _steps(database, apply_rows, batch_id)
        waited = presses.take()
        written = database.do(count_rows, batch_id=batch_id)["applied"]
        database.do(start_undoing, **said, version=batch.version + 2)
        undo, also = _steps(database, undo_rows, batch_id)
        presses.end()
        database.close()
    return Imported(
        rows=written,
        read_seconds=read,
        write_seconds=write,
        undo_seconds=undo,
        bot_mb=_megabytes(resource.RUSAGE_SELF),
        child_mb=_megabytes(resource.RUSAGE_CHILDREN),
        longest_ms=max(longest, also) * 1000,
        waited_ms=waited,
        undo_waited_ms=presses.take(),
    )


def _steps(database: Database, step: Any, batch_id: int) -> tuple[float, float]:
    """Step to the end; returns the time of all steps, and of the longest."""
    whole = longest = 0.0
    more = True
    while more:
        began = time.perf_counter()
        more = step(database, now=NOW, batch_id=batch_id)
        took = time.perf_counter() - began
        whole, longest = whole + took, max(longest, took)
    return whole, longest


def _settle(session: Session) -> Person:
    seed(session, now=NOW)
    clerk = add_person(session, now=NOW, name="王珊", telegram_id=1)
    grant(session, now=NOW, person_id=clerk, kind="coordinator", actor_id=None)
    return get_person(session, person_id=clerk)


def _megabytes(who: int) -> float:
    """The largest resident size so far; Linux counts in KiB."""
    return resource.getrusage(who).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(asdict(_import(Register(sys.argv[1]), int(sys.argv[2])))))
