"""What the tree refuses."""

from storage.refusals import Refusal


class NameTaken(Refusal):
    """Another organisation in the same place, or another kind, has this name."""

    key = "organisation_exists"
