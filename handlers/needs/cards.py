"""Needs as cards in the chat: what is shown to whom, with what can be done now."""

from handlers.turn import Turn
from storage.choices import Button
from storage.door_cards import show_door_card
from storage.needs import (
    Asked,
    NeedCard,
    button,
    choose_lines,
    count_willing,
    desk_buttons,
    list_places,
    media_line,
    needs_self_check,
    offer_buttons,
    open_door,
    resident_buttons,
    show_contact,
    task_buttons,
)
from storage.outbox import Wanted
from storage.refusals import Fact
from storage.rules.details import Details, Place, lines_of
from storage.rules.door_cards import Ground
from storage.rules.lifecycle import NeedState
from storage.rules.visits import visit_rule

# Longer words are cut on cards, and read in full on asking.
WORDS_ON_CARD = 600
WORDS_ON_OFFER = 300

Lines = list[list[Button]]
_NO_PLACES: dict[str, Fact] = {"wanted": None, "found": None, "helpers": None}


def card_of(need_id: int) -> str:
    """The name under which the need's choices stand in this chat."""
    return f"need:{need_id}"


def more_line(card: NeedCard) -> Lines:
    """The button to read everything, when the card had to cut."""
    if len(card.words) <= WORDS_ON_CARD:
        return []
    return [[button("need.read_all", "need", "all", card.id, card.version)]]


def show_need(turn: Turn, card: NeedCard, *, lead: str | None = None, edit: bool = True) -> None:
    """Show a need to those who speak for the resident."""
    speak = turn.edit if edit else turn.say
    lines = [*more_line(card), *resident_buttons(card)]
    places = list_places(turn.session, card=card)
    speak(
        "need_card",
        buttons=lines,
        card=card_of(card.id),
        more={**card.facts, **_NO_PLACES, **places.facts, "lead": lead},
    )


def show_offer(turn: Turn, card: NeedCard, asked: Asked, *, lead: str | None = None) -> None:
    """Show an offer as it reads now."""
    lines = offer_buttons(card, among=asked.is_chosen_among)
    more = {**asked.facts(card), "lead": lead}
    turn.edit("offer_card", buttons=lines, card=card_of(card.id), more=more)


def show_task(turn: Turn, card: NeedCard, *, lead: str | None = None, edit: bool = True) -> None:
    """Show a volunteer where their task stands; where and whom only on asking, as it is noted."""
    speak = turn.edit if edit else turn.say
    lines = task_buttons(card)
    held = card.claim
    if card.state is NeedState.CLAIMED and held is not None:
        lines = [*more_line(card), *lines]
        if held.arrives_at is not None:
            lines.insert(0, [button("claim.where", "claim", "where", held.id, held.version)])
    more = {**card.task_facts, "lead": lead}
    speak("task_card", buttons=lines, card=card_of(card.id), more=more)


def show_desk(turn: Turn, card: NeedCard, *, lead: str | None = None, edit: bool = True) -> None:
    """Show a coordinator a need with what can be decided."""
    speak = turn.edit if edit else turn.say
    lines = desk_buttons(card)
    if card.state in (NeedState.OPEN, NeedState.UNCLAIMED):
        lines = [*choose_lines(card, count_willing(turn.session, card=card)), *lines]
        lines.append([button("desk.why", "desk", "why", card.id, card.version)])
        mark = ("desk.not_small", "long") if card.small else ("desk.small", "small")
        lines.append([button(mark[0], "desk", mark[1], card.id, card.version)])
    if card.origin == "check_in":
        lines.append([button("check_in.history", "check_in", "history", card.id, 0)])
    if lines:
        lines = [*more_line(card), *lines]
        lines.append([button("desk.phone", "desk", "phone", card.id, card.version)])
    speak("desk_card", buttons=lines, card=card_of(card.id), more={**card.facts, "lead": lead})


