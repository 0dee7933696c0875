"""People who do not use the chat: found by name, and written down for them by staff."""

from storage.paper.people import Named, find_named, get_named

__all__ = ["Named", "find_named", "get_named"]
