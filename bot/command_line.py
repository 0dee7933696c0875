"""The command line: ``jiai …`` or ``python -m bot …``."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.assembly import open_database
from bot.clock import Clock
from bot.commands.classifying import run as read_sentence
from bot.commands.doctor import examine
from bot.commands.importing import NotImported, import_list
from bot.commands.purging import carry_out
from bot.commands.rotating import rotate
from bot.commands.running import only_copy, run
from bot.commands.today import print_today
from bot.intake import TokenRefused
from bot.sandbox.server import serve
from bot.settings import Settings, SettingsError, read_settings
from bot.transport import BotApi
from storage.communities import seed
from storage.database import Database, Session
from storage.demo import make_demo_data
from storage.invitations import make_invitation
from storage.keys import check_keys
from storage.migrations import SchemaDamaged, SchemaTooNew, upgrade
from storage.organisations import find_by_name
from storage.rotation import StillInUse
from storage.rules.fields import Register
from storage.vault import VaultError

app = typer.Typer(
    help="集爱善行 · Jiai: needs, neighbours, calls to people living alone.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

DataDir = Annotated[Path | None, typer.Option(help="folder of the data (JIAI_DATA_DIR)")]


@contextmanager
def _clear_words() -> Iterator[None]:
    """Every expected failure ends with one clear line and exit code 1."""
    try:
        yield
    except SchemaTooNew as error:
        _stop(f"the database was written by a newer release (step {error}); update this program")
    except SchemaDamaged as error:
        _stop(f"the database was not changed: {error}; please report this")
    except (SettingsError, TokenRefused, VaultError, StillInUse) as error:
        _stop(str(error))
    except SQLAlchemyError as error:
        _stop(f"the database cannot be used: {str(error.__cause__ or error).splitlines()[0]}")
    except OSError as error:
        _stop(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _stop(line: str) -> None:
    err.print(f"jiai: {line}", markup=False)
    raise typer.Exit(1)


@app.command("run")
def run_command(
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="practise against the sandbox, started beside the bot")
    ] = False,
    polling: Annotated[
        bool, typer.Option("--polling", help="talk to the Bot API of JIAI_BOT_API_URL")
    ] = False,
    data_dir: DataDir = None,
    http_port: Annotated[int | None, typer.Option(help="port of the chat page")] = None,
) -> None:
    """Start the bot: with JIAI_BOT_TOKEN on Telegram, without one in the sandbox."""
    with _clear_words():
        settings = read_settings(data_dir=data_dir, http_port=http_port)
        practise = _practise(settings, sandbox=sandbox, polling=polling)
        asyncio.run(run(settings, sandbox=practise, announce=_say))


def _practise(settings: Settings, *, sandbox: bool, polling: bool) -> bool:
    if sandbox and polling:
        raise SettingsError("choose one of --sandbox and --polling")
    if sandbox and settings.bot_token is not None:
        raise SettingsError(
            "--sandbox is refused while JIAI_BOT_TOKEN is set: "
            "practice and a real register must not mix"
        )
    if polling and settings.bot_token is None:
        raise SettingsError("--polling needs JIAI_BOT_TOKEN")
    return sandbox or settings.bot_token is None


@app.command("sandbox")
def sandbox_command(
    port: Annotated[int | None, typer.Option(help="port; the next free one if taken")] = None,
    data_dir: DataDir = None,
    plain: Annotated[bool, typer.Option("--plain", hidden=True)] = False,
) -> None:
    """Start the practice room alone: a Bot API server with a chat page, on this machine only."""
    with _clear_words():
        settings = read_settings(http_port=port)
        if settings.bot_token is not None:
            raise SettingsError("the sandbox is refused while JIAI_BOT_TOKEN is set")
        folder = data_dir or settings.data_dir / "sandbox"

        def announce(url: str) -> None:
            if settings.http_port and not url.endswith(f":{settings.http_port}"):
                err.print(f"Port {settings.http_port} is taken, so the next free one is used.")
            out.print(url if plain else f"The practice room is open at {url}", markup=False)
            sys.stdout.flush()

        asyncio.run(
            serve(data_dir=folder, port=settings.http_port, announce=announce, with_parent=plain)
        )


@app.command("migrate")
def migrate_command(data_dir: DataDir = None) -> None:
    """Bring the database to the newest schema."""
    with _clear_words():
        settings = read_settings(data_dir=data_dir)
        with only_copy(settings.data_dir):
            changed = upgrade(settings.database)
        _say("The database is ready." if changed else "The database was already up to date.")


@app.command("invite")
def invite_command(
    role: Annotated[
        str, typer.Option(help="coordinator, office (the programme's own) or leading_group")
    ] = "coordinator",
    organisation: Annotated[
        str | None, typer.Option(help="where they work, by name; without it the office")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Print a one-use code by which somebody gets a role; it works for 72 hours."""
    with _clear_words():
        if role not in ("coordinator", "office", "leading_group"):
            raise SettingsError("--role is one of coordinator, office, leading_group")
        if role == "office" and organisation is not None:
            raise SettingsError("--role office is the programme's own; leave --organisation out")
        settings = _home(read_settings(data_dir=data_dir))
        database = _ready_database(settings)
        clock = _clock(settings)
        code, place = database.do(_invite, now=clock.now(), role=role, organisation=organisation)
        database.close()
        out.print(code, markup=False)
        name = asyncio.run(_bot_name(settings))
        if name:
            out.print(f"https://t.me/{name}?start={code}", markup=False)
        where = "the practice room" if settings.bot_token is None else "the bot"
        err.print(
            f"For {where}, as {role} of {place}, once, within 72 hours: "
            "send /start, then 我有邀请码 (I have a code).",
            markup=False,
        )