def show_check(turn: Turn, card: NeedCard, *, edit: bool = True) -> None:
    """What it takes and what to mind, before somebody says that they can do it."""
    held = card.held
    lines = [
        [button("claim.can", "claim", "can", held.id, held.version)],
        [button("claim.cannot_do", "claim", "free", held.id, held.version)],
    ]
    speak = turn.edit if edit else turn.say
    more = {**card.public_facts, **check_facts(card)}
    speak("claim_check", buttons=lines, card=card_of(card.id), more=more)


def check_facts(card: NeedCard) -> dict[str, Fact]:
    """The keys of what it takes and what to mind."""
    rule = visit_rule(card.category)
    return {"checks": list(rule.checks), "risks": list(rule.risks)}


def ask_when(turn: Turn, card: NeedCard) -> None:
    """Ask a volunteer when they come, on the card they pressed; first whether they can do it."""
    held = card.claim
    if held is None:
        return
    if needs_self_check(card, held):
        show_check(turn, card)
        return
    sixty = [
        button("claim.in_30", "claim", "at", held.id, held.version, "30"),
        button("claim.in_60", "claim", "at", held.id, held.version, "60"),
    ]
    others = [
        button("claim.today", "claim", "at", held.id, held.version, "today"),
        button("claim.pick", "claim", "pick", held.id, held.version),
    ]
    cannot = button("claim.cannot", "claim", "cannot", held.id, held.version)
    lines = [sixty, others, [cannot]]
    # What was said on a card of its own is not said twice.
    said: dict[str, Fact] = {"checks": [], "risks": []}
    facts = check_facts(card) if held.checked_at is None else said
    more = {**card.public_facts, **facts}
    turn.edit("claim_when", buttons=lines, card=card_of(card.id), more=more)


def show_where(turn: Turn, card: NeedCard) -> None:
    """Show whom, where and phone, in a message of its own, which can be taken back later."""
    if card.claim is None:
        return
    contact, asker = show_contact(
        turn.session,
        now=turn.now,
        volunteer_id=card.claim.volunteer_id,
        claim_id=card.claim.id,
    )
    more = {
        **(card.facts if contact else card.task_facts),
        # Where somebody lives is as much theirs as their phone; how to knock is for who goes.
        "map": _map_of(card) if contact else None,
        "details": lines_of(details_for(card.details, known=bool(contact), reached=bool(asker))),
        "name": contact.name if contact else None,
        "phone": contact.phone if contact else None,
        "address": contact.address if contact else None,
        "asker": asker.name if asker else None,
        "asker_phone": asker.phone if asker else None,
        **open_door(turn.session, now=turn.now, card=card),
    }
    if contact and card.details.place in (None, Place.HOME, Place.GROUP):
        show_door_card(
            turn.session,
            now=turn.now,
            to=card.claim.volunteer_id,
            resident_id=card.resident_id,
            ground=Ground.VISIT,
            knows_access=bool(card.details.access),
        )
    heard = media_line(card) if card.shares else []
    lines = [*more_line(card), *heard, *task_buttons(card)]
    if not card.claim.risky:
        lines.append([button("claim.risky", "claim", "risky", card.claim.id, card.claim.version)])
    # It must not go out once the claim has ended, however long it had to wait.
    wanted = Wanted("claim", card.claim.id, card.claim.version)
    turn.say("claim_contact", buttons=lines, card=card_of(card.id), wanted=wanted, more=more)


def details_for(told: Details, *, known: bool, reached: bool) -> Details:
    """The details for who goes: all, those without the place, or those that are on the offer."""
    if known:
        return told
    return told.without_place() if reached else told.for_deciding()


def _map_of(card: NeedCard) -> str | None:
    """Where a place that was sent lies on a map of the country, which opens on a press only."""
    point = card.details.point
    if point is None:
        return None
    return f"https://uri.amap.com/marker?position={point[1]:.5f},{point[0]:.5f}&coordinate=wgs84"
