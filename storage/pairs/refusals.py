"""What pairs refuse."""

from storage.refusals import Refusal


class GuardianSpeaks(Refusal):
    """Under 14 only a guardian says yes (个人信息保护法 31)."""

    key = "child_needs_guardian"


class NotSuitable(Refusal):
    """These two are not brought together; why is nobody's to read off it."""

    key = "pair_not_suitable"


class AskedBefore(Refusal):
    """One of the two said no before; nobody is asked twice about the same pair."""

    key = "pair_asked_before"


class HasEnough(Refusal):
    """This neighbour looks in on as many households as one may."""

    key = "pair_has_enough"


class TellFirst(Refusal):
    """The household has not yet been told what became of its last pair: a person goes first."""

    key = "pair_tell_first"


class StaffTakesPart(Refusal):
    """Whoever is one of the two writes down nobody's yes."""

    key = "pair_staff_takes_part"
