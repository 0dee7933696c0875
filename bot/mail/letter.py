"""An e-mail's words: plain text, few, and nothing of anybody's health."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from bot.letters import bare
from messages.filters import FIRST_STRONG_ISOLATE, POP_ISOLATE
from messages.render import Wording
from storage.mails import ToMail

_MARKS = str.maketrans("", "", f"{FIRST_STRONG_ISOLATE}{POP_ISOLATE}\r\n")


def compose(
    one: ToMail, *, wording: Wording, language: str, sender: str, now: datetime
) -> EmailMessage:
    """Put it together; the same row has the same id, so that a repeat can be told."""
    facts = {**one.facts, "repeat": one.is_repeat}
    message = EmailMessage()
    subject = wording.label(f"mail.subject_{one.about}", language=language, facts=facts)
    marked = wording.label("mail.repeat", language=language) if one.is_repeat else ""
    message["Subject"] = f"{marked}{subject}".translate(_MARKS)
    message["From"] = sender
    message["To"] = one.address
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{one.uid}@{sender.rpartition('@')[2]}>"
    # No holiday note is to come back, and programs show it at once.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Priority"] = "1"
    text = bare(wording.text(f"mail_{one.about}", language=language, facts=facts))
    message.set_content(f"{text}\n", cte="base64")
    return message
