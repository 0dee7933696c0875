"""Likely duplicates: found, shown side by side, merged or kept apart by somebody who knows."""

from storage.duplicates.finding import (
    look_for_duplicates,
    move_stragglers,
    next_duplicates_at,
)
from storage.duplicates.merging import Entangled, StaffMerge, keep_apart, merge
from storage.duplicates.pairs import (
    Pair,
    Side,
    get_pair,
    list_pairs,
    put_off,
    show_pair,
)

__all__ = [
    "Entangled",
    "Pair",
    "Side",
    "StaffMerge",
    "get_pair",
    "keep_apart",
    "list_pairs",
    "look_for_duplicates",
    "merge",
    "move_stragglers",
    "next_duplicates_at",
    "put_off",
    "show_pair",
]
