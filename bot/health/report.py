"""What the health page says: each part well or not, in numbers alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from bot.ticks import TICKS
from storage.health import Health
from storage.heartbeats import FAILED
from storage.rules.lateness import Lateness, limit

# Beyond this, messages wait longer than Telegram's pace explains.
OUTBOX_LATE = timedelta(minutes=5)
FAILED_FOR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class TickAge:
    """One tick: how many seconds ago it ran to its end, if ever, and whether that is too long.

    It is late as well while one of its rows fails, which is tried again each minute.
    """

    name: str
    ran_at: datetime | None
    seconds: int
    late: bool
    fails: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The whole of it; ``faults`` names what is not well, in fixed words."""

    now: datetime
    health: Health | None
    ticks: tuple[TickAge, ...]
    outbox_seconds: int
    faults: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether the bot does its work."""
        return not self.faults


def program_version() -> str:
    """The release, as installed."""
    try:
        return version("jiai")
    except PackageNotFoundError:
        return "unknown"


def judge(health: Health | None, *, now: datetime) -> Report:
    """Say what is well; without health the database did not answer."""
    if health is None:
        return Report(now, None, (), 0, ("database",))
    ticks = tuple(_age(tick.name, health.ticks, now=now) for tick in TICKS)
    waited = now - health.outbox_oldest if health.outbox_oldest else timedelta(0)
    unseen = health.messenger_at is None or now - health.messenger_at > limit(Lateness.DOCTOR)
    faults = [
        *(["ticks"] if any(one.late for one in ticks) else []),
        *(["messenger"] if unseen or health.messenger_away_since else []),
        *(["calls"] if health.unstarted else []),
        *(["outbox"] if waited > OUTBOX_LATE else []),
    ]
    return Report(now, health, ticks, _seconds(waited), tuple(faults))


def late_ticks(ran: Mapping[str, datetime], *, now: datetime) -> list[str]:
    """Name the ticks that did not run in time; one that was taken out of the program is no tick."""
    ages = (_age(tick.name, ran, now=now) for tick in TICKS)
    return [one.name for one in ages if one.late]


def _age(name: str, beats: Mapping[str, datetime], *, now: datetime) -> TickAge:
    ran, failed = beats.get(name), beats.get(f"{FAILED}{name}")
    if ran is None:
        return TickAge(name, None, 0, late=True, fails=False)
    fails = failed is not None and now - failed <= FAILED_FOR
    late = fails or now - ran > limit(Lateness.DOCTOR)
    return TickAge(name, ran, _seconds(now - ran), late, fails)


def as_json(report: Report) -> dict[str, object]:
    """For a monitor."""
    found: dict[str, object] = {
        "status": "ok" if report.is_well else "failing",
        "faults": list(report.faults),
        "version": program_version(),
        "now": report.now.isoformat(timespec="seconds"),
        "database": "ok" if report.health else "unreachable",
    }
    health = report.health
    if health is None:
        return found
    return found | {
        "ticks": {
            one.name: {
                "ran_at": _moment(one.ran_at),
                "seconds_ago": one.seconds,
                "late": one.late,
                "fails": one.fails,
            }
            for one in report.ticks
        },
        "messenger": {
            "reached_at": _moment(health.messenger_at),
            "away_since": _moment(health.messenger_away_since),
        },
        "outbox": {"waiting": health.outbox, "oldest_seconds": report.outbox_seconds},
        "inbox": {"waiting": health.inbox},
        "alarms": {"open": health.alarms, "in_nobodys_hand": health.alarms_unheld},
        "check_ins": {"open": health.cases, "due_and_not_begun": health.unstarted},
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _seconds(span: timedelta) -> int:
    return max(0, int(span.total_seconds()))
