"""The ladder behind a call that nobody answered, as one table: rung by outcome.

Programme document 2020-116, part 3 (七) names 电话问候; 残疾人保障法 art. 48 asks for care of those
who cannot look after themselves. A rung is owned by somebody and has a time: nobody is forgotten.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class Rung(StrEnum):
    """Where a check-in stands while nobody knows how the person is."""

    CALL = "call"
    RETRY_CALLER = "retry_caller"
    RETRY_OTHER_CHANNEL = "retry_other_channel"
    STAND_IN_OR_CONTACT = "stand_in_or_contact"
    EVERYONE_ON_DUTY = "everyone_on_duty"
    HELD = "held"


class Owner(StrEnum):
    """Whose turn it is."""

    CALLER = "caller"
    STAND_IN_OR_CONTACT = "stand_in_or_contact"
    EVERYONE_ON_DUTY = "everyone_on_duty"
    HOLDER = "holder"
    NOBODY = "nobody"


class Outcome(StrEnum):
    """What came back from a rung; `no_report` is the window that passed in silence."""

    SPOKE_FINE = "spoke_fine"
    NO_ANSWER = "no_answer"
    NEEDS_HELP = "needs_help"
    COULD_NOT_TELL = "could_not_tell"
    SEEN = "seen"
    OWN_BUTTON = "own_button"
    NO_REPORT = "no_report"


class StepKind(StrEnum):
    """What happens next: the case is over, goes on, or becomes a need."""

    CLOSE = "close"
    CLIMB = "climb"
    BECOME_NEED = "become_need"


@dataclass(frozen=True, slots=True)
class Step:
    """One next step: to which rung, whose turn, after how long, and how long for their answer."""

    kind: StepKind
    rung: Rung | None
    owner: Owner
    after: timedelta
    window: timedelta


# What the caller is asked, and what somebody who went to the door may say besides.
CALLER_OUTCOMES = (
    Outcome.SPOKE_FINE,
    Outcome.NO_ANSWER,
    Outcome.NEEDS_HELP,
    Outcome.COULD_NOT_TELL,
)
VISITOR_OUTCOMES = (Outcome.SEEN, *CALLER_OUTCOMES)
POSITIVE = frozenset({Outcome.SPOKE_FINE, Outcome.SEEN, Outcome.OWN_BUTTON})

REPORT_WINDOW = timedelta(minutes=45)
RETRY_AFTER = timedelta(minutes=30)
OTHER_CHANNEL_AFTER = timedelta(hours=2)
DOOR_WINDOW = timedelta(minutes=60)
REPEAT_EVERY = timedelta(minutes=30)
HOLDS = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2))
_AT_ONCE = timedelta(0)

_WINDOWS = MappingProxyType(
    {
        Rung.CALL: (Owner.CALLER, REPORT_WINDOW),
        Rung.RETRY_CALLER: (Owner.CALLER, REPORT_WINDOW),
        Rung.RETRY_OTHER_CHANNEL: (Owner.CALLER, REPORT_WINDOW),
        Rung.STAND_IN_OR_CONTACT: (Owner.STAND_IN_OR_CONTACT, DOOR_WINDOW),
        Rung.EVERYONE_ON_DUTY: (Owner.EVERYONE_ON_DUTY, REPEAT_EVERY),
        Rung.HELD: (Owner.HOLDER, HOLDS[0]),
    }
)

_R = Rung

# Rung → (next when they tried in vain, after how long; next when they never reported, at once).
# A caller who is silent twice is not asked a third time: two hours of waiting would be lost.
_CLIMBS = MappingProxyType(
    {
        _R.CALL: (_R.RETRY_CALLER, RETRY_AFTER, _R.RETRY_CALLER),
        _R.RETRY_CALLER: (_R.RETRY_OTHER_CHANNEL, OTHER_CHANNEL_AFTER, _R.STAND_IN_OR_CONTACT),
        _R.RETRY_OTHER_CHANNEL: (_R.STAND_IN_OR_CONTACT, _AT_ONCE, _R.STAND_IN_OR_CONTACT),
        _R.STAND_IN_OR_CONTACT: (_R.EVERYONE_ON_DUTY, _AT_ONCE, _R.EVERYONE_ON_DUTY),
        # The top rung repeats until a named person holds it; its window is already the pause.
        _R.EVERYONE_ON_DUTY: (_R.EVERYONE_ON_DUTY, REPEAT_EVERY, _R.EVERYONE_ON_DUTY),
        _R.HELD: (_R.EVERYONE_ON_DUTY, _AT_ONCE, _R.EVERYONE_ON_DUTY),
    }
)

_CLOSED = Step(StepKind.CLOSE, None, Owner.NOBODY, _AT_ONCE, _AT_ONCE)
_NEED = Step(StepKind.BECOME_NEED, None, Owner.EVERYONE_ON_DUTY, _AT_ONCE, _AT_ONCE)


def _climb_to(rung: Rung, wait: timedelta) -> Step:
    owner, window = _WINDOWS[rung]
    return Step(StepKind.CLIMB, rung, owner, wait, window)


def first_step() -> Step:
    """The call itself, at its due time."""
    return _climb_to(Rung.CALL, _AT_ONCE)


def is_positive(outcome: Outcome, *, shared_chat: bool = False) -> bool:
    """Whether we now know that the person is well.

    A button pressed in a chat that several people share may have been pressed by anybody.
    """
    return outcome in POSITIVE and not (outcome is Outcome.OWN_BUTTON and shared_chat)


def after(
    outcome: Outcome, rung: Rung, *, shared_chat: bool = False, has_second: bool = True
) -> Step:
    """The one next step after an outcome on a rung.

    `has_second`: the plan names a stand-in or an emergency contact; else everyone is asked.
    """
    if is_positive(outcome, shared_chat=shared_chat):
        return _CLOSED
    if outcome is Outcome.NEEDS_HELP:
        return _NEED
    tried, wait, silent = _CLIMBS[rung]
    step = _climb_to(silent, _AT_ONCE) if outcome is Outcome.NO_REPORT else _climb_to(tried, wait)
    if step.rung is Rung.STAND_IN_OR_CONTACT and not has_second:
        return _climb_to(Rung.EVERYONE_ON_DUTY, step.after)
    return step


def hold(duration: timedelta) -> Step:
    """A named person has taken the case for a named time; then everyone is asked again."""
    if duration not in HOLDS:
        raise ValueError("a case is held for one of the named times only")
    return replace(_climb_to(Rung.HELD, _AT_ONCE), window=duration)


def may_be_held(rung: Rung) -> bool:
    """Whether "I take it" is offered here: from the rung on where others than the caller are."""
    return rung in (Rung.STAND_IN_OR_CONTACT, Rung.EVERYONE_ON_DUTY, Rung.HELD)


def report_due(step: Step, sent_at: datetime) -> datetime:
    """Until when an answer is awaited: the window starts when the prompt was sent."""
    return sent_at + step.window
