"""The doctor looks at mail: whether the server lets us in, and with --mail whether a mail goes."""

import asyncio
from datetime import datetime, timedelta

from bot.commands.finding import Finding
from bot.mail.letter import compose
from bot.mail.post import server_of
from bot.mail.smtp import greet, send
from bot.settings import Settings
from messages.render import Wording
from storage.database import Session
from storage.mails import MailEnd, ToMail, count_undelivered
from storage.organisations import find_by_name

TEST = "test"
LOOK_BACK = timedelta(days=7)


async def examine_mail(settings: Settings, *, now: datetime, test: bool) -> list[Finding]:
    """Sign in at the server; with ``test`` one mail goes to each address."""
    receivers = settings.house().mail_to
    if not receivers:
        why = "the practice room sends none" if settings.mail_host else "no address is set"
        return [Finding("mail", True, f"off ({why}); alarms go out by the messenger alone")]
    try:
        server = server_of(settings)
    except OSError as error:
        return [Finding("mail", False, f"the password file: {type(error).__name__}")]
    wrong = await asyncio.to_thread(greet, server)
    if wrong is not None:
        return [Finding("mail", False, f"{server.host}:{server.port}: {wrong}")]
    findings = [Finding("mail", True, f"{server.host} lets us in; {len(receivers)} address(es)")]
    if test:
        wording = Wording(zone=settings.timezone)
        for number, one in enumerate(receivers, 1):
            uid = f"test-{now:%Y%m%d%H%M%S}-{number}"
            row = ToMail(0, uid, TEST, one.address, {}, now, is_repeat=False)
            message = compose(
                row,
                wording=wording,
                language=settings.language,
                sender=settings.mail_from,
                now=now,
            )
            attempt = await asyncio.to_thread(send, server, message)
            went = attempt.end is MailEnd.SENT
            says = "the server took it" if went else f"{attempt.end.value}: {attempt.error}"
            findings.append(Finding(f"mail to address {number}", went, says))
    return findings


def examine_mails_sent(session: Session, *, now: datetime) -> list[Finding]:
    """What did not go out this week, and organisations that nobody knows."""
    if not session.house.mail_to:
        return []
    names = {one.organisation for one in session.house.mail_to if one.organisation is not None}
    unknown = sorted(name for name in names if find_by_name(session, name=name) is None)
    findings = [
        Finding("mail receivers", False, f"no organisation is called {name}; see /organisations")
        for name in unknown
    ]
    count, why = count_undelivered(session, since=now - LOOK_BACK)
    says = f"{count} did not go out this week, or may not have ({why or 'no reason known'})"
    findings.append(Finding("mails", not count, says if count else "every one went out"))
    return findings
