"""Looking documents up in the chat: the list, one document, its earlier editions."""

from collections.abc import Callable

from handlers.documents.keeping import start_keeping, today
from handlers.doors import let_in, present
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.documents import (
    Document,
    Edition,
    get_document,
    list_documents,
    restore_document,
    withdraw_document,
)
from storage.notices import list_notices
from storage.refusals import Fact, NotAllowed, TooLate

CARD = "documents"
BUTTON_LIMIT = 40
READERS = ("coordinator", "leading_group", "volunteer")


def open_documents(turn: Turn) -> None:
    """/documents: for staff and volunteers; for anybody else like any unknown command."""
    if let_in(turn, "documents", READERS):
        _show_list(turn, turn.say)


def press_document(turn: Turn, press: Press) -> None:
    """A button of the list, or of one document."""
    acts: dict[str, Callable[[Turn, Press], None]] = {
        "list": lambda turn, _: _show_list(turn, turn.edit),
        "withdrawn": lambda turn, _: _show_list(turn, turn.edit, withdrawn=True),
        "see": lambda turn, press: _show_one(turn, press.id),
        "before": lambda turn, press: _show_edition(turn, press.id, press.version),
        "add": start_keeping,
        "renew": start_keeping,
        "withdraw": lambda turn, press: _switch(turn, press, withdraw_document),
        "restore": lambda turn, press: _switch(turn, press, restore_document),
    }
    if press.act not in acts:
        raise TooLate
    acts[press.act](turn, press)


def _show_list(turn: Turn, show: Callable[..., None], *, withdrawn: bool = False) -> None:
    actor = present(turn)
    found = list_documents(turn.session, actor=actor, today=today(turn), withdrawn=withdrawn)
    lines = [
        [
            Button(
                "verbatim",
                press_data("document", "see", one.id, 0),
                {"text": one.title[:BUTTON_LIMIT]},
            )
        ]
        for one in found
    ]
    if actor.is_office:
        lines.append([Button("document.add", press_data("document", "add", 0, 0))])
    if actor.is_office and not withdrawn:
        lines.append([Button("document.withdrawn", press_data("document", "withdrawn", 0, 0))])
    if withdrawn:
        lines.append([Button("document.list", press_data("document", "list", 0, 0))])
    show(
        "document_list",
        buttons=lines,
        card=CARD,
        withdrawn=withdrawn,
        titles=[one.title for one in found],
        references=[one.reference for one in found],
        sorts=[one.topic or one.kind for one in found],
    )


def _show_one(turn: Turn, document_id: int) -> None:
    actor = present(turn)
    one = get_document(turn.session, actor=actor, document_id=document_id, today=today(turn))
    carried = (
        list_notices(turn.session, actor=actor, document_id=document_id)
        if actor.is_approved("coordinator")
        else []
    )
    lines = [
        [
            Button(
                "document.receipts",
                press_data("notices", "see", notice.id, 0),
                {"people": notice.people, "read": notice.read},
            )
        ]
        for notice in carried
    ]
    shown = one.current or one.newest
    lines += [
        [
            Button(
                "document.before",
                press_data("document", "before", one.id, edition.number),
                {"number": edition.number},
            )
        ]
        for edition in one.editions
        if edition is not shown
    ]
    if actor.is_office:
        acts = ("renew", "withdraw") if one.state == "kept" else ("restore",)
        lines += [
            [Button(f"document.{act}", press_data("document", act, one.id, one.version))]
            for act in acts
        ]
    lines.append([Button("document.list", press_data("document", "list", 0, 0))])
    turn.edit("document_one", buttons=lines, card=CARD, more=_facts(turn, one, shown))


def _show_edition(turn: Turn, document_id: int, number: int) -> None:
    actor = present(turn)
    one = get_document(turn.session, actor=actor, document_id=document_id, today=today(turn))
    asked = next((edition for edition in one.editions if edition.number == number), None)
    if asked is None or (asked.effective_on > today(turn) and not actor.is_office):
        raise NotAllowed
    turn.say("document_one", more=_facts(turn, one, asked))


def _facts(turn: Turn, one: Document, shown: Edition) -> dict[str, Fact]:
    if shown.effective_on > today(turn):
        standing = "coming"
    elif one.state == "withdrawn":
        standing = "withdrawn"
    else:
        standing = "in_force" if shown is one.current else "superseded"
    return {
        "kind": one.kind,
        "topic": one.topic,
        "is_basis": one.is_basis,
        "organisation": one.organisation,
        "owner": one.owner,
        "title": shown.title,
        "reference": shown.reference,
        "text": shown.text,
        "number": shown.number,
        "effective_on": shown.effective_on.isoformat(),
        "year": shown.effective_on.year,
        "standing": standing,
    }


def _switch(turn: Turn, press: Press, order: Callable[..., None]) -> None:
    order(
        turn.session,
        now=turn.now,
        actor=present(turn),
        document_id=press.id,
        version=press.version,
    )
    _show_one(turn, press.id)
