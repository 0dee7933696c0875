"""The tree of organisations: planted from the shipped default, then changed by the office."""

from storage.organisations.planting import plant
from storage.organisations.tree import (
    NameTaken,
    Organisation,
    add_organisation,
    find_by_name,
    find_organisation,
    get_organisation,
    hide_organisation,
    list_below,
    list_kinds,
    move_organisation,
    rename_kind,
    rename_organisation,
    show_organisation,
)

__all__ = [
    "NameTaken",
    "Organisation",
    "add_organisation",
    "find_by_name",
    "find_organisation",
    "get_organisation",
    "hide_organisation",
    "list_below",
    "list_kinds",
    "move_organisation",
    "plant",
    "rename_kind",
    "rename_organisation",
    "show_organisation",
]
