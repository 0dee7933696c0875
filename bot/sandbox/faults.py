"""Faults that a test orders: what the Bot API does wrong, for which method and chat, how often."""

from dataclasses import dataclass
from typing import Final

from bot.sandbox.records import Json

# These run the method first: the bot cannot know whether its message arrived.
AFTER_DELIVERY: Final = frozenset({"drop", "hang"})
ANSWERLESS: Final = AFTER_DELIVERY | {"drop_before"}
HTML_ERROR: Final = "502html"

_DESCRIPTIONS: Final = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    ),
    429: "Too Many Requests: retry after",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass
class Fault:
    """One ordered fault and how many times it is still to happen."""

    method: str
    kind: str
    times: int = 1
    retry_after: int = 1
    chat: int | None = None
    description: str | None = None
    parameters: Json | None = None

    def fits(self, method: str, chat: int | None) -> bool:
        return self.method in ("*", method) and self.chat in (None, chat)

    @property
    def code(self) -> int:
        return int(self.kind[:3])

    def as_error(self) -> Json:
        described = _DESCRIPTIONS[self.code]
        error: Json = {"ok": False, "error_code": self.code}
        if self.code == 429:
            described = f"{described} {self.retry_after}"
            error["parameters"] = {"retry_after": self.retry_after}
        error["description"] = self.description or described
        if self.parameters is not None:
            error["parameters"] = self.parameters
        return error


def known_kind(kind: str) -> bool:
    if kind in ANSWERLESS or kind == HTML_ERROR:
        return True
    return kind.isascii() and kind.isdigit() and int(kind) in _DESCRIPTIONS


class Faults:
    """The faults that wait for their moment, oldest first."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        self._ordered.append(fault)

    def clear(self) -> None:
        self._ordered.clear()

    def take(self, method: str, chat: int | None) -> Fault | None:
        for fault in self._ordered:
            if fault.fits(method, chat):
                fault.times -= 1
                if fault.times <= 0:
                    self._ordered.remove(fault)
                return fault
        return None
