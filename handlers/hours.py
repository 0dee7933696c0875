"""/hours: what somebody gave; and for staff, the visits that lack their second mark, in a row."""

from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.confirmations import hours_of
from storage.hours import Awaiting, list_awaiting, mark_by_staff
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.marks import StaffReason

LISTED_AT_MOST = 10
CARD = "hours"
# What staff may press; closing a need with a word is a mark of its own.
REASONS = (StaffReason.PHONED, StaffReason.SEEN, StaffReason.PAPER, StaffReason.NEIGHBOUR)


def show_hours(turn: Turn) -> None:
    """What somebody gave: counted, and waiting for a second mark; also of residents who help."""
    person = turn.person
    if person is None:
        turn.say("mine_not_joined")
        return
    given = hours_of(turn.session, person_id=person.id, listed=LISTED_AT_MOST)
    lines: list[list[Button]] = []
    if person.is_approved("coordinator"):
        lines = [
            [Button("hours.list", press_data("hours", "list", 0, 0))],
            [Button("hours.reflections", press_data("visit", "reflections", 0, 0))],
        ]
    turn.say(
        "hours",
        keyboard=None if lines else "menu",
        buttons=lines,
        card=CARD if lines else None,
        counted=given.counted,
        awaiting=given.awaiting,
        categories=[one.category for one in given.visits],
        moments=[one.done_at.isoformat() for one in given.visits],
        minutes=[str(one.minutes) for one in given.visits],
        states=["counted" if one.counted else "awaiting" for one in given.visits],
        long_days=[one.isoformat() for one in given.long_days],
        helps="volunteer" in person.roles,
    )


def press_hours(turn: Turn, press: Press) -> None:
    """The visits that lack a mark, one after the other."""
    person = turn.person
    if person is None or not person.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "list":
        _show_next(turn, person, after=0)
    elif press.act == "later":
        _show_next(turn, person, after=press.id)
    elif press.act == "mark" and press.extra in {one.value for one in REASONS}:
        mark_by_staff(
            turn.session,
            now=turn.now,
            actor_id=person.id,
            claim_id=press.id,
            reason=StaffReason(press.extra),
        )
        _show_next(turn, person, after=press.id, marked=True)
    else:
        raise TooLate


def _show_next(turn: Turn, person: Person, *, after: int, marked: bool = False) -> None:
    """The next one after the one that was just shown, then again from the first."""
    waiting = list_awaiting(turn.session, now=turn.now, actor=person)
    ids = [one.claim_id for one in waiting]
    start = ids.index(after) + 1 if after in ids else 0
    if start >= len(waiting):
        turn.edit("hours_none", card=CARD, left=len(waiting), marked=marked)
        return
    _show_one(turn, waiting[start], left=len(waiting), marked=marked)


def _show_one(turn: Turn, one: Awaiting, *, left: int, marked: bool) -> None:
    lines = [
        [Button(f"hours.{why}", press_data("hours", "mark", one.claim_id, 0, why.value))]
        for why in REASONS
    ]
    lines.append([Button("hours.later", press_data("hours", "later", one.claim_id, 0))])
    turn.edit(
        "hours_card",
        buttons=lines,
        card=CARD,
        helper=one.helper,
        resident=one.resident,
        category=one.category,
        done_at=one.done_at.isoformat(),
        spent=one.minutes,
        marks=list(one.marked),
        left=left,
        marked=marked,
    )


TOPIC = Topic(commands={"hours": show_hours}, presses={"hours": press_hours})
