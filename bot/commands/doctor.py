"""doctor: looks at each part and says ok, or what to do."""

import sqlite3
import stat
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import TelegramError

from bot.assembly import open_database
from bot.clock import Clock
from bot.commands.calendars import examine_calendars
from bot.commands.finding import Finding
from bot.commands.journal import examine_journal
from bot.commands.mail import examine_mail, examine_mails_sent
from bot.health.report import late_ticks
from bot.settings import PRACTICE_TOKEN, Settings
from bot.today.keeping import NAME as TODAY_FILE
from bot.transport import BotApi
from messages.render import LANGUAGES, Wording
from storage.database import Database, Session
from storage.health import list_unstarted
from storage.heartbeats import list_heartbeats
from storage.keys import check_keys
from storage.outages import MESSENGER, find_lasting, list_outages
from storage.people import list_role_holders
from storage.rotation import find_older
from storage.tables import inbox, outbox
from storage.vault import VaultError

# SQLite up to 3.51.2 can damage its log when two connections write and checkpoint at once; the
# bot writes through one connection, so a backup program beside it is what to be careful with.
SAFE_SQLITE = (3, 51, 3)
OUTAGES_SHOWN = timedelta(days=7)
TODAY_OLD = timedelta(minutes=15)
SKEW_SECONDS = 30


async def examine(
    settings: Settings,
    *,
    clock: Clock,
    everything: bool = False,
    head: str | None = None,
    test_mail: bool = False,
) -> list[Finding]:
    """Look at settings, keys, database, delivery, ticks, templates, dates, Bot API and clock.

    ``everything`` reads the whole journal; ``head`` is what somebody wrote down of its chain;
    ``test_mail`` sends one to each address.
    """
    findings = [
        Finding("settings", True, f"zone {settings.timezone}, quiet {settings.quiet_hours}")
    ]
    findings += _keys(settings)
    findings += _database(settings, clock, everything=everything, head=head)
    findings += _todays_list(settings, clock)
    findings.append(_templates(settings))
    findings.append(examine_calendars(clock.now().date()))
    findings += await examine_mail(settings, now=clock.now(), test=test_mail)
    findings += await _bot_api(settings, clock)
    return findings


def _keys(settings: Settings) -> list[Finding]:
    path = settings.key_file
    if not path.exists():
        return [Finding("secret key", True, "is made at the first start")]
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return [Finding("secret key", False, f"others may read it; run: chmod 600 {path}")]
    return [Finding("secret key", True, "readable by its owner alone; keep a copy elsewhere")]


def _database(
    settings: Settings, clock: Clock, *, everything: bool, head: str | None
) -> list[Finding]:
    try:
        database = open_database(settings)
    except (OSError, SQLAlchemyError) as error:
        return [Finding("database", False, f"cannot be opened ({type(error).__name__})")]
    except VaultError as error:
        return [Finding("database", False, str(error))]
    try:
        if not inspect(database.engine).has_table("alembic_version"):
            return [Finding("database", True, "new; it is made at the first start")]
        return [
            Finding("database", True, database.url.render_as_string(hide_password=True)),
            *_sqlite(database),
            _sealed(database),
            *database.do(_inside, clock=clock),
            *examine_journal(database, everything=everything, head=head),
        ]
    except SQLAlchemyError as error:
        return [Finding("database", False, f"cannot be read ({type(error).__name__}); run migrate")]
    finally:
        database.close()


def _sqlite(database: Database) -> list[Finding]:
    if not database.sqlite or sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return []
    return [
        Finding(
            "sqlite",
            True,
            f"{sqlite3.sqlite_version}; let no second program write or checkpoint this database",
        )
    ]


def _sealed(database: Database) -> Finding:
    try:
        database.do(check_keys)
    except VaultError as error:
        return Finding("sealed data", False, str(error))
    older = sum(database.do(find_older).values())
    if older:
        says = f"{older} values wait to be sealed with the newest key; run: jiai rotate-key"
        return Finding("sealed data", False, says)
    return Finding("sealed data", True, "opens with this key")


def _inside(session: Session, *, clock: Clock) -> list[Finding]:
    now = clock.now()
    checks: list[Callable[[Session], Finding]] = [_staff, _failed, _undelivered]
    findings = [check(session) for check in checks]
    beats = list_heartbeats(session)
    findings += [_ticks(beats, now=now), _messenger(session, beats, now=now)]
    findings += examine_calls(session, now=now)
    findings += examine_mails_sent(session, now=now)
    return findings


def _ticks(beats: Mapping[str, datetime], *, now: datetime) -> Finding:
    if not beats:
        return Finding("ticks", True, "not started yet")
    late = late_ticks(beats, now=now)
    says = f"late or failing: {', '.join(late)}; is the bot running? if so, see the log"
    return Finding("ticks", not late, says if late else "on time")


