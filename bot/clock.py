"""The only place that reads the clock: programme time, which practice moves, and real seconds."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """Programme time as an offset from real time; kept in a file so that a restart keeps it."""

    def __init__(self, *, kept_in: Path | None = None) -> None:
        self._kept_in = kept_in
        self._offset = timedelta()
        if kept_in is not None and kept_in.exists():
            seconds = json.loads(kept_in.read_text())["offset_seconds"]
            self._offset = timedelta(seconds=seconds)

    @property
    def moved(self) -> bool:
        """Whether programme time differs from real time."""
        return self._offset != timedelta()

    def now(self) -> datetime:
        """Programme time, in UTC."""
        return datetime.now(UTC) + self._offset

    def real(self) -> float:
        """Real seconds, for leases, pace and retry_after."""
        return time.time()

    def move_to(self, moment: datetime) -> None:
        """Make ``moment`` the present; it goes on ticking from there."""
        self._offset = moment - datetime.now(UTC)
        if self._kept_in is not None:
            self._kept_in.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"offset_seconds": self._offset.total_seconds()})
            scratch = self._kept_in.with_suffix(".new")
            scratch.write_text(text)
            scratch.replace(self._kept_in)
