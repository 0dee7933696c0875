"""One button [I cannot]: what is offered depends on the time that is left."""

from collections.abc import Sequence
from datetime import datetime

from handlers.needs.cards import card_of, show_task, show_where
from handlers.turn import Press, Turn, press_data, read_number
from storage.choices import Button
from storage.needs import (
    ClaimCard,
    NeedCard,
    answer_stand_in,
    ask_stand_in,
    button,
    list_stand_ins,
    list_swaps,
    release_claim,
    task_buttons,
)
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.visits import WAYS_OUT, WayOut, time_left

STEPPING = frozenset({"cannot", "free", "stand", "name", "swap", "give", "keep"})


def press_stepping(turn: Turn, press: Press, card: NeedCard, held: ClaimCard) -> None:
    """A button of somebody who cannot come after all."""
    if press.act == "cannot":
        _step_back(turn, card, held)
    elif press.act == "keep":
        show_task(turn, card)
    elif press.act == "free":
        _release(turn, card, held)
    elif press.act in ("stand", "swap"):
        _offer(turn, card, held, swaps=press.act == "swap")
    else:
        _ask(turn, press, card, held)


def _step_back(turn: Turn, card: NeedCard, held: ClaimCard) -> None:
    left = time_left(turn.now, arrives_at=held.arrives_at, on_way_at=held.on_way_at)
    ways = WAYS_OUT[left]
    if ways == (WayOut.RELEASE,):
        _release(turn, card, held)
        return
    acts = {WayOut.STAND_IN: "stand", WayOut.SWAP: "swap", WayOut.RELEASE: "free"}
    lines = [
        [button(f"claim.{acts[way]}", "claim", acts[way], held.id, held.version)] for way in ways
    ]
    lines.append([button("claim.keep", "claim", "keep", held.id, held.version)])
    turn.edit("claim_cannot", buttons=lines, card=card_of(card.id), more=card.task_facts)


def _release(turn: Turn, card: NeedCard, held: ClaimCard) -> None:
    release_claim(
        turn.session,
        now=turn.now,
        volunteer_id=held.volunteer_id,
        claim_id=held.id,
        version=held.version,
    )
    turn.edit("claim_released", card=card_of(card.id), more=card.public_facts)


def _offer(turn: Turn, card: NeedCard, held: ClaimCard, *, swaps: bool) -> None:
    """Names of who could go, or tasks that could be exchanged."""
    lines = _swaps(turn, held) if swaps else _names(turn, held)
    template = "claim_swap" if swaps else "claim_stand_in"
    more = {**card.public_facts, "found": bool(lines)}
    others = [
        [button("claim.free", "claim", "free", held.id, held.version)],
        [button("claim.keep", "claim", "keep", held.id, held.version)],
    ]
    turn.edit(template, buttons=[*lines, *others], card=card_of(card.id), more=more)


def _names(turn: Turn, held: ClaimCard) -> Sequence[Sequence[Button]]:
    found = list_stand_ins(
        turn.session, now=turn.now, volunteer_id=held.volunteer_id, claim_id=held.id
    )
    return [
        [
            Button(
                "verbatim",
                press_data("claim", "name", held.id, held.version, str(one.person_id)),
                {"text": one.name},
            )
        ]
        for one in found
    ]


def _swaps(turn: Turn, held: ClaimCard) -> Sequence[Sequence[Button]]:
    found = list_swaps(turn.session, now=turn.now, volunteer_id=held.volunteer_id, claim_id=held.id)
    return [
        [
            Button(
                "claim.swap_with",
                press_data("claim", "give", held.id, held.version, str(one.claim_id)),
                _swap_facts(turn, one.helper, one.arrives_at),
            )
        ]
        for one in found
    ]


def _swap_facts(turn: Turn, name: str, moment: datetime) -> dict[str, Fact]:
    at = turn.session.house.local(moment)
    return {"name": name, "month": at.month, "day": at.day, "time": f"{at:%H:%M}"}


def _ask(turn: Turn, press: Press, card: NeedCard, held: ClaimCard) -> None:
    number = read_number(press.extra)
    if number is None:
        raise TooLate
    asked_id, swap_claim_id = number, None
    if press.act == "give":
        mine = {"volunteer_id": held.volunteer_id, "claim_id": held.id}
        swaps = list_swaps(turn.session, now=turn.now, **mine)
        chosen = next((one for one in swaps if one.claim_id == number), None)
        if chosen is None:
            raise TooLate
        asked_id, swap_claim_id = chosen.helper_id, chosen.claim_id
    ask_stand_in(
        turn.session,
        now=turn.now,
        volunteer_id=held.volunteer_id,
        claim_id=held.id,
        version=held.version,
        asked_id=asked_id,
        swap_claim_id=swap_claim_id,
    )
    turn.edit(
        "claim_stand_in_asked",
        buttons=task_buttons(card),
        card=card_of(card.id),
        more=card.task_facts,
    )


def press_stand(turn: Turn, press: Press) -> None:
    """The one who was asked to go instead says yes or no."""
    if turn.person is None:
        raise NotAllowed
    if press.act not in ("yes", "no"):
        raise TooLate
    yes = press.act == "yes"
    card = answer_stand_in(
        turn.session, now=turn.now, person_id=turn.person.id, stand_in_id=press.id, yes=yes
    )
    if not yes:
        turn.edit("stand_in_no", card=card_of(card.id), more=card.public_facts)
        return
    turn.edit("stand_in_yours", card=card_of(card.id), more=card.public_facts)
    mine = _task_of(turn, card, person_id=turn.person.id)
    if mine.held.arrives_at is not None:
        show_where(turn, mine)


def _task_of(turn: Turn, card: NeedCard, *, person_id: int) -> NeedCard:
    if card.held.volunteer_id != person_id:
        raise NotAllowed
    return card
