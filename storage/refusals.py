"""Refusals: what a use case raises instead of doing harm; each kind has its wording by ``key``."""

from typing import ClassVar

Fact = str | int | bool | None | list[str]


class Refusal(Exception):
    """A clear no. ``facts`` are plain values for the wording; the transaction is undone."""

    key: ClassVar[str]
    # A way on: a button's label and its data.
    offer: tuple[str, str] | None = None

    def __init__(self, **facts: Fact) -> None:
        super().__init__(type(self).__name__)
        self.facts = facts


class NotAllowed(Refusal):
    """The person may not do this, or the thing does not exist: one answer for both."""

    key = "not_allowed"


class OutsideScope(NotAllowed):
    """The person it is about belongs to an organisation that is not theirs to see."""

    def __init__(self, *, subject_id: int) -> None:
        super().__init__()
        self.subject_id = subject_id


class TooLate(Refusal):
    """The press acts on a state that has passed; facts name the present state."""

    key = "too_late"


class AlreadyDone(Refusal):
    """The same person did the same thing before; nothing changes."""

    key = "already_done"


class AlreadyDecided(Refusal):
    """Somebody else decided first; facts say who (``by``) and what (``state``)."""

    key = "already_decided"
