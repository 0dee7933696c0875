"""Settings: a flag wins over the environment, the environment over .env; bad values stop us."""

import os
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.mail.addresses import ADDRESS, SECURITIES, mail_fault, on_this_machine, read_receivers
from messages.render import LANGUAGES
from storage.house import House
from storage.rules.certificate import DisabilityCategory
from storage.rules.sending import QuietHours
from storage.rules.severity import DEFAULT_SEVERITY

TELEGRAM = "https://api.telegram.org"
# The sandbox takes any token of the right shape.
PRACTICE_TOKEN = "1000000001:practice-room-needs-no-real-token"


DRIVERS = ("sqlite", "postgresql", "postgresql+psycopg")
DATABASE_FORM = (
    "must look like sqlite:////folder/jiai.sqlite3 or postgresql://user:password@host/jiai"
)
# Read by the tests that drive a browser, not by the program.
BESIDE = frozenset({"JIAI_CHROMIUM"})


class SettingsError(Exception):
    """One clear line about what is wrong and where."""


class Settings(BaseSettings):
    """The public interface to the environment; every name begins with JIAI_."""

    model_config = SettingsConfigDict(
        env_prefix="JIAI_",
        env_file=".env",
        env_file_encoding="utf-8",
        # "JIAI_HTTP_PORT=" in a file that was filled in half means: not set.
        env_ignore_empty=True,
        extra="ignore",
    )

    bot_token: SecretStr | None = None
    bot_api_url: str = TELEGRAM
    proxy: str | None = None
    data_dir: Path = Path("data")
    database_url: str = ""
    timezone: str = "Asia/Shanghai"
    language: str = "zh"
    secret_key_file: Path | None = None
    http_port: int = Field(default=8080, ge=0, le=65535)
    tick_seconds: float = Field(default=5, gt=0, le=300)
    updates_per_minute: int = Field(default=60, ge=0, le=100_000)
    quiet_hours: str = "21:00-08:00"
    severe_grades: str = "1,2"
    key_care_categories: str = "intellectual,psychiatric"
    health_address: str = ""
    today_file: bool = False
    mail_host: str = ""
    mail_port: int | None = Field(default=None, ge=1, le=65535)
    mail_security: str = "starttls"
    mail_user: str = ""
    mail_password: SecretStr | None = None
    mail_password_file: Path | None = None
    mail_from: str = ""
    mail_to: str = ""
    mail_numbers: bool = False
    clock: datetime | None = None

    @field_validator("health_address")
    @classmethod
    def _known_address(cls, value: str) -> str:
        if value and _address(value) is None:
            raise ValueError("must look like 8081 (this machine alone) or 0.0.0.0:8081")
        return value

    @field_validator("mail_security")
    @classmethod
    def _known_security(cls, value: str) -> str:
        if value not in SECURITIES:
            raise ValueError(f"must be one of {', '.join(SECURITIES)}")
        return value

    @field_validator("mail_from")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and not ADDRESS.fullmatch(value.strip()):
            raise ValueError("must be one address like jiai@example.org")
        return value.strip()

    @field_validator("mail_to")
    @classmethod
    def _known_receivers(cls, value: str) -> str:
        read_receivers(value)
        return value

    @field_validator("bot_token")
    @classmethod
    def _token_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"\d{1,20}:[A-Za-z0-9_-]{3,100}", value.get_secret_value()):
            raise ValueError("is not a bot token; @BotFather gives one like 123456:ABC…")
        return value

    @field_validator("bot_api_url", "proxy")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and (
            urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname
        ):
            raise ValueError("must be an address that begins with http:// or https://")
        return value.rstrip("/") if value else value

    @field_validator("data_dir", "secret_key_file")
    @classmethod
    def _from_home(cls, value: Path | None) -> Path | None:
        # In .env no shell turns ~ into the home folder.
        return value.expanduser() if value else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value:
            return value
        try:
            url = make_url(value)
        except ArgumentError as error:
            raise ValueError(DATABASE_FORM) from error
        if url.drivername not in DRIVERS or not url.database or url.database == ":memory:":
            raise ValueError(DATABASE_FORM)
        if url.get_backend_name() == "postgresql" and find_spec("psycopg") is None:
            raise ValueError("PostgreSQL needs one package more: pip install 'jiai[postgres]'")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is not a time zone; an example is Asia/Shanghai") from error
        return value

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _known_hours(cls, value: str) -> str:
        if not isinstance(QuietHours.parse(value), QuietHours):
            raise ValueError("must look like 21:00-08:00 and leave at least four hours open")
        return value

    @field_validator("severe_grades")
    @classmethod
    def _known_grades(cls, value: str) -> str:
        if not _listed(value) or not _listed(value) <= {"1", "2", "3", "4"}:
            raise ValueError("must be grades from 1 to 4, like 1,2")
        return value

    @field_validator("key_care_categories")
    @classmethod
    def _known_categories(cls, value: str) -> str:
        if not _listed(value) <= set(DisabilityCategory):
            raise ValueError(f"must be some of {', '.join(DisabilityCategory)}")
        return value

    @model_validator(mode="after")
    def _clock_only_in_practice(self) -> Self:
        if self.clock is not None and not (self.is_loopback or self.bot_token is None):
            raise ValueError("clock: the clock can be moved only with a Bot API on this machine")
        return self

    @model_validator(mode="after")
    def _mail_whole_or_not_at_all(self) -> Self:
        found = mail_fault(self)
        if found is not None:
            raise ValueError(found)
        return self

    @property
    def is_loopback(self) -> bool:
        """Whether the Bot API is on this machine, where time may be moved."""
        return on_this_machine(urlsplit(self.bot_api_url).hostname or "")

    @property
    def health(self) -> tuple[str, int] | None:
        """Where the health page is served; None when it is not."""
        return _address(self.health_address) if self.health_address else None

    @property
    def database(self) -> str:
        """The database's address; SQLite in the data folder when none is set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'jiai.sqlite3'}"

    @property
    def key_file(self) -> Path:
        """The file with the sealing keys."""
        return self.secret_key_file or self.data_dir / "secret.key"

    @property
    def start_clock(self) -> datetime | None:
        """The moment to start the clock at; without a zone it is the programme's."""
        if self.clock is None or self.clock.tzinfo is not None:
            return self.clock
        return self.clock.replace(tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)

    @property
    def sends_mail(self) -> bool:
        """Whether alarms go out by mail; what is practised must not reach a real desk."""
        practises = self.bot_token is None or self.is_loopback
        return bool(self.mail_host) and (not practises or on_this_machine(self.mail_host))

    def house(self) -> House:
        """What storage needs to know of the settings."""
        quiet = QuietHours.parse(self.quiet_hours)
        assert isinstance(quiet, QuietHours)
        grades = frozenset(int(grade) for grade in _listed(self.severe_grades))
        severity = replace(
            DEFAULT_SEVERITY,
            severe=grades,
            mild=frozenset({1, 2, 3, 4}) - grades,
            key_care_categories=frozenset(_listed(self.key_care_categories)),
        )
        return House(
            zone=ZoneInfo(self.timezone),
            quiet=quiet,
            language=self.language,
            severity=severity,
            mail_to=read_receivers(self.mail_to) if self.sends_mail else (),
            mail_numbers=self.mail_numbers,
        )


