"""What is the same for the whole house: its zone, its quiet hours, its language."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from storage.rules.sending import QuietHours


@dataclass(frozen=True, slots=True)
class House:
    """The programme's zone, quiet hours and first language."""

    zone: ZoneInfo
    quiet: QuietHours
    language: str

    def local(self, moment: datetime) -> datetime:
        """Return the moment as the wall clock of the programme shows it."""
        return moment.astimezone(self.zone)
