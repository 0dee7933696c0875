"""Why a file is not read or made: one word for each, which the chat turns into a sentence."""

from enum import StrEnum


class Reason(StrEnum):
    """The words that the child says to its parent."""

    EMPTY = "empty"
    NOT_A_SPREADSHEET = "not_a_spreadsheet"
    WEB_PAGE = "web_page"
    PASSWORD = "password"
    DAMAGED = "damaged"
    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_SLOW = "too_slow"
    BAD_SPEC = "bad_spec"


class Unreadable(Exception):
    """The file is refused for one of the reasons."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