def _address(value: str) -> tuple[str, int] | None:
    """Read "8081" or "host:8081"; without a host it is this machine alone."""
    host, colon, port = value.strip().rpartition(":")
    if not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535 or (colon and not host):
        return None
    bare = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    return (bare, int(port)) if re.fullmatch(r"[A-Za-z0-9.:-]+", bare) else None


def _listed(value: str) -> set[str]:
    return {part.strip() for part in value.split(",") if part.strip()}


def read_settings(**flags: object) -> Settings:
    """Read flags, environment and .env; raises SettingsError with one line for each mistake."""
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        _refuse_unknown()
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError("; ".join(_line(dict(one)) for one in error.errors())) from error
    except UnicodeDecodeError as error:
        raise SettingsError(".env is not UTF-8 text; save it as UTF-8") from error


def _unreadable_line() -> int | None:
    """The first line of .env that is no assignment; dotenv itself would only pass over it."""
    try:
        with open(".env", encoding="utf-8-sig") as file:
            # Behind a full-width equals sign may stand a token, which must be shown to nobody.
            bad = (
                one.original.line
                for one in parse_stream(file)
                if one.error or (one.key is not None and "＝" in one.key)
            )
            return next(bad, None)
    except FileNotFoundError:
        return None


def _refuse_unknown() -> None:
    """A misspelt name would be ignored in silence, and its default used instead."""
    unreadable = _unreadable_line()
    if unreadable:
        raise SettingsError(f".env, line {unreadable}: must look like NAME=value")
    known = {f"JIAI_{name.upper()}" for name in Settings.model_fields} | BESIDE
    in_file = DotEnvSettingsSource(Settings).env_vars
    given = {name.upper() for name in (*os.environ, *in_file)}
    unknown = sorted(name for name in given - known if name.startswith("JIAI_"))
    if unknown:
        raise SettingsError("; ".join(f"{name}: {_meant(name, known)}" for name in unknown))


def _meant(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"there is no such setting; is {near[0]} meant?" if near else "there is no such setting"


def _line(problem: dict[str, object]) -> str:
    place, says = problem.get("loc"), str(problem["msg"]).removeprefix("Value error, ")
    if isinstance(place, tuple) and place:
        return f"JIAI_{str(place[0]).upper()}: {says}"
    # What is about several at once begins with their common name.
    about, _, rest = says.partition(": ")
    return f"JIAI_{about.upper()}: {rest}"