def _invite(
    session: Session, *, now: datetime, role: str, organisation: str | None
) -> tuple[str, str]:
    """Make the code; returns it and where it leads. An unknown place stops with the known ones."""
    seed(session, now=now)
    place = None
    if organisation is not None:
        place = find_by_name(session, name=organisation)
        if place is None:
            raise SettingsError(f"no organisation is called {organisation}; see /organisations")
    code = make_invitation(
        session,
        now=now,
        role="leading_group" if role == "leading_group" else "coordinator",
        organisation_id=place.id if place else None,
    )
    return code, place.name if place else "the office"


def _home(settings: Settings) -> Settings:
    """Without a token everything lives in the practice room's folder."""
    if settings.bot_token is None and not settings.database_url:
        return settings.model_copy(update={"data_dir": settings.data_dir / "sandbox"})
    return settings


def _ready_database(settings: Settings) -> Database:
    """The database as ``run`` would find it; made now when no bot ran here before."""
    database = open_database(settings)
    upgrade(settings.database)
    database.do(check_keys)
    return database


def _clock(settings: Settings) -> Clock:
    return Clock(kept_in=settings.data_dir / "clock.json" if settings.bot_token is None else None)


async def _bot_name(settings: Settings) -> str | None:
    if settings.bot_token is None:
        return None
    token = settings.bot_token.get_secret_value()
    try:
        async with BotApi(token=token, root=settings.bot_api_url, proxy=settings.proxy) as api:
            return str((await api.call("getMe", {})).get("username", "")) or None
    except Exception:
        return None


