"""The tree of organisations: planted from the shipped default, then changed by the office."""

from storage.organisations.actions import Action, list_actions, set_owner
from storage.organisations.kinds import Kind, add_kind, list_kinds, rename_kind
from storage.organisations.planting import plant
from storage.organisations.refusals import NameTaken
from storage.organisations.tree import (
    Organisation,
    add_organisation,
    check_reach,
    find_by_name,
    find_office,
    find_organisation,
    get_organisation,
    hide_organisation,
    list_below,
    move_organisation,
    rename_organisation,
    show_organisation,
)

__all__ = [
    "Action",
    "Kind",
    "NameTaken",
    "Organisation",
    "add_kind",
    "add_organisation",
    "check_reach",
    "find_by_name",
    "find_office",
    "find_organisation",
    "get_organisation",
    "hide_organisation",
    "list_actions",
    "list_below",
    "list_kinds",
    "move_organisation",
    "plant",
    "rename_kind",
    "rename_organisation",
    "set_owner",
    "show_organisation",
]
