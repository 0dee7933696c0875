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
from storage.paper.sheets import (
    PrintedLine,
    PrintedSheet,
    list_choices,
    list_lines,
    make_sheet,
    open_sheet,
    type_line,
    untype_line,
    week_of,
)

__all__ = [
    "AlreadyRegistered",
    "CallRecord",
    "Named",
    "NewResident",
    "PrintedLine",
    "PrintedSheet",
    "find_double",
    "find_named",
    "find_open_case",
    "find_own_community",
    "get_named",
    "list_choices",
    "list_last_calls",
    "list_lines",
    "make_sheet",
    "open_sheet",
    "record_call",
    "register_resident",
    "type_line",
    "undo_call",
    "undo_registering",
    "untype_line",
    "week_of",
]
