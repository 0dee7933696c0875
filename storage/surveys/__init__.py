"""Survey rounds: opened for an audience, answered by people or for them, followed by community."""

from storage.surveys.answering import (
    Conflict,
    HandedIn,
    Kept,
    keep_answers,
    note_not_reached,
    prefer_mine,
    refuse_round,
)
from storage.surveys.looking import (
    Coverage,
    Place,
    Round,
    RoundLine,
    Tally,
    get_round,
    list_rounds,
)
from storage.surveys.opening import (
    NobodyAsked,
    NothingAsked,
    RoundDraft,
    close_round,
    extend_round,
    open_round,
)
from storage.surveys.rows import ConsentWithheld, RoundClosed
from storage.surveys.sheets import Sheet, open_sheet, save_draft
from storage.surveys.stepping import ask_buttons, move_rounds, next_round_at
from storage.surveys.visiting import (
    PAGE,
    Lacking,
    NothingLacking,
    Stop,
    ask_for_lacking,
    find_next,
    list_lacking,
    note_lacking_list,
)

__all__ = [
    "PAGE",
    "Conflict",
    "ConsentWithheld",
    "Coverage",
    "HandedIn",
    "Kept",
    "Lacking",
    "NobodyAsked",
    "NothingAsked",
    "NothingLacking",
    "Place",
    "Round",
    "RoundClosed",
    "RoundDraft",
    "RoundLine",
    "Sheet",
    "Stop",
    "Tally",
    "ask_buttons",
    "ask_for_lacking",
    "close_round",
    "extend_round",
    "find_next",
    "get_round",
    "keep_answers",
    "list_lacking",
    "list_rounds",
    "move_rounds",
    "next_round_at",
    "note_lacking_list",
    "note_not_reached",
    "open_round",
    "open_sheet",
    "prefer_mine",
    "refuse_round",
    "save_draft",
]
