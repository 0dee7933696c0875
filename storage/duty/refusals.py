"""What a rota refuses."""

from storage.refusals import Refusal, TooLate


class RotaMoved(TooLate):
    """Somebody else changed this slot in the meantime."""

    key = "rota_moved"


class SlotOver(TooLate):
    """The days lie behind, or further ahead than a rota goes."""

    key = "slot_over"


class NotThere(Refusal):
    """Whoever is to be on does not work there."""

    key = "duty_not_there"


class AwayThen(Refusal):
    """Whoever is to be on is away then; facts say who."""

    key = "duty_away"


class NeedsReason(Refusal):
    """Somebody else is on: they are asked for a swap, or a reason is given."""

    key = "duty_needs_reason"


class SwapOver(TooLate):
    """Somebody else was first, or it was taken back; facts say how."""

    key = "swap_over"


class NothingToCopy(Refusal):
    """No week was filled yet, so there is no round to go on with."""

    key = "duty_nothing_to_copy"
