"""Duty: the rota of each organisation, and who is on it; with no rota, all who work there."""

from storage.duty.filling import copy_round, fill_slot, stop_rota
from storage.duty.listing import OnDuty, list_duty, tell_duty
from storage.duty.reading import (
    Rota,
    RotaDay,
    RotaWeek,
    count_duty_holes,
    find_shift,
    find_slot,
    list_holed,
    list_rotas,
    open_rota,
    open_week,
    works_at,
)
from storage.duty.slots import Colleague, Shift, list_colleagues
from storage.duty.swapping import (
    Swap,
    accept_swap,
    ask_swap,
    decline_swap,
    find_asked,
    withdraw_swap,
)
from storage.duty.watching import look_over_rotas, next_look_at

__all__ = [
    "Colleague",
    "OnDuty",
    "Rota",
    "RotaDay",
    "RotaWeek",
    "Shift",
    "Swap",
    "accept_swap",
    "ask_swap",
    "copy_round",
    "count_duty_holes",
    "decline_swap",
    "fill_slot",
    "find_asked",
    "find_shift",
    "find_slot",
    "list_colleagues",
    "list_duty",
    "list_holed",
    "list_rotas",
    "look_over_rotas",
    "next_look_at",
    "open_rota",
    "open_week",
    "stop_rota",
    "tell_duty",
    "withdraw_swap",
    "works_at",
]
