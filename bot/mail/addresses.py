"""The mail settings read: who gets mail, and whether the settings are whole."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from storage.house import MailTo

SECURITIES = ("starttls", "ssl", "none")
PORTS = {"starttls": 587, "ssl": 465, "none": 25}
# Not every address of RFC 5321, but nothing that could smuggle in a second header or address.
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}")


class MailSettings(Protocol):
    """What the settings say about mail."""

    mail_host: str
    mail_port: int | None
    mail_security: str
    mail_user: str
    mail_password: SecretStr | None
    mail_password_file: Path | None
    mail_from: str
    mail_to: str


def read_receivers(value: str) -> tuple[MailTo, ...]:
    """Read "desk@example.org, 青山村残协=li@example.org"; raises ValueError."""
    receivers = []
    for part in re.split(r"[,，;；]", value):
        name, _, address = part.replace("＝", "=").rpartition("=")
        if not part.strip():
            continue
        if not ADDRESS.fullmatch(address.strip()):
            raise ValueError(
                "must be addresses with commas between, an organisation before its own: "
                "desk@example.org, 青山村残协=li@example.org"
            )
        receivers.append(MailTo(address.strip(), name.strip() or None))
    return tuple(receivers)


def mail_fault(settings: MailSettings) -> str | None:
    """Say in one line what is half set; None when mail is whole, or off."""
    needed = {"host": settings.mail_host, "from": settings.mail_from, "to": settings.mail_to}
    missing = [f"JIAI_MAIL_{name.upper()}" for name, value in needed.items() if not value]
    has_password = settings.mail_password is not None or settings.mail_password_file is not None
    if len(missing) == len(needed):
        beside = settings.mail_user or has_password or settings.mail_port is not None
        return "mail: needs JIAI_MAIL_HOST, JIAI_MAIL_FROM and JIAI_MAIL_TO" if beside else None
    if missing:
        return f"mail: is half set; {', '.join(missing)} is missing"
    if settings.mail_password is not None and settings.mail_password_file is not None:
        return "mail: set one of JIAI_MAIL_PASSWORD and JIAI_MAIL_PASSWORD_FILE"
    if bool(settings.mail_user) != has_password:
        return "mail: JIAI_MAIL_USER and a password belong together"
    if settings.mail_security == "none" and not on_this_machine(settings.mail_host):
        return "mail: JIAI_MAIL_SECURITY=none is for a server on this machine alone"
    return None


def on_this_machine(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def password_of(settings: MailSettings) -> str | None:
    """The password, from the environment or its file; raises OSError."""
    if settings.mail_password is not None:
        return settings.mail_password.get_secret_value()
    if settings.mail_password_file is not None:
        return settings.mail_password_file.expanduser().read_text(encoding="utf-8").strip()
    return None
