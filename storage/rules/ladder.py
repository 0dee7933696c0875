"""The ladder behind a call that nobody answered: rung by outcome, by tier, as data.

Programme document 2020-116, part 3 (七) names 电话问候; 残疾人保障法 art. 48 asks for care of those
who cannot look after themselves. A rung is owned by somebody and has a time: nobody is forgotten.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from storage.rules.sending import QuietHours
from storage.rules.tiers import Tier


class Rung(StrEnum):
    """Where a check-in stands while nobody knows how the person is, from the first to the last."""

    CALL = "call"
    RETRY_CALLER = "retry_caller"
    RETRY_OTHER_CHANNEL = "retry_other_channel"
    STAND_IN = "stand_in"
    CONTACT = "contact"  # the family or emergency contact, who agreed to it
    NEIGHBOUR = "neighbour"  # the paired household knocks
    STATION = "station"  # 残协 or 网格员 of the community visits
    OFFICE = "office"  # everyone on duty, with 110 and 120 named
    NO_SUPPORT = "no_support"  # no confirmed support: repeats until a named person holds it


class Outcome(StrEnum):
    """What came back from a rung; `no_report` is the window that passed in silence."""

    SPOKE_FINE = "spoke_fine"
    NO_ANSWER = "no_answer"
    NEEDS_HELP = "needs_help"
    COULD_NOT_TELL = "could_not_tell"
    SEEN = "seen"
    OWN_BUTTON = "own_button"
    NO_REPORT = "no_report"


class Found(StrEnum):
    """Why it was no emergency after all, though nobody spoke to or saw the person. No blame."""

    OUT = "out"
    HOSPITAL = "hospital"
    FAMILY = "family"
    PHONE_OFF = "phone_off"
    WRONG_TIME = "wrong_time"


class Presence(StrEnum):
    """How whoever said "I take it" says that they are at it."""

    ON_WAY = "on_way"
    AT_DOOR = "at_door"
    ON_PHONE = "on_phone"


class MoveKind(StrEnum):
    """What happens after an outcome: the case is over, goes on, or becomes a need."""

    CLOSE = "close"
    CLIMB = "climb"
    BECOME_NEED = "become_need"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder: the wait before it, and how long an answer is awaited there."""

    rung: Rung
    after: timedelta
    window: timedelta


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a case climbs, as it was when the case was opened."""

    steps: tuple[Step, ...]
    confirm: timedelta

    def at(self, rung: Rung) -> Step:
        """The rung's own step; where this ladder has none, the next above it."""
        return next((one for one in self.steps if ORDER[one.rung] >= ORDER[rung]), self.top)

    def above(self, rung: Rung) -> Step:
        """The step that follows a rung; the last follows itself."""
        return next((one for one in self.steps if ORDER[one.rung] > ORDER[rung]), self.top)

    @property
    def top(self) -> Step:
        """The last step, which repeats."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class Move:
    """The one thing that follows an outcome: to which rung, and after how long."""

    kind: MoveKind
    rung: Rung | None = None
    after: timedelta = timedelta(0)


# The order in which the table `check_in` numbers the rungs.
RUNGS = tuple(Rung)
ORDER: Mapping[Rung, int] = MappingProxyType({rung: place for place, rung in enumerate(RUNGS)})
CALLER_RUNGS = RUNGS[:3]

# What the caller is asked, and what somebody who went to the door may say besides.
CALLER_OUTCOMES = (
    Outcome.SPOKE_FINE,
    Outcome.NO_ANSWER,
    Outcome.NEEDS_HELP,
    Outcome.COULD_NOT_TELL,
)
VISITOR_OUTCOMES = (Outcome.SEEN, *CALLER_OUTCOMES)
POSITIVE = frozenset({Outcome.SPOKE_FINE, Outcome.SEEN, Outcome.OWN_BUTTON})

# Emergency numbers to which a named person may hand a case over.
HANDED_TO = ("110", "119", "120")
HANDED_OVER, FALSE_ALARM = "handed_over", "false_alarm"
REPEAT_EVERY = timedelta(minutes=30)
# How long a case stays with whoever said that they are there, and how much longer they may ask for.
HOLD_FOR = timedelta(minutes=30)
LONGER = (timedelta(hours=1), timedelta(hours=2))


def _read() -> Mapping[Tier, Ladder]:
    data = files("storage.rules").joinpath("data", "ladders.toml").read_text(encoding="utf-8")
    return {Tier(tier): _ladder(one) for tier, one in tomllib.loads(data).items()}


def _ladder(data: Mapping[str, object]) -> Ladder:
    steps, confirm = data["steps"], data["confirm"]
    if not isinstance(steps, list) or not isinstance(confirm, int):
        raise TypeError("a ladder has steps, and minutes in which to confirm")
    made = tuple(
        Step(Rung(one["rung"]), timedelta(minutes=one["after"]), timedelta(minutes=one["window"]))
        for one in steps
    )
    return Ladder(made, timedelta(minutes=confirm))


LADDERS = MappingProxyType(_read())


def widen(ladder: Ladder, span: timedelta) -> Ladder:
    """The ladder of a call that may be made for so long: before that, silence says nothing.

    Only the first report is awaited longer; from then on it climbs as fast as without.
    """
    first = ladder.steps[0]
    return replace(
        ladder, steps=(replace(first, window=max(first.window, span)), *ladder.steps[1:])
    )


def freeze(ladder: Ladder) -> str:
    """The ladder as a case keeps it: a change of the data changes no case that is open."""
    steps = [
        {"rung": one.rung.value, "after": _minutes(one.after), "window": _minutes(one.window)}
        for one in ladder.steps
    ]
    return json.dumps({"confirm": _minutes(ladder.confirm), "steps": steps})


@lru_cache(maxsize=64)
def thaw(frozen: str) -> Ladder:
    """Read what a case kept."""
    return _ladder(json.loads(frozen))


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def is_positive(outcome: Outcome, *, shared_chat: bool = False) -> bool:
    """Whether we now know that the person is well.

    A button pressed in a chat that several people share may have been pressed by anybody.
    """
    return outcome in POSITIVE and not (outcome is Outcome.OWN_BUTTON and shared_chat)


def after(ladder: Ladder, rung: Rung, outcome: Outcome, *, shared_chat: bool = False) -> Move:
    """The one move after an outcome on a rung.

    A caller who is silent twice is not asked a third time: hours of waiting would be lost.
    """
    if is_positive(outcome, shared_chat=shared_chat):
        return Move(MoveKind.CLOSE)
    if outcome is Outcome.NEEDS_HELP:
        return Move(MoveKind.BECOME_NEED)
    if outcome is not Outcome.NO_REPORT:
        following = ladder.above(rung)
        return Move(MoveKind.CLIMB, following.rung, following.after)
    return (
        Move(MoveKind.CLIMB, ladder.above(rung).rung)
        if rung is Rung.CALL
        else pass_over(ladder, rung)
    )


def pass_over(ladder: Ladder, rung: Rung) -> Move:
    """Nobody is on this rung, or they cannot be reached: the next person, without any wait."""
    last = CALLER_RUNGS[-1] if rung in CALLER_RUNGS else rung
    return Move(MoveKind.CLIMB, ladder.above(last).rung)


def may_be_held(rung: Rung) -> bool:
    """Whether "I take it" is offered here: from the rung on where others than the caller are."""
    return rung not in CALLER_RUNGS


def ends_by_evening(now_local: datetime, wait: timedelta, quiet: QuietHours) -> datetime:
    """The moment after a wait; one that would reach into the night ends as the evening does.

    A rung goes at any hour, but who should look in today is not asked at midnight.
    """
    moment = now_local.astimezone(UTC) + wait
    if quiet.covers(now_local):
        return moment
    evening = datetime.combine(now_local.date(), quiet.start, tzinfo=now_local.tzinfo)
    if evening <= now_local:
        evening += timedelta(days=1)
    return min(moment, evening.astimezone(UTC))
