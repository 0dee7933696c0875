"""What standing ties refuse."""

from storage.refusals import Refusal


class TieBarred(Refusal):
    """Something speaks against it; ``bars`` are its keys, ``lifts`` whether the actor may."""

    key = "tie_barred"


class TieUnfit(Refusal):
    """These two are not brought together; why is nobody's to read off it."""

    key = "tie_unfit"


class TieNeedsGuardian(Refusal):
    """Under 18 a guardian says yes to a tie with a school (未成年人保护法 art. 16)."""

    key = "tie_needs_guardian"


class TieNeedsLeader(Refusal):
    """Young helpers go with an adult who belongs to the organisation."""

    key = "tie_needs_leader"


class TieWrongKind(Refusal):
    """This kind of organisation does not make ties of this kind."""

    key = "tie_wrong_kind"


class TieNotTheirs(Refusal):
    """The school knows only its own pupils and children of disabled households."""

    key = "tie_not_theirs"
