"""The long work of imports: read a list, write it, take it back, hand back what was not read."""

from collections.abc import Iterator
from datetime import datetime

from bot.office.child_process import OfficeFailed
from bot.office.lines import Column, Line, Value, sheet, workbook
from bot.office.lists import NoHeader, read_list
from bot.office.work import Finish, NotMade, Paper, Stopped, Work
from storage.database import Session
from storage.imports import applying, undoing
from storage.imports.applying import apply_rows
from storage.imports.batches import count_waiting_rows, get_batch, refuse_batch
from storage.imports.showing import tell_applied, tell_read, tell_undone
from storage.imports.undoing import undo_rows
from storage.imports.unread import UnreadRow, list_titles, walk_unread
from storage.rules.importing.catalogue import REASONS_TITLE
from storage.rules.importing.cells import Reason, cell_text, column_letter

# The program is at fault or stops: the list is not.
OURS = frozenset({"crashed", "stopped", "bad_spec"})


def read(work: Work) -> Finish:
    """Read a list and compare it with the register; nothing of it is written yet."""
    batch_id = int(str(work.facts["batch"]))
    try:
        read_list(
            work.database,
            now=work.now,
            batch_id=batch_id,
            reader=work.read,
            told=work.progress,
        )
    except (NotMade, OfficeFailed, NoHeader) as error:
        reason = "no_header" if isinstance(error, NoHeader) else error.reason
        if reason in OURS:
            raise
        work.do(refuse_batch, now=work.now(), batch_id=batch_id, reason=reason)
        raise NotMade(reason, template="import_refused") from error
    return _then(tell_read, work.now(), batch_id)


def write(work: Work) -> Finish:
    """Write a list into the register, chunk by chunk."""
    batch_id = int(str(work.facts["batch"]))
    total, done = work.do(count_waiting_rows, batch_id=batch_id), 0
    while apply_rows(work.database, now=work.now(), batch_id=batch_id):
        done += applying.CHUNK
        work.progress(min(done, total), total)
    return _then(tell_applied, work.now(), batch_id)


def take_back(work: Work) -> Finish:
    """Take a list back, chunk by chunk."""
    batch_id = int(str(work.facts["batch"]))
    done = 0
    while undo_rows(work.database, now=work.now(), batch_id=batch_id):
        done += undoing.CHUNK
        work.progress(done)
    return _then(tell_undone, work.now(), batch_id)


def _then(tell, now: datetime, batch_id: int) -> Finish:  # type: ignore[no-untyped-def]
    def finish(session: Session) -> None:
        tell(session, now=now, batch_id=batch_id)

    return finish


def unread(work: Work) -> Paper:
    """The rows that were not taken over, in their own columns, with the reasons behind."""
    batch_id = int(str(work.facts["batch"]))
    batch = work.do(get_batch, batch_id=batch_id)
    stem = batch.name.rsplit(".", 1)[0]
    counted = Counted()
    body = work.make(unread_lines(work, batch_id, counted))
    name = work.label("import_detail.file", name=stem)
    return Paper(f"{name}.xlsx", body, "import_unread_file", {"rows": counted.rows})


class Counted:
    """How many rows went into a file."""

    rows = 0


def unread_lines(work: Work, batch_id: int, counted: Counted) -> Iterator[Line]:
    """The lines of that file. Every cell is text, so that nothing is eaten a second time."""
    if work.stop.is_set():
        raise Stopped
    titles = work.do(list_titles, batch_id=batch_id)
    yield workbook(work.label("import_detail.sheet"))
    columns = [Column(title, "text") for title in titles.values()]
    reasons = Column(REASONS_TITLE, "text", 60)
    yield sheet(work.label("import_detail.sheet"), [*columns, reasons])
    for row in walk_unread(work.database, batch_id=batch_id):
        counted.rows += 1
        cells: list[Value] = [cell_text(row.cells.get(at)) or _raw(row, at) for at in titles]
        yield [*cells, explain(work, row.reasons, titles)]


def _raw(row: UnreadRow, at: int) -> str:
    """What stands in a cell that says nothing readable, "#REF!" for one."""
    cell = row.cells.get(at)
    return cell if isinstance(cell, str) else ""


def explain(work: Work, reasons: list[Reason], titles: dict[int, str]) -> str:
    """Every reason of a row in one line of words."""
    between = work.label("import_detail.between")
    return between.join(_explain(work, reason, titles) for reason in reasons)


def _explain(work: Work, reason: Reason, titles: dict[int, str]) -> str:
    key = f"import_problem.{reason.key}"
    facts = reason.facts
    where = ""
    if reason.column is not None:
        letter, title = column_letter(reason.column), titles.get(reason.column, "")
        where = work.label("import_detail.column", letter=letter, title=title)
    more = ""
    for name in ("near", "offered"):
        words = facts.get(name)
        if isinstance(words, list) and words:
            more += work.label(f"import_detail.{name}", **{name: "、".join(words)})
    for name in ("row", "name"):
        if facts.get(name):
            more += work.label(f"import_detail.{name}", **{name: facts[name]})
    value = facts.get("value")
    return work.label(
        "import_detail.line",
        where=where,
        problem=work.label(key if work.wording.has_label(key) else "import_problem.other"),
        value=work.label("import_detail.value", value=value) if value else "",
        more=more,
    )
