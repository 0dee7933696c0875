"""One e-mail to one address over SMTP, by the standard library.

What certainly went wrong is told apart from what nobody knows: only the second may be a repeat.
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

from storage.mails import MailEnd

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in."""

    host: str
    port: int
    security: str
    user: str
    password: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """How it ended, and in which words of ours; a server's words could hold an address."""

    end: MailEnd
    error: str | None = None


def send(server: Server, message: EmailMessage) -> Attempt:
    """Hand it in; never raises for what a network or a server does."""
    try:
        smtp = _connect(server)
    except (smtplib.SMTPException, OSError) as error:
        return Attempt(MailEnd.LATER, _kind(error))
    try:
        refused = _envelope(smtp, message)
        return refused or _words(smtp, message)
    finally:
        try:
            smtp.quit()
        except (smtplib.SMTPException, OSError):
            smtp.close()


def greet(server: Server) -> str | None:
    """Connect and sign in, and say nothing more; returns what went wrong."""
    try:
        smtp = _connect(server)
        smtp.quit()
    except (smtplib.SMTPException, OSError) as error:
        return _kind(error)
    return None


def _connect(server: Server) -> smtplib.SMTP:
    smtp: smtplib.SMTP
    if server.security == "ssl":
        trusted = ssl.create_default_context()
        smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=trusted)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if server.user and server.password is not None:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _envelope(smtp: smtplib.SMTP, message: EmailMessage) -> Attempt | None:
    """From and to; until the words are handed over nothing can have arrived."""
    try:
        for code, _ in (smtp.mail(message["From"]), smtp.rcpt(message["To"])):
            if code >= 500:
                return Attempt(MailEnd.REFUSED, f"the server said {code}")
            if code >= 400:
                return Attempt(MailEnd.LATER, f"the server said {code}")
    except (smtplib.SMTPException, OSError) as error:
        return Attempt(MailEnd.LATER, _kind(error))
    return None


def _words(smtp: smtplib.SMTP, message: EmailMessage) -> Attempt:
    try:
        code, _ = smtp.data(message.as_bytes(policy=message.policy.clone(linesep="\r\n")))
    except smtplib.SMTPDataError as error:
        # The server would not even listen.
        end = MailEnd.REFUSED if error.smtp_code >= 500 else MailEnd.LATER
        return Attempt(end, f"the server said {error.smtp_code}")
    except (smtplib.SMTPException, OSError) as error:
        return Attempt(MailEnd.UNCLEAR, _kind(error))
    if code >= 400:
        end = MailEnd.REFUSED if code >= 500 else MailEnd.LATER
        return Attempt(end, f"the server said {code}")
    return Attempt(MailEnd.SENT)


def _kind(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "the server refuses user and password"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "the server's certificate is not trusted"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server said {error.smtp_code}"
    return type(error).__name__
