"""Extra rounds in the chat: staff declare heat, cold, a storm or a festival, and end it again."""

from collections.abc import Sequence
from datetime import date

from handlers.dialogue import Form, Option, Question, start
from handlers.doors import let_in, present
from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.call_plans import (
    CallRound,
    count_round,
    declare_round,
    end_round,
    find_festival,
    list_places,
    list_rounds,
    next_festival,
)
from storage.choices import Button
from storage.dialogues import Answers
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.tiers import WEATHER, RoundKind, Tier

CARD = "extra"
TIERS = ("a", "a,b", "a,b,c")
EVERYWHERE = "0"


def _open(turn: Turn) -> None:
    if let_in(turn, "extra") is not None:
        _show(turn)


def _show(turn: Turn) -> None:
    running = list_rounds(turn.session, actor=present(turn))
    buttons = [[Button("extra.new", press_data("extra", "new", 0, 0))]]
    buttons += [[_end_button(one)] for one in running]
    turn.say("extra_list", buttons=buttons, card=CARD, more=_facts(running))


def _facts(rounds: Sequence[CallRound]) -> dict[str, Fact]:
    return {
        "kinds": [one.day or one.kind.value for one in rounds],
        "tiers": ["".join(one.tiers) for one in rounds],
        "places": [one.community or "" for one in rounds],
        "days": [f"{one.starts_on}T12:00:00" for one in rounds],
    }


def _end_button(one: CallRound) -> Button:
    return Button("extra.end", press_data("extra", "end", one.id, one.version))


def _press(turn: Turn, press: Press) -> None:
    actor = present(turn)
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "new":
        start(turn, NEW)
    elif press.act == "end":
        ended = end_round(
            turn.session, now=turn.now, actor=actor, round_id=press.id, version=press.version
        )
        turn.edit("extra_ended", card=CARD, kind=ended.day or ended.kind.value)
    elif press.act == "festival":
        _declare(turn, kind=RoundKind.FESTIVAL, tiers=TIERS[-1], place=None, day=press.extra)
    else:
        raise TooLate


def _today(turn: Turn) -> date:
    return turn.session.house.local(turn.now).date()


def _declare(turn: Turn, *, kind: RoundKind, tiers: str, place: int | None, day: str) -> None:
    """Declare it, and show it with the way back."""
    festival = kind is RoundKind.FESTIVAL
    made = declare_round(
        turn.session,
        now=turn.now,
        actor=present(turn),
        kind=kind,
        tiers=tiers.split(","),
        community_id=place,
        day=day if festival else None,
        held_on=find_festival(day, _today(turn)) if festival else None,
    )
    turn.say(
        "extra_declared",
        buttons=[[_end_button(made)]],
        card=CARD,
        kind=made.day or made.kind.value,
        day=f"{made.starts_on}T12:00:00",
        festival=festival,
        place=made.community,
        more=_count(turn, tiers, place),
    )


def _count(turn: Turn, tiers: str, place: int | None) -> dict[str, Fact]:
    counts = count_round(
        turn.session,
        now=turn.now,
        actor=present(turn),
        tiers=tiers.split(","),
        community_id=place,
    )
    return {f"count_{tier.value}": counts.get(tier.value, 0) for tier in Tier}


def _offer_kinds(turn: Turn, _answers: Answers) -> Sequence[Option]:
    kinds = [Option(one.value, f"extra_kind.{one.value}") for one in WEATHER]
    near = next_festival(_today(turn))
    return [*kinds, Option(near[0], f"extra_kind.{near[0]}")] if near else kinds


def _offer_tiers(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one, f"extra_tiers.{one.replace(',', '')}") for one in TIERS]


def _offer_places(turn: Turn, _answers: Answers) -> Sequence[Option]:
    places = [
        Option(str(place_id), "verbatim", {"text": name})
        for place_id, name in list_places(turn.session, actor=present(turn))
    ]
    return [Option(EVERYWHERE, "extra.everywhere"), *places]


def _place(answers: Answers) -> int | None:
    place = str(answers.get("place") or EVERYWHERE)
    return None if place == EVERYWHERE else int(place)


def _review(turn: Turn, answers: Answers) -> dict[str, Fact]:
    counts = _count(turn, str(answers["tiers"]), _place(answers))
    return {"kind": str(answers["kind"]), **counts}


def _offer_declare(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("declare", "extra.declare")]


def _finish(turn: Turn, answers: Answers) -> None:
    chosen = str(answers["kind"])
    is_weather = chosen in {one.value for one in WEATHER}
    kind = RoundKind(chosen) if is_weather else RoundKind.FESTIVAL
    day = "" if is_weather else chosen
    _declare(turn, kind=kind, tiers=str(answers["tiers"]), place=_place(answers), day=day)


NEW = Form(
    topic="extra",
    questions=(
        Question(key="kind", template="ask_extra_kind", options=_offer_kinds),
        Question(key="tiers", template="ask_extra_tiers", options=_offer_tiers),
        Question(key="place", template="ask_extra_place", options=_offer_places),
        Question(key="review", template="ask_extra_review", options=_offer_declare, facts=_review),
    ),
    finish=_finish,
)

TOPIC = Topic(commands={"extra": _open}, presses={"extra": _press}, forms=(NEW,))