@app.command("import")
def import_command(
    path: Annotated[Path, typer.Argument(help="the spreadsheet: xlsx, xls, ods or csv")],
    register: Annotated[
        Register | None, typer.Option(help="resident or volunteer; without it, by the columns")
    ] = None,
    organisation: Annotated[
        str | None, typer.Option(help="whose list it is, by name; without it the office")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="write it; the signed consents are on file")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Import a list of any size: shows what is in it, and with --yes writes it."""
    with _clear_words():
        settings = _home(read_settings(data_dir=data_dir))
        database = _ready_database(settings)
        try:
            import_list(
                database,
                now=_clock(settings).now,
                path=path,
                out=out,
                register=register,
                organisation=organisation,
                yes=yes,
            )
        except NotImported as error:
            _stop(str(error))
        finally:
            database.close()


@app.command("doctor")
def doctor_command(
    everything: Annotated[bool, typer.Option("--all", help="read the whole journal")] = False,
    head: Annotated[
        str | None, typer.Option(help="a seal number that was written down: is it still there?")
    ] = None,
    mail: Annotated[bool, typer.Option("--mail", help="send a test to each address")] = False,
    data_dir: DataDir = None,
) -> None:
    """Check settings, database, journal, Bot API, clock: each line ok, or what to do."""
    with _clear_words():
        settings = _home(read_settings(data_dir=data_dir))
        findings = asyncio.run(
            examine(
                settings,
                clock=_clock(settings),
                everything=everything,
                head=head,
                test_mail=mail,
            )
        )
        for finding in findings:
            out.print(
                f"{'ok  ' if finding.ok else 'LOOK'} {finding.what}: {finding.says}", markup=False
            )
        if not all(finding.ok for finding in findings):
            raise typer.Exit(1)


@app.command("today")
def today_command(data_dir: DataDir = None) -> None:
    """Print today's calls, visits and open alarms with numbers, for the desk when no chat works."""
    with _clear_words():
        settings = _home(read_settings(data_dir=data_dir))
        if not (settings.database_url or settings.key_file.exists()):
            # An empty list from the wrong folder would read as: nobody to phone today.
            raise SettingsError(
                f"no bot has run in {settings.data_dir} yet; stand in the bot's own folder, "
                "or name its data folder: --data-dir"
            )
        database = _ready_database(settings)
        try:
            sys.stdout.write(print_today(database, now=_clock(settings).now()))
            sys.stdout.flush()
        finally:
            database.close()


@app.command("rotate-key")
def rotate_key_command(
    retire: Annotated[
        bool, typer.Option("--retire", help="afterwards drop keys that nothing needs any more")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Add a new sealing key and seal everything anew with it, while the bot runs."""
    with _clear_words():
        settings = _home(read_settings(data_dir=data_dir))
        database = _ready_database(settings)
        try:
            rotate(
                database,
                key_file=settings.key_file,
                now=_clock(settings).now(),
                retiring=retire,
                announce=_say,
            )
        finally:
            database.close()


@app.command("purge")
def purge_command(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="only count, and say what waits for the office's yes")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Wipe what is over its time now instead of tonight, as far as the office has allowed it."""
    with _clear_words():
        settings = _home(read_settings(data_dir=data_dir))
        database = _ready_database(settings)
        try:
            carry_out(database, now=_clock(settings).now(), dry_run=dry_run, announce=_say)
        finally:
            database.close()


@app.command("demo-data")
def demo_data_command(
    residents: Annotated[int, typer.Option(min=0, max=300_000)] = 30,
    volunteers: Annotated[int, typer.Option(min=0, max=100_000)] = 10,
    seed_number: Annotated[int, typer.Option("--seed")] = 1,
    data_dir: DataDir = None,
) -> None:
    """Add synthetic people, with numbers that cannot belong to anybody."""
    with _clear_words():
        settings = _home(read_settings(data_dir=data_dir))
        database = _ready_database(settings)
        made = make_demo_data(
            database,
            now=_clock(settings).now(),
            residents=residents,
            volunteers=volunteers,
            seed=seed_number,
        )
        database.close()
        _say(f"Added {made.residents} residents and {made.volunteers} volunteers, all invented.")


@app.command("classify")
def classify_command(
    text: Annotated[str, typer.Argument(help="one sentence; - reads it from the standard input")],
) -> None:
    """Print how a sentence is read: category, urgency, danger, and why, as one JSON object."""
    raise typer.Exit(read_sentence(text))


def _say(line: str) -> None:
    out.print(line, markup=False)
    sys.stdout.flush()


def main() -> None:
    """Entry point."""
    app()