def examine_calls(session: Session, *, now: datetime) -> list[Finding]:
    """Call plans that could not be begun while the others were: nobody is asked to phone."""
    plans = list_unstarted(session, now=now)
    if not plans or late_ticks(list_heartbeats(session), now=now):
        return []
    says = f"due and not begun: {', '.join(map(str, plans))}; phone by: jiai today; then the log"
    return [Finding("call plans", False, says)]


def _messenger(session: Session, beats: Mapping[str, datetime], *, now: datetime) -> Finding:
    """Whether it was reached lately, and the times without a word of this week."""
    away = find_lasting(session)
    if away is not None:
        since = session.house.local(away.began)
        says = f"not reached since {since:%m-%d %H:%M}; print today's list with: jiai today"
        return Finding("messenger", False, says)
    past = list_outages(session, since=now - OUTAGES_SHOWN)
    spans = [
        f"{session.house.local(one.began):%m-%d %H:%M}-{session.house.local(one.ended):%H:%M}"
        for one in past
        if one.ended is not None
    ]
    reached = beats.get(MESSENGER)
    at = f"last reached {session.house.local(reached):%m-%d %H:%M:%S}" if reached else "not yet"
    down = f"; nothing went out {', '.join(spans[:5])}" if spans else ""
    return Finding("messenger", True, f"{at}{down}")


def _staff(session: Session) -> Finding:
    count = len(list_role_holders(session, kind="coordinator"))
    says = f"{count} coordinator(s)" if count else "nobody yet; run: jiai invite --role coordinator"
    return Finding("staff", count > 0, says)


def _failed(session: Session) -> Finding:
    failed = session.value(select(func.count()).where(inbox.c.state == "failed")) or 0
    says = (
        f"{failed} update(s) set aside after three tries" if failed else "every update was handled"
    )
    return Finding("inbox", not failed, says)


def _undelivered(session: Session) -> Finding:
    lost = session.value(select(func.count()).where(outbox.c.state.in_(("dead", "unknown")))) or 0
    says = f"{lost} message(s) did not arrive, or may not have; the people on duty were told"
    return Finding("outbox", not lost, says if lost else "every message arrived or waits its turn")


def _todays_list(settings: Settings, clock: Clock) -> list[Finding]:
    """The file in clear: whether it is meant to be there, kept up to date, and private."""
    try:
        found = (settings.data_dir / TODAY_FILE).stat()
    except FileNotFoundError:
        missing = "is not there yet; is the bot running?"
        return [Finding("today.txt", False, missing)] if settings.today_file else []
    old = timedelta(seconds=clock.real() - found.st_mtime)
    if not settings.today_file:
        says = "is switched off and still there: names and numbers in clear; delete it"
    elif stat.S_IMODE(found.st_mode) & 0o077:
        says = "others may read it; it holds names and numbers in clear"
    elif old > TODAY_OLD:
        says = f"was last written {int(old.total_seconds() // 60)} minutes ago; is the bot running?"
    else:
        return [Finding("today.txt", True, "up to date: names and numbers in clear")]
    return [Finding("today.txt", False, says)]


def _templates(settings: Settings) -> Finding:
    wording = Wording(zone=settings.timezone)
    first, *others = (set(wording.templates(language)) for language in LANGUAGES)
    missing = sorted(set().union(*(first ^ other for other in others)))
    says = (
        f"missing in one language: {', '.join(missing)}" if missing else f"{len(first)} occasions"
    )
    return Finding("templates", not missing, says)


async def _bot_api(settings: Settings, clock: Clock) -> list[Finding]:
    token = settings.bot_token.get_secret_value() if settings.bot_token else PRACTICE_TOKEN
    if settings.bot_token is None and not settings.is_loopback:
        return [Finding("bot api", True, "no token: the bot practises in the sandbox")]
    try:
        async with BotApi(token=token, root=settings.bot_api_url, proxy=settings.proxy) as api:
            me = await api.call("getMe", {})
    except TelegramError as error:
        says = (
            f"no answer ({type(error).__name__}); check JIAI_BOT_TOKEN, JIAI_BOT_API_URL, network"
        )
        return [Finding("bot api", False, says)]
    return [
        Finding("bot api", True, f"answers as @{me.get('username')}"),
        await _skew(settings, clock),
    ]


async def _skew(settings: Settings, clock: Clock) -> Finding:
    """Compare this machine's clock with the Date header of the Bot API."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http,
            http.head(settings.bot_api_url, proxy=settings.proxy) as response,
        ):
            there = parsedate_to_datetime(response.headers["Date"]).replace(tzinfo=UTC)
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return Finding("clock", True, "could not be compared")
    skew = abs(there.timestamp() - clock.real())
    says = f"{skew:.0f} s apart from the Bot API; set this machine's clock"
    return Finding("clock", skew <= SKEW_SECONDS, "agrees" if skew <= SKEW_SECONDS else says)
