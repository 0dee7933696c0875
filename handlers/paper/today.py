"""/today: the day's calls, visits, needs and things to tell, ten lines a page, each its button."""

import html
import re

from handlers.doors import let_in
from handlers.paper.keeping import keep_outcome, undo_tokens
from handlers.turn import Press, Turn, press_data
from storage.check_ins import find_lease
from storage.choices import Button
from storage.paper import (
    HOW,
    Item,
    Task,
    drop_stale,
    find_greeting,
    get_named,
    list_last_calls,
    list_today,
    open_telling,
    open_to_call,
    page_of,
    tick_telling,
)
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.ladder import CALLER_OUTCOMES, VISITOR_OUTCOMES, Outcome
from storage.rules.tiers import Channel

CARD = "today"
PAGE = 10
WORDS_LIMIT = 1500


def open_today(turn: Turn) -> None:
    """/today: for staff."""
    actor = let_in(turn, "today")
    if actor is not None:
        _show_page(turn, actor, 0, edit=False)


def _show_page(turn: Turn, actor: Person, page: int, *, edit: bool) -> None:
    drop_stale(turn.session, now=turn.now)
    items = list_today(turn.session, now=turn.now, actor=actor)
    shown, more = page_of(items, page, size=PAGE)
    lines = [[_button(item)] for item in shown]
    turns = [Button("today.back", press_data("today", "page", page - 1, 0))] if page else []
    if more:
        turns.append(Button("today.more", press_data("today", "page", page + 1, 0)))
    facts: dict[str, Fact] = {
        "heads": _heads(shown),
        "lines": [_line(turn, item) for item in shown],
        "calls": sum(item.task is Task.CALL and not item.is_visit for item in items),
        "visits": sum(item.is_visit for item in items),
        "needs": _count(items, Task.NEED) + _count(items, Task.VERIFY),
        "tells": _count(items, Task.TELL),
        "date": turn.now.isoformat(),
    }
    show = turn.edit if edit else turn.say
    show("today", buttons=[*lines, turns] if turns else lines, card=CARD, more=facts)


def _count(items: list[Item], task: Task) -> int:
    return sum(item.task is task for item in items)


def _heads(items: list[Item]) -> list[str]:
    """Where each stands, said once for those that follow each other."""
    heads = [item.where for item in items]
    return [head if at == 0 or head != heads[at - 1] else "" for at, head in enumerate(heads)]


def _line(turn: Turn, item: Item) -> str:
    house = turn.session.house
    at = ""
    if item.at is not None:
        local, today = house.local(item.at), house.local(turn.now).date()
        # A call that goes on since another day is not taken for today's of the same hour.
        at = f"{local:%H:%M}" if local.date() == today else f"{local:%m-%d %H:%M}"
    other = item.other
    if item.task in (Task.NEED, Task.VERIFY):
        other = turn.wording.label(f"category.{item.other}", language=turn.language)
    facts: dict[str, Fact] = {"name": item.name, "at": at, "other": other}
    line = turn.wording.label(f"today_line.{_kind(item)}", language=turn.language, facts=facts)
    if not item.state:
        return line
    came = turn.wording.label(f"check_in_outcome.{item.state}", language=turn.language)
    facts = {"line": line, "state": came}
    return turn.wording.label("today_line.goes_on", language=turn.language, facts=facts)


def _kind(item: Item) -> str:
    """What is to be done: a greeting in the way that was agreed, for not everybody can hear."""
    if item.task is Task.CALL and item.channel is not Channel.PHONE:
        return f"call_{item.channel.value}"
    return item.task.value


def _button(item: Item) -> Button:
    opens = {
        Task.CALL: press_data("today", "call", item.person_id, 0),
        Task.VISIT: press_data("desk", "see", item.id, item.version),
        Task.VERIFY: press_data("desk", "see", item.id, item.version),
        Task.NEED: press_data("desk", "see", item.id, item.version),
        Task.TELL: press_data("today", "tell", item.id, item.version),
    }
    return Button(f"today.{_kind(item)}", opens[item.task], {"name": item.name})


