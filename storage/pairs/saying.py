"""What the two sides of a pair are shown: the question, the agreement, and how it goes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from storage.choices import Button
from storage.database import Session
from storage.outbox import MessageClass, say
from storage.pairs.rows import Pair, keepers_of, list_side
from storage.pairs.tied import tie_facts
from storage.refusals import Fact
from storage.rules.pairs import Kind, PairState, Side

Lines = Sequence[Sequence[Button]]
# Of what is said otherwise of a tie than of a neighbour.
TIED = frozenset(
    {
        *("pair_ask_resident", "pair_ask_helper", "pair_agreed"),
        *("pair_own", "pair_how_goes_it", "pair_over"),
    }
)


def worded(one: Pair, template: str) -> str:
    """The wording of a message for this kind of pair."""
    return f"tie{template.removeprefix('pair')}" if one.is_tie and template in TIED else template


def facts_of(session: Session, one: Pair) -> dict[str, Fact]:
    """Plain facts for the wording of a pair, and what it has as a tie."""
    return {**one.facts, **tie_facts(session, one)} if one.is_tie else one.facts


def button(act: str, one: Pair, extra: str = "", **facts: Fact) -> Button:
    """A button that acts on this version of a pair."""
    data = f"pair:{act}:{one.id}:{one.version}" + (f":{extra}" if extra else "")
    return Button(f"pair.{act}", data, facts)


def answer_buttons(one: Pair) -> Lines:
    """Yes or no to a pair that is proposed."""
    if one.state is not PairState.PROPOSED:
        return ()
    return [[button("yes", one)], [button("no", one)]]


def side_buttons(one: Pair, side: Side | None = None) -> Lines:
    """What either side may do with a pair that is agreed."""
    if not one.is_agreed:
        return ()
    if one.kind is Kind.MUTUAL and side is Side.RESIDENT:
        back = Button("tie.back", f"tie_back:say:{one.id}:0")
        return [[button("reach", one)], [button("tell", one)], [back], [button("stop", one)]]
    return [[button("reach", one)], [button("tell", one)], [button("stop", one)]]


def ask_side(session: Session, one: Pair, side: Side, *, now: datetime) -> None:
    """Ask one side whether they would like this pair; a no costs nothing."""
    for to in list_side(session, one, side, now=now):
        say(
            session,
            now=now,
            to=to,
            key=f"{one.card}:v{one.version}:ask:{to}",
            template=worded(one, f"pair_ask_{side.value}"),
            message_class=MessageClass.MUST,
            facts={**facts_of(session, one), "own": to in (one.resident_id, one.helper_id)},
            buttons=answer_buttons(one),
            card=one.card,
            wanted=one.wanted,
            # Who has no chat is asked by staff, who write down what they say.
            aloud=False,
        )


def tell_side(
    session: Session,
    one: Pair,
    side: Side,
    *,
    now: datetime,
    template: str,
    message_class: MessageClass = MessageClass.INFO,
    facts: Mapping[str, Fact] | None = None,
    buttons: Lines = (),
    aloud: bool | None = None,
    without: int | None = None,
) -> None:
    """Tell one side something of a pair, once for each of its versions."""
    for to in list_side(session, one, side, now=now):
        if to == without:
            continue
        say(
            session,
            now=now,
            to=to,
            key=f"{one.card}:v{one.version}:{template}:{to}",
            template=worded(one, template),
            message_class=message_class,
            facts={
                **facts_of(session, one),
                "side": side.value,
                "own": to in (one.resident_id, one.helper_id),
                **(facts or {}),
            },
            buttons=buttons,
            card=one.card,
            aloud=aloud,
        )


def tell_keeper(
    session: Session,
    one: Pair,
    *,
    now: datetime,
    template: str,
    message_class: MessageClass = MessageClass.INFO,
    facts: Mapping[str, Fact] | None = None,
    buttons: Lines = (),
    without: int | None = None,
    once: str = "",
) -> None:
    """Tell whoever looks after the pair."""
    for to in keepers_of(session, one):
        if to == without:
            continue
        say(
            session,
            now=now,
            to=to,
            key=f"{one.card}:v{one.version}:{template}{once}:{to}",
            template=template,
            message_class=message_class,
            facts={**one.facts, **(facts or {})},
            buttons=buttons or [[button("see", one)]],
            card=f"{one.card}:desk",
        )
