"""How closely somebody is looked after: the tier of a call plan and of the ladder behind it.

民政部等十部门 (2022) asks for visits by risk; a regional rule for weekly, monthly, quarterly ones.
"""

from enum import StrEnum


class Tier(StrEnum):
    """A: alone and severe, or a recent major change; B: other severe; C: everybody else."""

    A = "a"
    B = "b"
    C = "c"
