"""Filling a slot by presses: who, and why when it is taken from somebody else; the round copied."""

from handlers.duty.rota import CARD, show_week, staff
from handlers.duty.slots import read_place, read_span, span_facts, write_day, write_span
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.duty import copy_round, fill_slot, find_slot, list_colleagues
from storage.duty.refusals import NeedsReason
from storage.people import get_person
from storage.refusals import TooLate
from storage.rules.duty import Reason, Span, week_of

NOBODY = 0
_REASONS = {reason.value[0]: reason for reason in Reason}
COLLEAGUES_AT_ONCE = 30


def _who(turn: Turn, press: Press) -> None:
    """Who works there, one button each, and nobody."""
    span = read_span(press.extra)
    version, on = find_slot(turn.session, actor=staff(turn), organisation_id=press.id, span=span)
    place = f"{press.id}.{write_span(span)}"
    here = list_colleagues(turn.session, organisation_id=press.id)
    lines = [
        [Button("verbatim", press_data("duty", "set", one.id, version, place), {"text": one.name})]
        for one in here[:COLLEAGUES_AT_ONCE]
        if one.reachable and one.id != on
    ]
    if on is not None:
        lines.append([Button("duty.nobody", press_data("duty", "set", NOBODY, version, place))])
    lines.append([_back(press.id, span)])
    turn.edit(
        "duty_who",
        buttons=lines,
        card=CARD,
        on=get_person(turn.session, person_id=on).name if on is not None else None,
        unreachable=[one.name for one in here if not one.reachable],
        more=span_facts(span),
    )


def _set(turn: Turn, press: Press) -> None:
    """Put in, or asked why first when somebody else is on."""
    organisation_id, span, _ = read_place(press.extra)
    try:
        _fill(turn, press, organisation_id, span, None)
    except NeedsReason:
        _ask_why(turn, press, organisation_id, span)


def _ask_why(turn: Turn, press: Press, organisation_id: int, span: Span) -> None:
    lines = [
        [
            Button(
                f"duty.because_{reason.value}",
                press_data("duty", "because", press.id, press.version, f"{press.extra}{letter}"),
            )
        ]
        for letter, reason in _REASONS.items()
    ]
    turn.edit("duty_why", buttons=[*lines, [_back(organisation_id, span)]], card=CARD)


def _because(turn: Turn, press: Press) -> None:
    organisation_id, span, letter = read_place(press.extra)
    if letter not in _REASONS:
        raise TooLate
    _fill(turn, press, organisation_id, span, _REASONS[letter])


def _fill(
    turn: Turn, press: Press, organisation_id: int, span: Span, reason: Reason | None
) -> None:
    fill_slot(
        turn.session,
        now=turn.now,
        actor=staff(turn),
        organisation_id=organisation_id,
        span=span,
        person_id=press.id if press.id != NOBODY else None,
        version=press.version,
        reason=reason,
    )
    show_week(turn, organisation_id, write_day(week_of(span.first).first))


def _copy(turn: Turn, press: Press) -> None:
    """The last round goes on in the weeks shown."""
    filled = copy_round(turn.session, now=turn.now, actor=staff(turn), organisation_id=press.id)
    turn.edit(
        "duty_copied",
        buttons=[[Button("duty.back", press_data("duty", "show", press.id, 0))]],
        card=CARD,
        days=[monday.isoformat() for monday, _ in filled],
        names=[name for _, name in filled],
    )


def _back(organisation_id: int, span: Span) -> Button:
    week = write_day(week_of(span.first).first)
    return Button("duty.back_week", press_data("duty", "week", organisation_id, 0, week))


ACTS = {"who": _who, "set": _set, "because": _because, "copy": _copy}
