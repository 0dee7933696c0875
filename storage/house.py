"""What is the same for the whole house: its zone, its quiet hours, its language, its sets."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from storage.rules.sending import QuietHours
from storage.rules.severity import DEFAULT_SEVERITY, Severity


@dataclass(frozen=True, slots=True)
class MailTo:
    """An address that alarms go to; with an organisation, only those of its people."""

    address: str
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class House:
    """The programme's zone, quiet hours, first language, who counts as severe, who gets mail."""

    zone: ZoneInfo
    quiet: QuietHours
    language: str
    severity: Severity = DEFAULT_SEVERITY
    mail_to: tuple[MailTo, ...] = ()
    # Whether an e-mail may hold the number to phone.
    mail_numbers: bool = False

    def local(self, moment: datetime) -> datetime:
        """Return the moment as the wall clock of the programme shows it."""
        return moment.astimezone(self.zone)
