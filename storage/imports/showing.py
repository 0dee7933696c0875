"""What a list looks like in the chat: its preview, its end, its buttons; no value of anybody."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from storage.choices import Button
from storage.database import Session
from storage.imports.batches import WAITING, Batch, count_rows, get_batch
from storage.outbox import MessageClass, Wanted, say
from storage.papers import ask_for_paper
from storage.people import get_person
from storage.refusals import Fact
from storage.tables import duplicate, import_row

READ, APPLY, UNDO, UNREAD = "import_read", "import_apply", "import_undo", "import_unread"
SHOWN_REASONS = 6


def card_of(batch: Batch) -> str:
    """The card under which a list's choices stand."""
    return f"import:{batch.id}"


def button(batch: Batch, act: str, label: str | None = None, extra: str = "") -> Button:
    """A button of a list, with its version: an old one explains what became of it."""
    tail = f":{extra}" if extra else ""
    return Button(label or f"import.{act}", f"import:{act}:{batch.id}:{batch.version}{tail}")


def preview_facts(session: Session, batch: Batch) -> dict[str, Fact]:
    """The facts of the preview."""
    counts = count_rows(session, batch_id=batch.id)
    reasons = batch.summary.get("reasons", [])[:SHOWN_REASONS]
    warned = {key: count for key, _, _, count in batch.summary.get("warnings", [])}
    return {
        "name": batch.name,
        "sheet": _sheet_name(batch),
        "hidden": [
            one.name for one in batch.sheets if one.hidden and one.name != _sheet_name(batch)
        ],
        "register": batch.register.value,
        "header_row": batch.header_row or 0,
        "known": sum(1 for one in batch.columns if one.field),
        "unknown": [one.title for one in batch.columns if not one.field],
        "rows": counts.total(),
        "new": counts["new"],
        "changed": counts["changed"],
        "likely": counts["duplicate"],
        "same": counts["same"],
        "bad": counts["bad"],
        "problems": [key for key, _, _, _ in reasons],
        "letters": [letter for _, letter, _, _ in reasons],
        "titles": [title for _, _, title, _ in reasons],
        "counts": [str(count) for _, _, _, count in reasons],
        "digits": warned.get("check_digit_wrong", 0),
        "phones": warned.get("phone_more", 0),
        "placeless": warned.get("community_unsaid", 0),
    }


def _sheet_name(batch: Batch) -> str:
    if batch.sheet is None or len(batch.sheets) < 2:
        return ""
    return batch.sheets[batch.sheet].name


def preview_buttons(session: Session, batch: Batch) -> list[list[Button]]:
    """Import, look at the columns, or leave it."""
    counts = count_rows(session, batch_id=batch.id)
    lines = [[button(batch, "columns")]]
    if any(counts[state] for state in WAITING):
        lines += [[button(batch, "apply_with")], [button(batch, "apply_without")]]
    if counts["bad"]:
        lines.append([button(batch, "unread")])
    return [*lines, [button(batch, "drop")]]


def sheet_buttons(batch: Batch) -> list[list[Button]]:
    """One button for each sheet; hidden ones say so."""
    return [
        [
            Button(
                "import.hidden" if one.hidden else "verbatim",
                f"import:sheet:{batch.id}:{batch.version}:{at}",
                {"text": one.name or str(at + 1)},
            )
        ]
        for at, one in enumerate(batch.sheets[:40])
    ] + [[button(batch, "drop")]]


def tell_read(session: Session, *, now: datetime, batch_id: int) -> None:
    """Tell whoever sent the file what is in it."""
    batch = get_batch(session, batch_id=batch_id)
    if batch.state == "choosing":
        hidden = any(one.hidden for one in batch.sheets)
        facts: dict[str, Fact] = {"name": batch.name, "hidden": hidden}
        _say(session, now, batch, "import_sheets", facts, sheet_buttons(batch))
    elif batch.state == "staged":
        buttons = preview_buttons(session, batch)
        _say(session, now, batch, "import_preview", preview_facts(session, batch), buttons)
    elif batch.state == "dropped" and "same_as" in batch.summary:
        earlier = get_batch(session, batch_id=batch.summary["same_as"])
        facts = {
            "name": batch.name,
            "day": (earlier.applied_at or earlier.created_at).isoformat(),
            "state": earlier.state,
        }
        _say(session, now, batch, "import_known", facts, ())


def tell_applied(session: Session, *, now: datetime, batch_id: int) -> None:
    """Tell whoever said yes how it ended; rows that were not taken over follow as a file."""
    batch = get_batch(session, batch_id=batch_id)
    facts, buttons = end_facts(session, batch), end_buttons(session, batch)
    _say(session, now, batch, "import_done", facts, buttons)
    if facts["bad"]:
        ask_for_unread(session, now=now, batch=batch)


def ask_for_unread(session: Session, *, now: datetime, batch: Batch) -> None:
    """Have the rows that were not taken over made into a file."""
    actor = get_person(session, person_id=batch.decided_by or batch.made_by)
    ask_for_paper(session, now=now, actor=actor, kind=UNREAD, facts={"batch": batch.id})


def tell_undone(session: Session, *, now: datetime, batch_id: int) -> None:
    """Tell whoever took it back what stays."""
    batch = get_batch(session, batch_id=batch_id)
    counts = count_rows(session, batch_id=batch_id)
    facts: dict[str, Fact] = {
        "name": batch.name,
        "undone": counts["undone"],
        "kept": counts["kept"],
    }
    _say(session, now, batch, "import_undone", facts, ())


def end_facts(session: Session, batch: Batch) -> dict[str, Fact]:
    """The facts of a list that was written."""
    counts = count_rows(session, batch_id=batch.id)
    mine = select(import_row.c.person_id).where(import_row.c.batch_id == batch.id)
    likely = select(func.count()).where(
        duplicate.c.state == "open",
        duplicate.c.low_id.in_(mine) | duplicate.c.high_id.in_(mine),
    )
    return {
        "name": batch.name,
        "register": batch.register.value,
        "state": batch.state,
        "applied": counts["applied"],
        "bad": counts["bad"],
        "likely": int(session.value(likely)),
    }


def end_buttons(session: Session, batch: Batch) -> list[list[Button]]:
    """What can still be done with a list."""
    facts = end_facts(session, batch)
    lines: list[list[Button]] = []
    if facts["likely"]:
        lines.append([Button("import.duplicates", "duplicate:list:0:0")])
    if facts["bad"]:
        lines.append([button(batch, "unread")])
    if batch.state == "applied" and facts["applied"]:
        lines.append([button(batch, "undo")])
    return lines


def _say(
    session: Session,
    now: datetime,
    batch: Batch,
    template: str,
    facts: dict[str, Fact],
    buttons: Sequence[Sequence[Button]],
) -> None:
    say(
        session,
        now=now,
        to=batch.decided_by or batch.made_by,
        key=f"import:{batch.id}:v{batch.version}",
        template=template,
        message_class=MessageClass.ANSWER,
        facts=facts,
        buttons=buttons,
        card=card_of(batch),
        wanted=Wanted("import_batch", batch.id, batch.version),
    )
