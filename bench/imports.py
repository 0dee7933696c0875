"""What importing a list costs: rows a second to read and to write, memory of child and bot."""

import json
import random
import resource
import subprocess
import sys
import tempfile
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
from storage.imports.batches import begin_import, start_applying, start_undoing
from storage.imports.undoing import undo_rows
from storage.people import Person, add_person, get_person
from storage.roles import grant
from storage.rules.certificate import DisabilityCategory, make_number

HEADER = (
    *("序号", "村", "姓名", "残疾人证号", "联系电话", "现居住地址", "婚姻", "文化程度", "是否独居"),
    *("低保情况", "民族", "监护人", "监护人电话", "生活自理能力", "备注"),
)
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


def measure_import(*, rows: int) -> Imported:
    """Import a list of this size in a process of its own, whose memory is this import's."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.imports", str(rows)],
        capture_output=True,
        text=True,
        check=True,
    )
    return Imported(**json.loads(done.stdout.splitlines()[-1]))


def make_list(rows: int) -> bytes:
    """A list of invented residents with fifteen columns; area 500299 is nobody's."""
    dice = random.Random(1)
    stream = BytesIO()
    options = {"constant_memory": True, "in_memory": False}
    with xlsxwriter.Workbook(stream, options) as workbook:
        sheet = workbook.add_worksheet("名单")
        sheet.write(0, 0, "残疾人基本情况登记表")
        sheet.write_row(1, 0, HEADER)
        for number in range(rows):
            sheet.write_row(number + 2, 0, _row(dice, number))
    return stream.getvalue()


def _row(dice: random.Random, number: int) -> list[Any]:
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
        *(number + 1, dice.choice(HOMES), f"张{number:05d}号"[:2] + chr(0x4E00 + number % 9000)),
        *(certificate, phone, f"{dice.randint(1, 9)}组{dice.randint(1, 99)}号", "已婚", "小学"),
        *(dice.choice(("是", "否")), "低保", "汉族", "李梅", phone, "能自理", "上门前先打电话"),
    ]


def _import(rows: int) -> Imported:
    body = make_list(rows)
    with tempfile.TemporaryDirectory() as folder:
        database = open_register(Path(folder))
        clerk = database.do(_settle)
        office = Office()
        batch_id = database.do(begin_import, now=NOW, actor=clerk, name="名单.xlsx")
        began = time.perf_counter()
        batch = read_list(
            database, now=lambda: NOW, batch_id=batch_id, reader=lambda: office.read(body)
        )
        read = time.perf_counter() - began
        said: dict[str, Any] = {"now": NOW, "actor": clerk, "batch_id": batch_id}
        database.do(start_applying, **said, version=batch.version, consents_on_file=True)
        write, longest = _steps(database, apply_rows, batch_id)
        database.do(start_undoing, **said, version=batch.version + 2)
        undo, also = _steps(database, undo_rows, batch_id)
        database.close()
    return Imported(
        rows=rows,
        read_seconds=read,
        write_seconds=write,
        undo_seconds=undo,
        bot_mb=_megabytes(resource.RUSAGE_SELF),
        child_mb=_megabytes(resource.RUSAGE_CHILDREN),
        longest_ms=max(longest, also) * 1000,
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
    print(json.dumps(asdict(_import(int(sys.argv[1])))))
