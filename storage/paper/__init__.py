"""People who do not use the chat: found by name, and written down for them by staff."""

from storage.paper.calls import (
    CallRecord,
    find_open_case,
    list_last_calls,
    record_call,
    undo_call,
)
from storage.paper.greeting import find_greeting
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
    count_sheet_people,
    list_choices,
    list_lines,
    make_sheet,
    open_sheet,
    type_line,
    untype_line,
    week_of,
)
from storage.paper.telling import (
    HOW,
    Telling,
    drop_stale,
    open_telling,
    open_to_call,
    tick_telling,
)
from storage.paper.today import Item, Task, list_today, page_of

__all__ = [
    "HOW",
    "AlreadyRegistered",
    "CallRecord",
    "Item",
    "Named",
    "NewResident",
    "PrintedLine",
    "PrintedSheet",
    "Task",
    "Telling",
    "count_sheet_people",
    "drop_stale",
    "find_double",
    "find_greeting",
    "find_named",
    "find_open_case",
    "find_own_community",
    "get_named",
    "list_choices",
    "list_last_calls",
    "list_lines",
    "list_today",
    "make_sheet",
    "open_sheet",
    "open_telling",
    "open_to_call",
    "page_of",
    "record_call",
    "register_resident",
    "tick_telling",
    "type_line",
    "undo_call",
    "undo_registering",
    "untype_line",
    "week_of",
]
