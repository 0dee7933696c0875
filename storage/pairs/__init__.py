"""Neighbour pairs: proposed, agreed by both, looked after, ended, and begun anew."""

from storage.pairs.agreeing import Spoken, enter_organisation, enter_spoken, say_no, say_yes
from storage.pairs.agreement import (
    Agreement,
    ask_for_agreement,
    keep_agreement,
    open_agreement,
    show_agreement,
)
from storage.pairs.coverage import (
    Covered,
    Unpaired,
    ask_for_list,
    count_coverage,
    list_unpaired,
    total_of,
)
from storage.pairs.ending import end_pair
from storage.pairs.lists import (
    list_of_household,
    list_own_pairs,
    list_waiting_pairs,
    seek_no_more,
)
from storage.pairs.moving import move_pairs, next_pair_at
from storage.pairs.proposing import (
    add_neighbour,
    is_with_staff,
    propose_neighbour,
    whose_turn,
    withdraw_pair,
)
from storage.pairs.reaching import Reached, open_partner
from storage.pairs.reporting import LogEntry, close_problem, list_log, report_pair
from storage.pairs.rows import Pair, check_staff_of, get_pair, side_of
from storage.pairs.suggesting import Suggestion, suggest_neighbours
from storage.pairs.telling import Telling, list_tellings, mark_told, remind_of_tellings

__all__ = [
    "Agreement",
    "Covered",
    "LogEntry",
    "Pair",
    "Reached",
    "Spoken",
    "Suggestion",
    "Telling",
    "Unpaired",
    "add_neighbour",
    "ask_for_agreement",
    "ask_for_list",
    "check_staff_of",
    "close_problem",
    "count_coverage",
    "end_pair",
    "enter_organisation",
    "enter_spoken",
    "get_pair",
    "is_with_staff",
    "keep_agreement",
    "list_log",
    "list_of_household",
    "list_own_pairs",
    "list_tellings",
    "list_unpaired",
    "list_waiting_pairs",
    "mark_told",
    "move_pairs",
    "next_pair_at",
    "open_agreement",
    "open_partner",
    "propose_neighbour",
    "remind_of_tellings",
    "report_pair",
    "say_no",
    "say_yes",
    "seek_no_more",
    "show_agreement",
    "side_of",
    "suggest_neighbours",
    "total_of",
    "whose_turn",
    "withdraw_pair",
]
