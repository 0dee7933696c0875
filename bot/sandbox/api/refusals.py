"""Telegram's refusals: its codes and its words."""

from typing import Final

from bot.sandbox.records import Json

NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly"
    " the same as a current content and reply markup of the message"
)
QUERY_TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"


class Refusal(Exception):
    """The call is refused; the bot gets this code and description."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description

    def as_error(self) -> Json:
        return {"ok": False, "error_code": self.code, "description": self.description}


def bad_request(why: str) -> Refusal:
    return Refusal(400, f"Bad Request: {why}")


def forbidden(why: str) -> Refusal:
    return Refusal(403, f"Forbidden: {why}")
