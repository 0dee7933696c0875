"""E-mails: the other way for what must ring, where addresses are set; a row for each."""

from storage.mails.queueing import queue_mails
from storage.mails.sending import (
    MailEnd,
    ToMail,
    count_undelivered,
    lease_mail,
    record_mail,
    wipe_mail,
)

__all__ = [
    "MailEnd",
    "ToMail",
    "count_undelivered",
    "lease_mail",
    "queue_mails",
    "record_mail",
    "wipe_mail",
]
