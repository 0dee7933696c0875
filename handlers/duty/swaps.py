"""Swaps by presses: whom to ask, yes or no, and taking it back."""

from handlers.duty.rota import CARD, staff
from handlers.duty.slots import span_facts
from handlers.turn import Press, Turn, press_data, read_number
from storage.choices import Button
from storage.duty import (
    Shift,
    Swap,
    accept_swap,
    ask_swap,
    decline_swap,
    find_asked,
    find_shift,
    open_rota,
    withdraw_swap,
)
from storage.refusals import NotAllowed

SLOTS_AT_ONCE = 6


def _swap(turn: Turn, press: Press) -> None:
    """Everybody is asked to take it, or one colleague for a slot of theirs."""
    actor = staff(turn)
    organisation_id, mine = find_shift(turn.session, actor=actor, shift_id=press.id)
    if mine.person_id != actor.id:
        raise NotAllowed
    asked = find_asked(turn.session, shift_id=mine.id)
    if asked is not None:
        back = press_data("duty", "swap_back", asked.id, asked.version)
        lines = [[Button("duty.swap_back", back)]]
        turn.edit("swap_waits", buttons=lines, card=CARD, more=asked.facts)
        return
    shown = open_rota(turn.session, now=turn.now, actor=actor, organisation_id=organisation_id)
    theirs = [
        one
        for week in shown.weeks
        for one in (*((week.shift,) if week.shift else ()), *week.days)
        if one.person_id != actor.id
    ]
    everybody = press_data("duty", "offer", mine.id, mine.version)
    turn.edit(
        "swap_how",
        buttons=[
            [Button("duty.offer_all", everybody)],
            *([_for_theirs(mine, one)] for one in theirs[:SLOTS_AT_ONCE]),
            [Button("duty.back", press_data("duty", "show", organisation_id, 0))],
        ],
        card=CARD,
        more=span_facts(mine.span),
    )


def _for_theirs(mine: Shift, one: Shift) -> Button:
    facts = {
        "name": one.name,
        "month": str(one.span.first.month),
        "day": str(one.span.first.day),
    }
    label = "duty.offer_week" if one.span.is_week else "duty.offer_day"
    return Button(
        label, press_data("duty", "offer", mine.id, mine.version, str(one.id)), dict(facts)
    )


def _offer(turn: Turn, press: Press) -> None:
    count = ask_swap(
        turn.session,
        now=turn.now,
        actor=staff(turn),
        shift_id=press.id,
        version=press.version,
        other_id=read_number(press.extra),
    )
    turn.edit("swap_sent", card=CARD, count=count)


def _yes(turn: Turn, press: Press) -> None:
    swap = accept_swap(turn.session, now=turn.now, actor=staff(turn), swap_id=press.id)
    _said(turn, "swap_yours", swap)


def _no(turn: Turn, press: Press) -> None:
    swap = decline_swap(turn.session, now=turn.now, actor=staff(turn), swap_id=press.id)
    _said(turn, "swap_no", swap)


def _back(turn: Turn, press: Press) -> None:
    swap = withdraw_swap(turn.session, now=turn.now, actor=staff(turn), swap_id=press.id)
    turn.edit("swap_withdrawn", card=CARD, more=swap.facts)


def _said(turn: Turn, template: str, swap: Swap) -> None:
    turn.edit(template, card=swap.card, more=swap.facts)


ACTS = {
    "swap": _swap,
    "offer": _offer,
    "swap_yes": _yes,
    "swap_no": _no,
    "swap_back": _back,
}
