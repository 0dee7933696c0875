"""Several helpers for one need, or several tasks: a place more for each, or one fewer."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.needs.cards import NeedCard, get_need, read_need
from storage.needs.details import keep_details
from storage.needs.matching.offering import offer_on
from storage.needs.opening import ACTION_OF, Statement
from storage.needs.places import Places, list_places, lock_places
from storage.needs.standing import check, check_version, journal, moved
from storage.needs.statements.stating import CHANGEABLE, cancel_place, change_need
from storage.needs.statements.understanding import take_in
from storage.needs.telling import News, tell_residents
from storage.outbox import MessageClass
from storage.owners import stand
from storage.refusals import AlreadyDone, TooLate
from storage.rules.access import Act
from storage.rules.areas import Category
from storage.rules.lifecycle import NeedState
from storage.rules.places import MOST_PLACES
from storage.tables import need

_FREE = (NeedState.OPEN, NeedState.UNCLAIMED)
# Everything else of a new place is as it is of the first one.
_NOT_COPIED = ("id", "series_id", "visit_on", "check_in_id", "ended_at", "ended_by")
_FRESH = {"state": "open", "round": 1, "asked": 0, "version": 1}


def want_helpers(
    session: Session, *, now: datetime, actor_id: int, need_id: int, wanted: int
) -> Places:
    """Say how many helpers a need wants; places nobody has yet are added or taken away.

    The first place is locked, so two who say so together, or one who withdraws the need at this
    moment, wait for each other.
    """
    pressed = get_need(session, need_id=need_id)
    check(session, Act.CHANGE_NEED, actor_id=actor_id, card=pressed)
    card = read_need(session, need_id=lock_places(session, card=pressed).root_id)
    places = list_places(session, card=card)
    if not 1 <= wanted <= MOST_PLACES:
        raise TooLate
    if wanted == places.wanted:
        raise AlreadyDone
    if places.state not in CHANGEABLE:
        raise moved(card)
    if wanted > places.wanted:
        for _ in range(wanted - places.wanted):
            _add_place(session, card, now=now, actor_id=actor_id)
    else:
        _take_away(session, places, places.wanted - wanted, now=now, actor_id=actor_id)
    fresh = list_places(session, card=read_need(session, need_id=card.id))
    _tell(session, fresh, now=now, but=actor_id)
    return fresh


def _tell(session: Session, places: Places, *, now: datetime, but: int) -> None:
    news = News("need_people_changed", MessageClass.INFO, facts=places.facts, about=places.wanted)
    tell_residents(session, places.cards[0], now=now, news=news, but=but)


def _add_place(
    session: Session,
    card: NeedCard,
    *,
    now: datetime,
    actor_id: int,
    task: Statement | None = None,
) -> None:
    """Write one place more, and let it be offered as the first one is."""
    root = session.all(select(need).where(need.c.id == card.root_id))[0]
    uid, words = secrets.token_hex(16), task.words if task is not None else card.words
    # Those who were asked about the first place may take this one too: it waits as that does.
    follows = task is None and root.state == NeedState.OPEN.value
    own: dict[str, Any] = {
        "uid": uid,
        "words": session.vault.seal(words, place=f"need.words:{uid}"),
        "parent_id": card.root_id,
        "place_number": _next_number(session, card.root_id),
        **_FRESH,
        "created_at": now,
        "wave": root.wave if follows else 0,
        "next_step_at": root.next_step_at if follows else now,
    }
    if task is not None:
        own |= {"category": task.category.value, "area": task.area.value}
        own["action"] = ACTION_OF[task.area]
    own |= stand(
        session,
        now=now,
        state="open",
        urgency=card.urgency,
        community_id=card.community_id,
        action_key=own.get("action", root.action),
    )
    as_the_first = {key: value for key, value in root._mapping.items() if key not in _NOT_COPIED}
    try:
        with session.savepoint():
            made = insert(need).values({**as_the_first, **own}).returning(need.c.id)
            place_id = int(session.value(made))
    except IntegrityError as error:
        raise AlreadyDone from error
    keep_details(session, need_id=place_id, details=card.details)
    place = read_need(session, need_id=place_id)
    ground = f"of {card.root_id}"
    journal(session, place, now=now, actor_id=actor_id, what="place_added", ground=ground)
    if not follows:
        offer_on(session, now=now, card=place)


def _next_number(session: Session, root_id: int) -> int:
    taken = session.all(select(need.c.place_number).where(need.c.parent_id == root_id))
    return 1 + max([1, *(int(row.place_number) for row in taken)])


def _take_away(
    session: Session, places: Places, many: int, *, now: datetime, actor_id: int
) -> None:
    """Withdraw places that nobody has, the newest first; who has one keeps it."""
    free = [one for one in reversed(places.cards) if one.state in _FREE]
    if len(free) < many:
        raise moved(places.cards[0])
    for one in free[:many]:
        cancel_place(session, one, now=now, actor_id=actor_id)


def split_need(
    session: Session,
    *,
    now: datetime,
    coordinator_id: int,
    need_id: int,
    version: int,
    tasks: Sequence[str],
) -> Places:
    """Split a need that nobody has yet into tasks, each for one helper, "carry" and "sign".

    Below each task stands what the resident said.
    """
    pressed = get_need(session, need_id=need_id)
    check(session, Act.ASSIGN_NEED, actor_id=coordinator_id, card=pressed)
    card = lock_places(session, card=pressed)
    check_version(card, version)
    if card.state not in _FREE or list_places(session, card=card).is_several:
        raise moved(card)
    if not 2 <= len(tasks) <= MOST_PLACES:
        raise TooLate
    first, *rest = [_task(session, card, words) for words in tasks]
    by: dict[str, Any] = {"now": now, "actor_id": coordinator_id}
    change_need(session, need_id=card.id, version=version, said=first, **by)
    card = read_need(session, need_id=card.id)
    for task in rest:
        _add_place(session, card, task=task, **by)
    fresh = list_places(session, card=read_need(session, need_id=card.id))
    _tell(session, fresh, now=now, but=coordinator_id)
    return fresh


def _task(session: Session, card: NeedCard, task: str) -> Statement:
    """What kind of help a task is, where its own words say so; else what the need is."""
    category = take_in(session, task).said.category
    if category in (Category.UNCLEAR, Category.NOT_A_NEED):
        category = card.category
    return Statement(category, card.urgency, f"{task}\n{card.words}")
