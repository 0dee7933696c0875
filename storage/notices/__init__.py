"""Notices to an audience: sent by batches, read or noted as read, and who has not yet."""

from storage.notices.looking import (
    PAGE,
    CommunityReading,
    Notice,
    NoticeLine,
    Unread,
    get_notice,
    list_notices,
    list_unread,
    open_phones,
)
from storage.notices.reading import Received, get_received, mark_read, note_read
from storage.notices.sending import (
    Attachable,
    NobodyMeant,
    RemindedEnough,
    list_attachable,
    preview_facts,
    remind_notice,
    send_notice,
    stop_notice,
)
from storage.notices.stepping import next_notice_at, send_notices

__all__ = [
    "PAGE",
    "Attachable",
    "CommunityReading",
    "NobodyMeant",
    "Notice",
    "NoticeLine",
    "Received",
    "RemindedEnough",
    "Unread",
    "get_notice",
    "get_received",
    "list_attachable",
    "list_notices",
    "list_unread",
    "mark_read",
    "next_notice_at",
    "note_read",
    "open_phones",
    "preview_facts",
    "remind_notice",
    "send_notice",
    "send_notices",
    "stop_notice",
]
