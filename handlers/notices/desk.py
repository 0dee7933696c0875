"""The desk of notices: what was sent, how far it got, who is to be phoned or given paper."""

from collections.abc import Callable

from handlers.dialogue import start
from handlers.doors import let_in, present
from handlers.notices.writing import FORM
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.notices import (
    PAGE,
    Notice,
    get_notice,
    list_notices,
    list_unread,
    note_read,
    open_phones,
    remind_notice,
    stop_notice,
)
from storage.refusals import TooLate

CARD = "notices"
CHANNELS = ("phone", "paper", "visit")
TITLE = 16


def open_notices(turn: Turn) -> None:
    """/notice: for staff; for anybody else a command like any unknown one."""
    if let_in(turn, "notice"):
        _show_list(turn, turn.say)


def press_desk(turn: Turn, press: Press) -> None:
    """A button of the desk."""
    acts: dict[str, Callable[[Turn, Press], None]] = {
        "list": lambda turn, _: _show_list(turn, turn.edit),
        "new": lambda turn, _: start(turn, FORM),
        "see": lambda turn, press: _show_one(turn, press.id),
        "stop": _stop,
        "remind": _remind,
        "unread": _show_unread,
        "told": _told,
        "phones": _show_phones,
    }
    if press.act not in acts:
        raise TooLate
    list_notices(turn.session, actor=present(turn))  # raises for whoever is not staff
    acts[press.act](turn, press)


def _show_list(turn: Turn, show: Callable[..., None]) -> None:
    found = list_notices(turn.session, actor=present(turn))
    lines = [
        [
            # Not the words alone: who types a like notice once more would press this button.
            Button(
                "notice.see",
                press_data("notices", "see", one.id, 0),
                {"text": _start_of(one.text)},
            )
        ]
        for one in found
    ]
    show(
        "notice_list",
        buttons=[[Button("notice.new", press_data("notices", "new", 0, 0))], *lines],
        card=CARD,
        texts=[_start_of(one.text) for one in found],
        sent_at=[one.created_at.isoformat() for one in found],
        people=[str(one.people) for one in found],
        read=[str(one.read) for one in found],
    )


def _start_of(text: str) -> str:
    first = text.splitlines()[0]
    return first if len(first) <= TITLE else first[:TITLE] + "…"


def _show_one(turn: Turn, notice_id: int) -> None:
    one = get_notice(turn.session, actor=present(turn), notice_id=notice_id)
    turn.edit(
        "notice_one",
        buttons=_buttons(one),
        card=CARD,
        by=one.by,
        sent_at=one.created_at.isoformat(),
        until=one.expires_at.isoformat(),
        state=one.state,
        reminders=one.reminders,
        people=one.people,
        by_chat=one.by_chat,
        without_chat=one.people - one.by_chat,
        received=one.received,
        read_by=one.read,
        unread=one.people - one.read,
        places=[place.name or "" for place in one.communities],
        place_people=[str(place.people) for place in one.communities],
        place_read=[str(place.read) for place in one.communities],
        more=one.facts,
    )


def _buttons(one: Notice) -> list[list[Button]]:
    lines = []
    if one.state == "sending":
        lines.append([Button("notice.stop", press_data("notices", "stop", one.id, one.version))])
    if one.state == "sent" and one.read < one.people:
        remind = press_data("notices", "remind", one.id, one.version)
        lines.append([Button("notice.remind", remind)])
    if one.read < one.people:
        by_hand = press_data("notices", "unread", one.id, 0, "hand.phone")
        everybody = press_data("notices", "unread", one.id, 0, "all.phone")
        if one.by_chat < one.people:
            lines.append([Button("notice.by_hand", by_hand)])
        lines.append([Button("notice.unread", everybody)])
    return [*lines, [Button("notice.list", press_data("notices", "list", 0, 0))]]


def _stop(turn: Turn, press: Press) -> None:
    stop_notice(
        turn.session,
        now=turn.now,
        actor=present(turn),
        notice_id=press.id,
        version=press.version,
    )
    _show_one(turn, press.id)


def _remind(turn: Turn, press: Press) -> None:
    remind_notice(
        turn.session,
        now=turn.now,
        actor=present(turn),
        notice_id=press.id,
        version=press.version,
    )
    _show_one(turn, press.id)


def _show_unread(turn: Turn, press: Press) -> None:
    """A page of those who have not read it: id is the notice, version the last one before."""
    which, channel = _way(press.extra)
    found = list_unread(
        turn.session,
        actor=present(turn),
        notice_id=press.id,
        by_chat=False if which == "hand" else None,
        after=press.version,
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    way = f"{which}.{channel}"
    lines = [
        [
            Button(
                f"notice.told_{channel}",
                press_data("notices", "told", one.receipt_id, press.version, way),
                {"name": one.name},
            )
        ]
        for one in shown
    ]
    if shown:
        phones = press_data("notices", "phones", press.id, press.version, way)
        lines.append([Button("notice.phones", phones)])
        others = [other for other in CHANNELS if other != channel]
        lines.append(
            [
                Button(
                    f"notice.by_{other}",
                    press_data("notices", "unread", press.id, press.version, f"{which}.{other}"),
                )
                for other in others
            ]
        )
    if len(found) > PAGE:
        more = press_data("notices", "unread", press.id, shown[-1].receipt_id, way)
        lines.append([Button("notice.more", more)])
    lines.append([Button("notice.back", press_data("notices", "see", press.id, 0))])
    turn.edit(
        "notice_unread",
        buttons=lines,
        card=CARD,
        names=[one.name for one in shown],
        places=[one.community or "" for one in shown],
        chats=["yes" if one.by_chat else "" for one in shown],
        channel=channel,
    )


def _way(extra: str) -> tuple[str, str]:
    which, _, channel = extra.partition(".")
    if which not in ("all", "hand") or channel not in CHANNELS:
        raise TooLate
    return which, channel


def _told(turn: Turn, press: Press) -> None:
    """Note one, and show who is left of the same page."""
    _, channel = _way(press.extra)
    notice_id = note_read(
        turn.session, now=turn.now, actor=present(turn), receipt_id=press.id, channel=channel
    )
    _show_unread(turn, Press("notices", "unread", notice_id, press.version, press.extra))


def _show_phones(turn: Turn, press: Press) -> None:
    which, _ = _way(press.extra)
    found = open_phones(
        turn.session,
        now=turn.now,
        actor=present(turn),
        notice_id=press.id,
        by_chat=False if which == "hand" else None,
        after=press.version,
    )
    turn.say(
        "notice_phones",
        names=[one.name for one in found],
        phones=[one.phone or "" for one in found],
    )
