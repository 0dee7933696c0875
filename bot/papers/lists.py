"""The long work of imports: read a list, write it, take it back, hand back what was not read."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from bot.office.child_process import OfficeFailed
from bot.office.lines import Line
from bot.office.lists import NoHeader, read_list
from bot.office.unread import Counted, unread_lines
from bot.office.work import Finish, NotMade, Paper, Work
from storage.database import Session
from storage.imports import applying, undoing
from storage.imports.applying import apply_rows
from storage.imports.batches import count_waiting_rows, get_batch, refuse_batch
from storage.imports.showing import tell_applied, tell_read, tell_undone
from storage.imports.undoing import undo_rows
from storage.people import get_person
from storage.refusals import NotAllowed


class Telling(Protocol):
    """Says how a list stands to whoever works on it."""

    def __call__(self, session: Session, *, now: datetime, batch_id: int) -> None: ...


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


def _then(tell: Telling, now: datetime, batch_id: int) -> Finish:
    def finish(session: Session) -> None:
        tell(session, now=now, batch_id=batch_id)

    return finish


def unread(work: Work) -> Paper:
    """The rows that were not taken over, in their own columns, with the reasons behind."""
    batch_id = int(str(work.facts["batch"]))
    asker = work.do(get_person, person_id=work.job.asker_id)
    try:
        batch = work.do(get_batch, batch_id=batch_id, actor=asker)
    except NotAllowed as gone:  # they left, or work elsewhere by now
        raise NotMade("not_allowed", template="refusal_not_allowed") from gone
    stem = batch.name.rsplit(".", 1)[0]
    counted = Counted()

    def lines() -> Iterator[Line]:
        for line in unread_lines(work.database, work, batch_id=batch_id, counted=counted):
            work.progress(counted.rows)
            yield line

    body = work.make(lines())
    name = work.label("import_detail.file", name=stem)
    return Paper(f"{name}.xlsx", body, "import_unread_file", {"rows": counted.rows})
