"""People who do not use the chat: found by name, and written down for them by staff."""

from storage.paper.calls import (
    CallRecord,
    find_open_case,
    list_last_calls,
    record_call,
    undo_call,
)
from storage.paper.people import Named, find_named, find_own_community, get_named
from storage.paper.registering import (
    AlreadyRegistered,
    NewResident,
    find_double,
    register_resident,
    undo_registering,
)

__all__ = [
    "AlreadyRegistered",
    "CallRecord",
    "Named",
    "NewResident",
    "find_double",
    "find_named",
    "find_open_case",
    "find_own_community",
    "get_named",
    "list_last_calls",
    "record_call",
    "register_resident",
    "undo_call",
    "undo_registering",
]
