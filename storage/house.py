"""What is the same for the whole house: its zone, its quiet hours, its language, its sets."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from storage.rules.sending import QuietHours
from storage.rules.severity import DEFAULT_SEVERITY, Severity


@dataclass(frozen=True, slots=True)
class House:
    """The programme's zone, quiet hours, first language, and who counts as severe."""

    zone: ZoneInfo
    quiet: QuietHours
    language: str
    severity: Severity = DEFAULT_SEVERITY

    def local(self, moment: datetime) -> datetime:
        """Return the moment as the wall clock of the programme shows it."""
        return moment.astimezone(self.zone)
