"""A notice in the hands of its receiver: read it, read the document, say that it was read."""

from handlers.doors import present
from handlers.turn import Press, Turn
from storage.notices import get_received, mark_read
from storage.refusals import TooLate


def press_received(turn: Turn, press: Press) -> None:
    """Read, or show the document's words."""
    actor = present(turn)
    if press.act == "read":
        mark_read(turn.session, now=turn.now, actor=actor, receipt_id=press.id)
        received = get_received(turn.session, actor=actor, receipt_id=press.id)
        turn.edit(
            "notice_told",
            buttons=received.buttons,
            card=f"notice:{press.id}",
            more=received.facts,
        )
    elif press.act == "text":
        received = get_received(turn.session, actor=actor, receipt_id=press.id)
        turn.say(
            "document_text",
            title=received.facts["title"],
            reference=received.facts["reference"],
            text=received.document,
        )
    else:
        raise TooLate
