"""How offers widen when nobody takes a need, by urgency, and why they do.

Programme document 2020-116, part 3: "需求在哪里，志愿服务就跟进在哪里", and the nearest first.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from storage.rules.areas import Urgency, VolunteerMay


class Reach(StrEnum):
    """How far a wave reaches; the last step is a person who must decide."""

    NEAR_WITH_SKILL = "near_with_skill"
    NEAR = "near"
    ANYWHERE = "anywhere"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave: how long after the one before, who, and how many people at most."""

    number: int
    after: timedelta
    reach: Reach
    at_most: int

    @property
    def is_last(self) -> bool:
        """Whether the coordinator has the need from here on."""
        return self.reach is Reach.COORDINATOR


def _waves(*steps: tuple[int, Reach, int]) -> tuple[Wave, ...]:
    return tuple(
        Wave(number=number, after=timedelta(minutes=minutes), reach=reach, at_most=at_most)
        for number, (minutes, reach, at_most) in enumerate(steps, start=1)
    )


_HOUR, _DAY = 60, 24 * 60

# Minutes after the previous wave (the first: after the need was sent), reach, people at most.
# Danger to life is not a volunteer's task to find: U0 goes to a person on duty at once.
WAVES = MappingProxyType(
    {
        Urgency.U0: _waves((0, Reach.COORDINATOR, 0)),
        Urgency.U1: _waves(
            (0, Reach.NEAR_WITH_SKILL, 10),
            (10, Reach.NEAR, 20),
            (20, Reach.ANYWHERE, 30),
            (30, Reach.COORDINATOR, 0),
        ),
        Urgency.U2: _waves(
            (0, Reach.NEAR_WITH_SKILL, 5),
            (4 * _HOUR, Reach.NEAR, 10),
            (20 * _HOUR, Reach.ANYWHERE, 20),
            (_DAY, Reach.COORDINATOR, 0),
        ),
        Urgency.U3: _waves(
            (0, Reach.NEAR_WITH_SKILL, 5),
            (_DAY, Reach.NEAR, 10),
            (2 * _DAY, Reach.ANYWHERE, 20),
            (4 * _DAY, Reach.COORDINATOR, 0),
        ),
    }
)


def next_wave(urgency: Urgency, wave: int, may: VolunteerMay = VolunteerMay.YES) -> Wave | None:
    """The wave after number `wave` (0: none yet); None after the coordinator has it.

    What no volunteer may take on goes to the coordinator at once.
    """
    steps = WAVES[urgency]
    if may is VolunteerMay.NO:
        steps = WAVES[Urgency.U0]
    return steps[wave] if 0 <= wave < len(steps) else None


class Why(StrEnum):
    """Why a wave went out; kept with it, in the journal and on the desk."""

    FIRST = "first"  # the need was sent, or is offered anew
    NOBODY = "nobody"  # the wave before reached nobody who could be asked
    ALL_DECLINED = "all_declined"
    NO_ANSWER = "no_answer"


def why_next(wave: int, *, reached: int, silent: int) -> Why:
    """Why the wave after number ``wave`` goes out, by what became of those asked before."""
    if wave == 0:
        return Why.FIRST
    if reached == 0:
        return Why.NOBODY
    return Why.NO_ANSWER if silent else Why.ALL_DECLINED
