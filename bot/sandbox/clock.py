"""The sandbox's clock: real time plus the offset that the bot reported last."""

from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    """Real time. The sandbox may not import `bot.clock`, so this is its own one reading."""
    return datetime.now(UTC)  # noqa: TID251


class MovedClock:
    """The practice world's clock. The bot moves it; the sandbox only follows."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return real_now() + self.offset

    def stamp(self) -> int:
        """Now as Telegram writes it: whole seconds since 1970."""
        return int(self.now().timestamp())

    def follow(self, told: datetime) -> None:
        self.offset = told - real_now()
