"""A finding: one line of the doctor."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and what to say or do."""

    what: str
    ok: bool
    says: str
