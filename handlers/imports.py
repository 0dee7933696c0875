"""Importing a list: the file is sent here, looked at together, written, and taken back."""

from handlers.doors import let_in
from handlers.topic import Topic
from handlers.turn import Press, Turn, read_number
from storage.choices import Button
from storage.files import fetch_file
from storage.imports.batches import (
    Batch,
    begin_import,
    choose_sheet,
    drop_import,
    get_batch,
    list_batches,
    map_column,
    start_applying,
    start_undoing,
)
from storage.imports.showing import (
    APPLY,
    READ,
    UNDO,
    ask_for_unread,
    button,
    card_of,
    end_buttons,
    end_facts,
    preview_buttons,
    preview_facts,
    sheet_buttons,
)
from storage.imports.wiping import KEPT_FOR
from storage.papers import ask_for_paper
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.fields import find_field
from storage.rules.importing.catalogue import list_targets
from storage.rules.importing.cells import column_letter

ENDINGS = frozenset({"xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "tsv", "et"})
CARD = "imports"
# Telegram ends a message at a hundred buttons.
MOST_BUTTONS = 80


def open_imports(turn: Turn) -> None:
    """/import: how it goes, and the newest lists."""
    actor = let_in(turn, "import")
    if actor is None:
        return
    batches = list_batches(turn.session, actor=actor)
    turn.say(
        "import_how",
        buttons=[[_see(turn, one)] for one in batches],
        card=CARD,
        names=[one.name for one in batches],
        states=[one.state for one in batches],
    )


def _see(turn: Turn, batch: Batch) -> Button:
    # The same file is often sent twice: only its state tells one button from the other.
    state = turn.wording.label(f"import_state.{batch.state}", language=turn.language)
    facts: dict[str, Fact] = {"name": batch.name[:40], "state": state}
    return Button("import.listed", f"import:see:{batch.id}:{batch.version}", facts)


def take_file(turn: Turn) -> bool:
    """A spreadsheet from a coordinator is a list to be imported."""
    document, actor = turn.document, turn.person
    if document is None or actor is None or not actor.is_approved("coordinator"):
        return False
    name = document.file_name or ""
    if name.rpartition(".")[2].casefold() not in ENDINGS:
        return False
    file_id = fetch_file(
        turn.session,
        now=turn.now,
        source=document.file_id,
        name=name,
        media_type=document.mime_type or "",
        size=document.file_size or 0,
        purpose="import",
        owner_id=actor.id,
        kept_for=KEPT_FOR,
    )
    batch_id = begin_import(turn.session, now=turn.now, actor=actor, name=name, file_id=file_id)
    _read(turn, actor, batch_id, file_id)
    return True


def _goes_on(turn: Turn, batch_id: int) -> None:
    """The pressed card says what happens now, and has no buttons any more."""
    batch = get_batch(turn.session, batch_id=batch_id)
    turn.edit("import_one", card=card_of(batch), more=end_facts(turn.session, batch))


def _read(turn: Turn, actor: Person, batch_id: int, file_id: int | None) -> None:
    ask_for_paper(
        turn.session,
        now=turn.now,
        actor=actor,
        kind=READ,
        facts={"batch": batch_id},
        file_id=file_id,
    )


def press_import(turn: Turn, press: Press) -> None:
    """A button of a list; storage refuses what is not theirs or has moved on."""
    actor = turn.person
    if actor is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "list":
        open_imports(turn)
        return
    batch = get_batch(turn.session, batch_id=press.id, actor=actor)
    acts = {
        "see": _show,
        "columns": _show_columns,
        "col": _show_column,
        "set": _set_column,
        "sheet": _choose_sheet,
        "apply_with": _apply,
        "apply_without": _apply,
        "drop": _drop,
        "undo": _ask_undo,
        "undo_yes": _undo,
        "keep": _show,
        "back": _show,
        "unread": _send_unread,
    }
    if press.act not in acts:
        raise TooLate
    acts[press.act](turn, press, actor, batch)


def _show(turn: Turn, press: Press, actor: Person, batch: Batch) -> None:
    if batch.state == "staged":
        turn.edit(
            "import_preview",
            buttons=preview_buttons(turn.session, batch),
            card=card_of(batch),
            more=preview_facts(turn.session, batch),
        )
    elif batch.state == "choosing":
        hidden = any(one.hidden for one in batch.sheets)
        turn.edit(
            "import_sheets",
            buttons=sheet_buttons(batch),
            card=card_of(batch),
            name=batch.name,
            hidden=hidden,
        )
    else:
        turn.edit(
            "import_one",
            buttons=end_buttons(turn.session, batch),
            card=card_of(batch),
            more=end_facts(turn.session, batch),
        )


def _show_columns(turn: Turn, press: Press, actor: Person, batch: Batch) -> None:
    columns = batch.columns[:MOST_BUTTONS]
    fields = [find_field(batch.register, one.field) if one.field else None for one in columns]
    flat = [
        Button(
            "import.column",
            f"import:col:{batch.id}:{batch.version}:{one.at}",
            {"letter": column_letter(one.at), "title": one.title[:20]},
        )
        for one in columns
        if batch.state == "staged"
    ]
    lines = [flat[at : at + 2] for at in range(0, len(flat), 2)]
    turn.edit(
        "import_columns",
        buttons=[*lines, [button(batch, "back")]],
        card=card_of(batch),
        letters=[column_letter(one.at) for one in columns],
        titles=[one.title[:30] for one in columns],
        fields=[
            "" if one is None else (one.zh if turn.language == "zh" else one.en) for one in fields
        ],
    )


def _show_column(turn: Turn, press: Press, actor: Person, batch: Batch) -> None:
    column = next((one for one in batch.columns if str(one.at) == press.extra), None)
    if column is None or batch.state != "staged":
        raise TooLate
    flat = [
        Button(
            "verbatim",
            f"import:set:{batch.id}:{batch.version}:{column.at}:{field.key}",
            {"text": field.zh if turn.language == "zh" else field.en},
        )
        for field in list_targets(batch.register)[:MOST_BUTTONS]
    ]
    lines = [flat[at : at + 3] for at in range(0, len(flat), 3)]
    skip = Button("import.skip", f"import:set:{batch.id}:{batch.version}:{column.at}:")
    turn.edit(
        "import_column",
        buttons=[[skip], *lines, [button(batch, "columns", "form.back")]],
        card=card_of(batch),
        letter=column_letter(column.at),
        title=column.title,
    )


def _set_column(turn: Turn, press: Press, actor: Person, batch: Batch) -> None:
    place, _, key = press.extra.partition(":")
    at = read_number(place)
    if at is None:
        raise TooLate
    mapped = map_column(
        turn.session,
        now=turn.now,
        actor=actor,
        batch_id=batch.id,
        version=press.version,
        at=at,
        field=key or None,
    )
    _goes_on(turn, batch.id)
    _read(turn, actor, mapped.id, mapped.file_id)


def _choose_sheet(turn: Turn, press: Press, actor: Person, batch: Batch) -> None:
    sheet = read_number(press.extra)
    if sheet is None:
        raise TooLate
    chosen = choose_sheet(
        turn.session,
        now=turn.now,
        actor=actor,
        batch_id=batch.id,
        version=press.version,
        sheet=sheet,
    )
    _goes_on(turn, batch.id)
    _read(turn, actor, chosen.id, chosen.file_id)


def _apply(turn: Turn, press: Press, actor: Person, batch: Batch) -> None:
    start_applying(
        turn.session,
        now=turn.now,
        actor=actor,
        batch_id=batch.id,
        version=press.version,
        consents_on_file=press.act == "apply_with",
    )
    _goes_on(turn, batch.id)
    facts = {"batch": batch.id}
    ask_for_paper(turn.session, now=turn.now, actor=actor, kind=APPLY, facts=facts)


def _drop(turn: Turn, press: Press, actor: Person, batch: Batch) -> None:
    drop_import(turn.session, now=turn.now, actor=actor, batch_id=batch.id)
    turn.edit("import_dropped", card=card_of(batch))


def _ask_undo(turn: Turn, press: Press, actor: Person, batch: Batch) -> None:
    if batch.state != "applied":
        raise TooLate
    facts = end_facts(turn.session, batch)
    turn.edit(
        "import_undo_sure",
        buttons=[[button(batch, "undo_yes")], [button(batch, "keep")]],
        card=card_of(batch),
        name=batch.name,
        applied=facts["applied"],
    )


def _undo(turn: Turn, press: Press, actor: Person, batch: Batch) -> None:
    start_undoing(turn.session, now=turn.now, actor=actor, batch_id=batch.id, version=press.version)
    _goes_on(turn, batch.id)
    facts = {"batch": batch.id}
    ask_for_paper(turn.session, now=turn.now, actor=actor, kind=UNDO, facts=facts)


def _send_unread(turn: Turn, press: Press, actor: Person, batch: Batch) -> None:
    ask_for_unread(turn.session, now=turn.now, batch=batch)


TOPIC = Topic(commands={"import": open_imports}, presses={"import": press_import}, media=take_file)
