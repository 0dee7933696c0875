"""Every table: the SQLModel classes declare, the Core tables named here are what storage uses."""

from storage.tables.check_ins import alarm, check_in, check_in_plan, day_reminder
from storage.tables.machinery import choice, dialogue, heartbeat, inbox, journal, outbox
from storage.tables.needs import claim, need, offer
from storage.tables.people import (
    caregiver,
    chat,
    community,
    consent,
    invitation,
    person,
    role,
    volunteer,
    wrong_code,
)

__all__ = [
    "alarm",
    "caregiver",
    "chat",
    "check_in",
    "check_in_plan",
    "choice",
    "claim",
    "community",
    "consent",
    "day_reminder",
    "dialogue",
    "heartbeat",
    "inbox",
    "invitation",
    "journal",
    "need",
    "offer",
    "outbox",
    "person",
    "role",
    "tables_by_name",
    "volunteer",
    "wrong_code",
]

# The tables whose version can make a queued message unwanted.
tables_by_name = {
    "alarm": alarm,
    "caregiver": caregiver,
    "check_in": check_in,
    "claim": claim,
    "need": need,
    "offer": offer,
    "role": role,
}
