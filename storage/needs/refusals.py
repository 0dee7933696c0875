"""What can be said no to around needs; each kind has its wording."""

from storage.refusals import Refusal, TooLate


class NeedTaken(TooLate):
    """Somebody else was first."""

    key = "need_taken"


class NeedOver(TooLate):
    """The need is closed or was withdrawn."""

    key = "need_over"


class NeedChanged(TooLate):
    """The need reads differently now: look at it once more first."""

    key = "need_changed"


class NeedMoved(TooLate):
    """The need stands elsewhere by now than the button thought."""

    key = "need_moved"


class AtLimit(Refusal):
    """The volunteer has as many open tasks as they wanted at most."""

    key = "at_limit"


class NotWilling(TooLate):
    """The one who was chosen has taken their yes back, or can be asked no more."""

    key = "not_willing"


class ReferralMoved(TooLate):
    """A colleague, the desk or the resident was first; ``by`` names who answered, if one did."""

    key = "referral_moved"


class ReferralOver(TooLate):
    """The need is with this organisation no longer."""

    key = "referral_over"


class NotQualified(Refusal):
    """The paper that this work asks for is missing or has run out; ``paper`` says which."""

    key = "not_qualified"


class NotDesignated(Refusal):
    """Only a designated or qualified organisation may have this; ``name`` is not one."""

    key = "not_designated"


class NotChecked(Refusal):
    """The helper has not yet said that they can do it."""

    key = "not_checked"


class StandInTaken(TooLate):
    """Somebody else said yes first, or it is no longer wanted."""

    key = "stand_in_taken"
