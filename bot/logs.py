"""Logs: ids and kinds only; the token, which HTTP clients put into addresses, is blotted out."""

import logging
import re

# No \b before "bot": in "/bot123:…" the t and the 1 are both word characters.
TOKEN = re.compile(r"(bot\d{1,20}|\b\d{3,20}):[A-Za-z0-9_-]{3,100}")
NOISY = (
    "aiohttp",
    "alembic",
    "apscheduler",
    "asyncio",
    "httpcore",
    "httpx",
    # Would write every statement with its values.
    "sqlalchemy",
    "telegram",
)


class Blot(logging.Formatter):
    """Formats as usual, then blots out whatever looks like a bot token."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without tokens."""
        return TOKEN.sub(r"\1:•••", super().format(record))


def quiet_logs(level: int = logging.INFO) -> None:
    """Log to standard error, one line each."""
    handler = logging.StreamHandler()
    handler.setFormatter(Blot("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
