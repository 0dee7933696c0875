"""Settings: each mistake is one clear line, and a flag wins over the environment over .env."""

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import settings as settings_file
from bot.settings import Settings, SettingsError, read_settings
from storage.rules.severity import DEFAULT_SEVERITY

TOKEN = "123456:canary-token-nobody-may-see"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, and an environment without our names."""
    for name in [name for name in os.environ if name.upper().startswith("JIAI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings()
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_without_any_setting_it_practises_at_home() -> None:
    found = read_settings()
    assert found.bot_token is None
    assert found.data_dir == Path("data")
    assert found.database == "sqlite:///data/jiai.sqlite3"
    assert found.key_file == Path("data/secret.key")
    assert found.is_loopback is False
    house = found.house()
    assert (house.zone, house.language) == (ZoneInfo("Asia/Shanghai"), "zh")
    assert str(house.quiet) == "21:00-08:00"
    assert house.severity == DEFAULT_SEVERITY


def test_an_office_says_itself_who_counts_as_severe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIAI_SEVERE_GRADES", "1, 2, 3")
    monkeypatch.setenv("JIAI_KEY_CARE_CATEGORIES", "visual")
    severity = read_settings().house().severity
    assert severity.severe == {1, 2, 3}
    assert severity.mild == {4}
    assert severity.key_care_categories == {"visual"}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("JIAI_HEALTH_ADDRESS", "page", "JIAI_HEALTH_ADDRESS: must look like 8081"),
        ("JIAI_HEALTH_ADDRESS", "0.0.0.0:99999", "JIAI_HEALTH_ADDRESS: must look like 8081"),
        ("JIAI_BOT_TOKEN", "hello", "JIAI_BOT_TOKEN: is not a bot token"),
        ("JIAI_BOT_TOKEN", "123456:has space in it", "JIAI_BOT_TOKEN: is not a bot token"),
        ("JIAI_BOT_API_URL", "api.telegram.org", "JIAI_BOT_API_URL: must be an address"),
        ("JIAI_BOT_API_URL", "https://", "JIAI_BOT_API_URL: must be an address"),
        ("JIAI_PROXY", "socks5://x:1", "JIAI_PROXY: must be an address"),
        ("JIAI_TIMEZONE", "Asia/Guangzhou", "JIAI_TIMEZONE: is not a time zone"),
        ("JIAI_TIMEZONE", "../etc/passwd", "JIAI_TIMEZONE: is not a time zone"),
        ("JIAI_LANGUAGE", "fr", "JIAI_LANGUAGE: must be one of zh, en"),
        ("JIAI_HTTP_PORT", "eighty", "JIAI_HTTP_PORT: "),
        ("JIAI_HTTP_PORT", "65536", "JIAI_HTTP_PORT: "),
        ("JIAI_TICK_SECONDS", "0", "JIAI_TICK_SECONDS: "),
        ("JIAI_TICK_SECONDS", "301", "JIAI_TICK_SECONDS: "),
        ("JIAI_SEVERE_GRADES", "1,5", "JIAI_SEVERE_GRADES: must be grades"),
        ("JIAI_KEY_CARE_CATEGORIES", "blind", "JIAI_KEY_CARE_CATEGORIES: must be some of"),
        ("JIAI_QUIET_HOURS", "nine to five", "JIAI_QUIET_HOURS: must look like"),
        ("JIAI_QUIET_HOURS", "00:00-00:00", "JIAI_QUIET_HOURS: must look like"),
        ("JIAI_CLOCK", "tomorrow", "JIAI_CLOCK: "),
        ("JIAI_DATABASE_URL", "nonsense", "JIAI_DATABASE_URL: must look like"),
        ("JIAI_DATABASE_URL", "mysql://h/db", "JIAI_DATABASE_URL: must look like"),
        ("JIAI_DATABASE_URL", "sqlite://", "JIAI_DATABASE_URL: must look like"),
        ("JIAI_DATABASE_URL", "sqlite:///:memory:", "JIAI_DATABASE_URL: must look like"),
        ("JIAI_DATABASE_URL", "postgresql+asyncpg://h/db", "JIAI_DATABASE_URL: must look like"),
        ("JIAI_BOT_TOKN", "x", "JIAI_BOT_TOKN: there is no such setting; is JIAI_BOT_TOKEN meant?"),
        ("jiai_bot_tokn", "x", "JIAI_BOT_TOKN: there is no such setting"),
        ("JIAI_ZZZZZZZZ", "x", "JIAI_ZZZZZZZZ: there is no such setting"),
    ],
)
@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_wrong_value_stops_the_start_with_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str, where: str
) -> None:
    if where == "environment":
        monkeypatch.setenv(name, value)
    else:
        (folder / ".env").write_text(f"{name}={value}\n")
    assert says in _refusal()


def test_two_mistakes_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIAI_LANGUAGE", "fr")
    monkeypatch.setenv("JIAI_TICK_SECONDS", "-1")
    line = _refusal()
    assert "JIAI_LANGUAGE" in line
    assert "JIAI_TICK_SECONDS" in line


def test_a_wrong_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIAI_BOT_TOKEN", f"{TOKEN} ")
    assert "canary" not in _refusal()
    monkeypatch.setenv("JIAI_BOT_TOKEN", TOKEN)
    assert "canary" not in repr(read_settings())


def test_what_belongs_to_the_browser_tests_and_to_others_is_let_be(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIAI_CHROMIUM", "/usr/bin/chromium")
    (folder / ".env").write_text("COMPOSE_PROJECT=x\nJIAI_CHROMIUM=\n# JIAI_NOTHING=1\n")
    assert read_settings().http_port == 8080


def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("JIAI_HTTP_PORT=1001\nJIAI_LANGUAGE=en\nJIAI_DATA_DIR=file\n")
    monkeypatch.setenv("JIAI_HTTP_PORT", "1002")
    monkeypatch.setenv("JIAI_DATA_DIR", "environment")
    found = read_settings(data_dir=Path("flag"), http_port=None)
    assert (found.data_dir, found.http_port, found.language) == (Path("flag"), 1002, "en")


def test_a_name_without_a_value_is_not_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"JIAI_{name.upper()}" for name in Settings.model_fields]
    (folder / ".env").write_text("".join(f"{name}=\n" for name in names))
    assert read_settings() == Settings(_env_file=None)
    (folder / ".env").write_text("JIAI_HTTP_PORT=1001\n")
    monkeypatch.setenv("JIAI_HTTP_PORT", "")
    assert read_settings().http_port == 1001


def test_a_file_that_is_not_utf8_is_told(folder: Path) -> None:
    (folder / ".env").write_bytes("JIAI_LANGUAGE=中".encode("gbk"))
    assert _refusal() == ".env is not UTF-8 text; save it as UTF-8"


def test_home_is_found_without_a_shell(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("JIAI_DATA_DIR", "~/jiai")
    monkeypatch.setenv("JIAI_SECRET_KEY_FILE", "~/keys/jiai")
    found = read_settings()
    assert (found.data_dir, found.key_file) == (folder / "jiai", folder / "keys" / "jiai")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////var/lib/jiai/jiai.sqlite3",
        "postgresql://jiai:word@db/jiai",
        "postgresql+psycopg://db/jiai",
    ],
)
def test_both_kinds_of_database_are_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("JIAI_DATABASE_URL", url)
    assert read_settings().database == url


def test_postgresql_without_its_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_file, "find_spec", lambda _: None)
    monkeypatch.setenv("JIAI_DATABASE_URL", "postgresql://db/jiai")
    assert "pip install" in _refusal()


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("http://127.0.0.1:8081", True),
        ("http://localhost:8081", True),
        ("http://[::1]:8081", True),
        ("https://api.telegram.org", False),
        ("http://127.0.0.1.example.org", False),
        ("http://10.0.0.1", False),
    ],
)
def test_the_clock_moves_only_with_a_bot_api_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, url: str, near: bool
) -> None:
    monkeypatch.setenv("JIAI_BOT_API_URL", url)
    monkeypatch.setenv("JIAI_CLOCK", "2026-11-25T09:00:00")
    assert read_settings().is_loopback is near
    monkeypatch.setenv("JIAI_BOT_TOKEN", TOKEN)
    if near:
        assert read_settings().start_clock == datetime(2026, 11, 25, 1, tzinfo=UTC)
    else:
        assert _refusal().startswith("JIAI_CLOCK: the clock can be moved only")


def test_a_clock_with_its_own_zone_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().start_clock is None
    monkeypatch.setenv("JIAI_CLOCK", "2026-11-25T09:00:00+02:00")
    assert read_settings().start_clock == datetime(2026, 11, 25, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("8081", ("127.0.0.1", 8081)),
        ("0.0.0.0:8081", ("0.0.0.0", 8081)),
        ("[::1]:81", ("::1", 81)),
    ],
)
def test_the_health_page_is_for_this_machine_unless_a_host_is_named(
    monkeypatch: pytest.MonkeyPatch, value: str, address: tuple[str, int]
) -> None:
    assert read_settings().health is None
    monkeypatch.setenv("JIAI_HEALTH_ADDRESS", value)
    assert read_settings().health == address


MAIL = {"HOST": "smtp.example.org", "FROM": "jiai@example.org", "TO": "desk@example.org"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"HOST": "smtp.example.org"}, "JIAI_MAIL: is half set; JIAI_MAIL_FROM, JIAI_MAIL_TO is"),
        ({"USER": "me"}, "JIAI_MAIL: needs JIAI_MAIL_HOST"),
        ({**MAIL, "USER": "me"}, "JIAI_MAIL: JIAI_MAIL_USER and a password belong together"),
        ({**MAIL, "SECURITY": "none"}, "is for a server on this machine alone"),
        ({**MAIL, "SECURITY": "tls"}, "JIAI_MAIL_SECURITY: must be one of"),
        ({**MAIL, "TO": "somebody"}, "JIAI_MAIL_TO: must be addresses"),
        ({**MAIL, "TO": "a@b.cn\nBcc: x@y.cn"}, "JIAI_MAIL_TO: must be addresses"),
        ({**MAIL, "FROM": "Jiai <a@b.cn>"}, "JIAI_MAIL_FROM: must be one address"),
        (
            {**MAIL, "USER": "me", "PASSWORD": "canary", "PASSWORD_FILE": "x"},
            "JIAI_MAIL: set one of",
        ),
    ],
)
def test_mail_that_is_half_set_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], says: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"JIAI_MAIL_{name}", value)
    line = _refusal()
    assert says in line
    assert "canary" not in line


def test_mail_that_is_whole_names_who_gets_what(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**MAIL, "TO": "desk@example.org，青山村残协＝li@example.org"}.items():
        monkeypatch.setenv(f"JIAI_MAIL_{name}", value)
    assert read_settings().house().mail_to == (), "what is practised reaches no real desk"
    monkeypatch.setenv("JIAI_BOT_TOKEN", TOKEN)
    receivers = read_settings().house().mail_to
    assert [(one.address, one.organisation) for one in receivers] == [
        ("desk@example.org", None),
        ("li@example.org", "青山村残协"),
    ]