def press_today(turn: Turn, press: Press) -> None:
    """A line of the list, an outcome, or that something was said."""
    actor = turn.person
    if actor is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "page":
        _show_page(turn, actor, press.id, edit=True)
    elif press.act == "call":
        _show_call(turn, actor, press.id)
    elif press.act == "said":
        _keep(turn, actor, press)
    elif press.act == "undo":
        if not undo_tokens(turn, actor, [f"call:{press.id}"]):
            raise TooLate
        turn.edit("paper_undone", card=CARD)
    elif press.act == "tell":
        _show_telling(turn, actor, press.id)
    elif press.act == "told" and press.extra in HOW:
        tick_telling(
            turn.session,
            now=turn.now,
            actor=actor,
            telling_id=press.id,
            version=press.version,
            how=press.extra,
        )
        turn.edit("to_tell_done", card=f"tell:{press.id}", how=press.extra)
    else:
        raise TooLate


def _show_call(turn: Turn, actor: Person, person_id: int) -> None:
    contact = open_to_call(turn.session, now=turn.now, actor=actor, person_id=person_id)
    last = list_last_calls(turn.session, person_ids=[person_id]).get(person_id)
    lease = find_lease(turn.session, resident_id=person_id, now=turn.now)
    busy = lease if lease is not None and lease.holder_id != actor.id else None
    channel = find_greeting(turn.session, person_id=person_id)
    turn.say(
        "today_call",
        buttons=_outcomes(person_id, channel),
        card=f"today:{person_id}",
        name=contact.name,
        phone=contact.phone,
        address=contact.address,
        channel=channel.value,
        last=last[1] if last else None,
        last_at=last[0].isoformat() if last else None,
        busy=busy.holder if busy else None,
        since=busy.since.isoformat() if busy else None,
    )


def _outcomes(person_id: int, channel: Channel) -> list[list[Button]]:
    """What may come back, in the words of the way that was agreed."""
    words = {one: f"check_in.{one.value}" for one in VISITOR_OUTCOMES}
    if channel is Channel.VISIT:
        words[Outcome.NO_ANSWER] = "check_in.nobody_opened"
    elif channel is not Channel.PHONE:
        words[Outcome.SPOKE_FINE] = "check_in.answered_fine"
    return [
        [Button(words[one], press_data("today", "said", person_id, 0, one.value))]
        for one in (VISITOR_OUTCOMES if channel is Channel.VISIT else CALLER_OUTCOMES)
    ]


def _keep(turn: Turn, actor: Person, press: Press) -> None:
    """What came back; for help a word is needed first, in one line."""
    outcomes = {one.value: one for one in VISITOR_OUTCOMES}
    if press.extra not in outcomes:
        raise TooLate
    outcome = outcomes[press.extra]
    one = get_named(turn.session, actor=actor, person_id=press.id)
    if one is None:
        raise NotAllowed
    at_door = find_greeting(turn.session, person_id=press.id) is Channel.VISIT
    if outcome is Outcome.NEEDS_HELP:
        turn.say("today_help", name=one.name, at_door=at_door)
        return
    channel = "visit" if at_door and outcome is not Outcome.SPOKE_FINE else "phone"
    (token,) = keep_outcome(turn, actor, press.id, outcome, "", channel=channel)
    record_id = int(token.partition(":")[2])
    undo = Button("entry.undo", press_data("today", "undo", record_id, 0))
    turn.edit(
        "today_said",
        buttons=[[undo]],
        card=f"today:{press.id}",
        name=one.name,
        outcome=outcome.value,
    )


def _show_telling(turn: Turn, actor: Person, telling_id: int) -> None:
    telling = open_telling(turn.session, now=turn.now, actor=actor, telling_id=telling_id)
    # Read out to somebody who has no button to press and no command to send.
    facts = {**telling.facts, "aloud": True}
    text = turn.wording.text(telling.template, language=turn.language, facts=facts)
    words = html.unescape(re.sub(r"<[^>]*>", "", text))[:WORDS_LIMIT]
    turn.say(
        "to_tell_card",
        buttons=[
            [Button(f"tell.{how}", press_data("today", "told", telling.id, telling.version, how))]
            for how in HOW
        ],
        card=f"tell:{telling.id}",
        name=telling.contact.name,
        phone=telling.contact.phone,
        words=words,
    )
