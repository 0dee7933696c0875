"""Links to files: getFile gives one, and an hour later it leads nowhere."""

from time import monotonic
from typing import Final

LINK_SECONDS: Final = 3600.0


class Links:
    """Until when each path may be read. As with Telegram, a restart may forget them."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def give(self, path: str) -> None:
        self._until[path] = monotonic() + LINK_SECONDS

    def expire(self) -> None:
        """Let every link be an hour old."""
        self._until.clear()

    def leads(self, path: str) -> bool:
        return self._until.get(path, 0.0) > monotonic()
