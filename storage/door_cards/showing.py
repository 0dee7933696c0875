"""The card of a door in a holder's hand: shown while they hold, then taken out of their chat.

A showing is a row: whatever ends a hold, the tick finds that it is over and rewrites the message.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Table, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Session
from storage.door_cards.keeping import read_door
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.outbox.shown import list_shown, list_under_way, withdraw
from storage.refusals import Fact, NotAllowed
from storage.rules.door_cards import DoorCard, Ground
from storage.tables import alarm, check_in, claim, door_showing, need, person
from storage.vault import VaultError

TEMPLATE = "door_card"
# The thing behind each ground, as the journal names it.
_THINGS: dict[Ground, str] = {
    Ground.ALARM: "alarm",
    Ground.CHECK_IN: "check_in",
    Ground.VISIT: "need",
}
_TABLES: dict[Ground, Table] = {
    Ground.ALARM: alarm,
    Ground.CHECK_IN: check_in,
    Ground.VISIT: claim,
}


def open_door_card(
    session: Session, *, now: datetime, to: int, resident_id: int, ground: Ground
) -> DoorCard:
    """Open the card for whoever holds the alarm, the check-in or the visit; the look is noted.

    The key-holder's number is on it: to nobody but a holder. Raises NotAllowed to anybody else.
    """
    held = _find_held(session, to=to, resident_id=resident_id, ground=ground)
    if held is None:
        raise NotAllowed
    card = read_door(session, person_id=resident_id)
    if card:
        note(
            session,
            now=now,
            what="door_card_shown",
            actor_id=to,
            subject_id=resident_id,
            thing=_THINGS[ground],
            thing_id=_thing_id(session, ground, held),
            ground=ground.value,
        )
    return card


def show_door_card(
    session: Session,
    *,
    now: datetime,
    to: int,
    resident_id: int,
    ground: Ground,
    knows_access: bool = False,
) -> None:
    """Send the card to a holder, once for each hold, as a message that is taken back at its end.

    ``knows_access``: how to get in stands on the visit already. A visit has words for the door of
    its own, so it goes without the household's code word: two would only be mixed up.
    """
    held = _find_held(session, to=to, resident_id=resident_id, ground=ground)
    if held is None:
        return
    try:
        kept = read_door(session, person_id=resident_id)
    except VaultError:
        return  # no key opens it: whoever takes an alarm or a case has it without the card
    if not _for_ground(kept, ground, knows_access=knows_access):
        return
    row = {
        "ground": ground.value,
        "thing_id": held,
        "shown_to": to,
        "resident_id": resident_id,
        "shown_at": now,
    }
    try:
        with session.savepoint():
            showing = session.value(insert(door_showing).values(row).returning(door_showing.c.id))
    except IntegrityError:
        return  # they have it
    card = open_door_card(session, now=now, to=to, resident_id=resident_id, ground=ground)
    name = session.value(select(person.c.name).where(person.c.id == resident_id))
    say(
        session,
        now=now,
        to=to,
        key=f"door_showing:{showing}",
        template=TEMPLATE,
        # Whoever takes something on in the night goes in the night.
        message_class=MessageClass.ANSWER,
        facts={"name": name, **card_facts(_for_ground(card, ground, knows_access=knows_access))},
        card=_card_of(showing),
    )


def hide_door_cards(database: Database, *, now: datetime) -> bool:
    """Take one card out of the chat of somebody who holds no more; whether there may be more."""
    with database.transaction() as session:
        over = session.find(
            select(door_showing)
            .where(door_showing.c.hidden_at.is_(None), ~_still_held())
            .order_by(door_showing.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if over is None:
            return False
        hidden = session.change(
            update(door_showing)
            .where(door_showing.c.id == over.id, door_showing.c.hidden_at.is_(None))
            .values(hidden_at=now)
        )
        if hidden:
            _hide(session, now=now, showing=over.id, to=over.shown_to)
        return True


def _for_ground(card: DoorCard, ground: Ground, *, knows_access: bool) -> DoorCard:
    if ground is Ground.VISIT:
        card = replace(card, code=None)
    return replace(card, access=(), floor=None) if knows_access else card


def card_facts(card: DoorCard) -> dict[str, Fact]:
    """The card in plain facts."""
    return {
        "access": [one.value for one in card.access],
        "floor": str(card.floor) if card.floor is not None else None,
        "code": card.code,
        "pets": card.pets,
        "side": card.side.value if card.side else None,
        "key_name": card.key_name,
        "key_phone": card.key_phone,
    }


def _hide(session: Session, *, now: datetime, showing: int, to: int) -> None:
    chat_id = session.value(select(person.c.telegram_id).where(person.c.id == to))
    if chat_id is None:
        return
    of_it = {"chat_id": chat_id, "card": _card_of(showing), "template": TEMPLATE}
    withdraw(session, now=now, **of_it)
    for number in (*list_shown(session, **of_it), *list_under_way(session, **of_it)):
        say(
            session,
            now=now,
            chat_id=chat_id,
            key=f"door_showing:{showing}:hidden:{number}",
            template="door_card_hidden",
            # It takes something away, and rings nobody.
            message_class=MessageClass.ANSWER,
            edits=number,
        )


def _card_of(showing: int) -> str:
    return f"door_card:{showing}"


def _holds(ground: Ground, to: object) -> ColumnElement[bool]:
    """A hold of this kind that goes on now, over its table."""
    if ground is Ground.ALARM:
        return (alarm.c.state == "held") & (alarm.c.holder_id == to)
    if ground is Ground.CHECK_IN:
        return (check_in.c.state == "open") & (check_in.c.holder_id == to)
    return (claim.c.state == "active") & (claim.c.volunteer_id == to)


def _find_held(session: Session, *, to: int, resident_id: int, ground: Ground) -> int | None:
    table = _TABLES[ground]
    held = select(table.c.id).where(_holds(ground, to))
    if ground is Ground.ALARM:
        held = held.where(alarm.c.person_id == resident_id)
    elif ground is Ground.CHECK_IN:
        held = held.where(check_in.c.resident_id == resident_id)
    else:
        held = held.join(need, need.c.id == claim.c.need_id)
        held = held.where(need.c.resident_id == resident_id)
    found: int | None = session.value(held.order_by(table.c.id.desc()).limit(1))
    return found


def _still_held() -> ColumnElement[bool]:
    """Whether whoever was shown the card holds what it was shown for."""
    return or_(
        *(
            (door_showing.c.ground == ground.value)
            & exists().where(
                table.c.id == door_showing.c.thing_id, _holds(ground, door_showing.c.shown_to)
            )
            for ground, table in _TABLES.items()
        )
    )


def _thing_id(session: Session, ground: Ground, held: int) -> int:
    if ground is not Ground.VISIT:
        return held
    return int(session.value(select(claim.c.need_id).where(claim.c.id == held)))
