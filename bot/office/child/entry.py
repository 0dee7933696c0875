"""The child's beginning and end: limits first, then one job from stdin to stdout."""

import os
import sys
import tempfile
from pathlib import Path

from bot.office.child.document import make_document
from bot.office.child.limits import end_with_parent, limit_memory, stay_inside
from bot.office.child.picture import make_picture
from bot.office.child.reading import read_spreadsheet
from bot.office.child.reasons import Reason, Unreadable
from bot.office.child.spec import read_spec
from bot.office.child.workbook import make_workbook

MAKERS = {"workbook": make_workbook, "document": make_document, "picture": make_picture}
# By it the parent knows that the last line of stderr is a reason, and the child said it itself.
REFUSED = 4


def main() -> None:
    """Read or make; a refusal is its reason on stderr and the exit code."""
    parent = int(os.environ.get("JIAI_OFFICE_PARENT") or os.getppid())
    end_with_parent(parent)
    limit_memory()
    what = sys.argv[2] if len(sys.argv) > 2 else ""
    try:
        folder = Path(os.environ.get("JIAI_OFFICE_FOLDER") or tempfile.mkdtemp())
        stay_inside(folder)
        _work(what, folder)
    except Unreadable as refused:
        _refuse(refused.reason)
    except MemoryError:
        _refuse(Reason.TOO_BIG)
    except BrokenPipeError:
        os._exit(3)  # nobody reads what this one says


def _work(what: str, folder: Path) -> None:
    if what == "read":
        for line in read_spreadsheet(sys.stdin.buffer.read()):
            sys.stdout.buffer.write(line)
    elif what == "make":
        spec = read_spec(sys.stdin.buffer)
        make = MAKERS[spec.kind]
        made = folder / "made"
        make(spec, made)
        with made.open("rb") as file:
            while chunk := file.read(1 << 16):
                sys.stdout.buffer.write(chunk)
    else:
        raise Unreadable(Reason.BAD_SPEC)
    sys.stdout.buffer.flush()


def _refuse(reason: Reason) -> None:
    sys.stderr.write(f"{reason.value}\n")
    sys.stderr.flush()
    sys.exit(REFUSED)
