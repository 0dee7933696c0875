"""What the two sides of a pair see and press: yes, no, how to reach each other, the end."""

from collections.abc import Callable, Mapping

from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.pairs import (
    Pair,
    end_pair,
    get_pair,
    list_own_pairs,
    open_partner,
    say_no,
    say_yes,
    show_agreement,
    side_of,
)
from storage.pairs.checking import waits_to_be_told
from storage.pairs.saying import facts_of, worded
from storage.people import Person
from storage.refusals import AlreadyDone, Fact, NotAllowed
from storage.rules.pairs import Kind, PairState, Side

Act = Callable[[Turn, Person, Press], None]


def show_own(turn: Turn, person: Person, *, quiet: bool = False) -> None:
    """Each pair as a card of its own; ``quiet``: nothing is said where there is none."""
    found = list_own_pairs(turn.session, actor=person)
    if not found and not quiet:
        # What became of it is a person's to say first, not a list's.
        waits = waits_to_be_told(turn.session, resident_id=person.id)
        turn.say("pairs_own_soon" if waits else "pairs_own_none", card="pairs")
    for one in found:
        show_one(turn, person, one)


def show_one(turn: Turn, person: Person, one: Pair, *, edit: bool = False) -> None:
    """One pair as the side sees it for which this person speaks."""
    say = turn.edit if edit else turn.say
    say(
        worded(one, "pair_own"),
        buttons=_buttons(one, person),
        card=one.card,
        more=_facts(turn, one, person),
    )


def _facts(turn: Turn, one: Pair, person: Person) -> dict[str, Fact]:
    mine = _side(one, person)
    return {
        **facts_of(turn.session, one),
        "side": mine.value,
        "said_yes": mine in one.said_yes,
    }


def _side(one: Pair, person: Person) -> Side:
    helps = one.helper_id == person.id or one.organisation_id == person.organisation_id is not None
    return Side.HELPER if helps and one.resident_id != person.id else Side.RESIDENT


def _buttons(one: Pair, person: Person) -> list[list[Button]]:
    acts: tuple[str, ...] = ("reach", "tell", "agreement", "stop")
    if one.state is PairState.PROPOSED:
        mine = _side(one, person)
        acts = ("no",) if mine in one.said_yes else ("yes", "no")
    lines = [[Button(f"pair.{act}", press_data("pair", act, one.id, one.version))] for act in acts]
    if one.kind is Kind.MUTUAL and _side(one, person) is Side.RESIDENT:
        lines.insert(-1, [Button("tie.back", press_data("tie_back", "say", one.id, 0))])
    return lines


def _yes(turn: Turn, person: Person, press: Press) -> None:
    try:
        one = say_yes(turn.session, now=turn.now, actor=person, pair_id=press.id)
    except AlreadyDone:
        one = get_pair(turn.session, pair_id=press.id)
    if one.is_agreed:
        # Both hear it in a message of its own, which brings the buttons.
        turn.edit("pair_yes_both", more=one.facts)
    else:
        turn.edit("pair_yes_waits", card=one.card, more=_facts(turn, one, person))


def _no(turn: Turn, person: Person, press: Press) -> None:
    one = say_no(turn.session, now=turn.now, actor=person, pair_id=press.id)
    turn.edit("pair_no_thanks", card=one.card, more=one.facts)


def _reach(turn: Turn, person: Person, press: Press) -> None:
    found = open_partner(turn.session, now=turn.now, actor=person, pair_id=press.id)
    turn.say(
        "pair_reach",
        side=found.side.value,
        name=found.contact.name,
        phone=found.contact.phone,
        address=found.contact.address,
    )


def _ask_stop(turn: Turn, person: Person, press: Press) -> None:
    one = get_pair(turn.session, pair_id=press.id)
    if side_of(turn.session, one, person) is None:
        raise NotAllowed
    turn.say(
        "pair_ask_stop",
        buttons=[
            # As it stands now: an old card must not keep anybody in.
            [Button(f"pair.{act}", press_data("pair", act, one.id, one.version))]
            for act in ("yes_stop", "keep")
        ],
        card=f"{one.card}:stop",
        more=_facts(turn, one, person),
    )


def _stop(turn: Turn, person: Person, press: Press) -> None:
    one = end_pair(
        turn.session, now=turn.now, actor=person, pair_id=press.id, version=press.version
    )
    turn.edit("pair_stopped", card=f"{one.card}:stop", more=_facts(turn, one, person))


def _keep(turn: Turn, person: Person, press: Press) -> None:
    one = get_pair(turn.session, pair_id=press.id)
    if side_of(turn.session, one, person) is None:
        raise NotAllowed
    turn.edit("pair_done", card=f"{one.card}:stop", what="kept", more=one.facts)


def _agreement(turn: Turn, person: Person, press: Press) -> None:
    if not show_agreement(turn.session, now=turn.now, actor=person, pair_id=press.id):
        turn.say("pair_paper_not_yet")


ACTS: Mapping[str, Act] = {
    "yes": _yes,
    "no": _no,
    "reach": _reach,
    "stop": _ask_stop,
    "yes_stop": _stop,
    "keep": _keep,
    "agreement": _agreement,
}
