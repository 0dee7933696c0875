"""Files: kept sealed, fetched from the messenger through the outbox, wiped when their time is over.

They are shared by all use cases; who may keep, fetch or open one is theirs to check.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import exists, insert, select, update

from storage.database import Session
from storage.outbox.saying import fetch
from storage.refusals import Refusal
from storage.tables import file, outbox

# The Bot API hands over no larger ones, and takes no larger ones.
LARGEST_FETCHED = 20 * 1024 * 1024
LARGEST_SENT = 50 * 1024 * 1024
# A file that was made is in the chat for good; here only its sending has to be sure.
KEPT_FOR = timedelta(hours=24)
NAME_LIMIT = 120
# Fetching gives up long before.
AWAITED_AT_MOST = timedelta(hours=1)


class FileTooBig(Refusal):
    """The messenger does not hand over files of this size; ``jiai import`` reads any."""

    key = "file_too_big"


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a file without opening it."""

    id: int
    owner_id: int | None
    purpose: str
    name: str
    media_type: str
    size: int
    digest: str | None
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file with its body."""

    name: str
    media_type: str
    body: bytes
    purpose: str = ""


class FileGone(LookupError):
    """The file is not here: never came, or its time is over."""


def keep_file(
    session: Session,
    *,
    now: datetime,
    name: str,
    media_type: str,
    body: bytes,
    purpose: str,
    owner_id: int | None = None,
    kept_for: timedelta = KEPT_FOR,
) -> int:
    """Keep a file for a while and return its id."""
    uid = secrets.token_hex(16)
    return session.add(
        insert(file).values(
            uid=uid,
            owner_id=owner_id,
            purpose=purpose,
            name=_short(name),
            media_type=media_type[:100],
            size=len(body),
            body=session.vault.seal_bytes(body, place=f"file.body:{uid}"),
            digest=sha256(body).hexdigest(),
            state="kept",
            created_at=now,
            expires_at=now + kept_for,
        )
    )


def fetch_file(
    session: Session,
    *,
    now: datetime,
    source: str,
    name: str,
    media_type: str,
    size: int,
    purpose: str,
    owner_id: int | None = None,
    kept_for: timedelta = KEPT_FOR,
) -> int:
    """Have a file of the messenger fetched; returns the id under which it is awaited.

    Raises FileTooBig when the messenger said beforehand that it will not hand it over.
    """
    if size > LARGEST_FETCHED:
        raise FileTooBig(megabytes=-(-size // 1_048_576))
    file_id = session.add(
        insert(file).values(
            uid=secrets.token_hex(16),
            owner_id=owner_id,
            purpose=purpose,
            name=_short(name),
            media_type=media_type[:100],
            size=size,
            state="awaited",
            created_at=now,
            expires_at=now + kept_for,
        )
    )
    fetch(session, now=now, file_id=file_id, source=source)
    return file_id


def fill_file(session: Session, *, file_id: int, body: bytes) -> bool:
    """Put in what was fetched; False when it is here already, or nobody awaits it any more."""
    uid = session.value(select(file.c.uid).where(file.c.id == file_id))
    filled = session.change(
        update(file)
        .where(file.c.id == file_id, file.c.state == "awaited")
        .values(
            state="kept",
            size=len(body),
            body=session.vault.seal_bytes(body, place=f"file.body:{uid}"),
            digest=sha256(body).hexdigest(),
        )
    )
    return filled == 1


def find_file(session: Session, *, file_id: int) -> File | None:
    """Return what is known of a file."""
    columns = (getattr(file.c, name) for name in File.__slots__)
    row = session.find(select(*columns).where(file.c.id == file_id))
    return File(**row._asdict()) if row else None


def open_file(session: Session, *, file_id: int) -> OpenFile:
    """Open a kept file; raises FileGone."""
    row = session.find(
        select(file.c.uid, file.c.name, file.c.media_type, file.c.body, file.c.purpose).where(
            file.c.id == file_id
        )
    )
    if row is None or row.body is None:
        raise FileGone(file_id)
    body = session.vault.unseal_bytes(row.body, place=f"file.body:{row.uid}")
    return OpenFile(name=row.name, media_type=row.media_type, body=body, purpose=row.purpose)


def wipe_file(session: Session, *, file_id: int) -> None:
    """Wipe a file whose use is over before its time."""
    session.change(
        update(file)
        .where(file.c.id == file_id, file.c.state != "wiped")
        .values(state="wiped", body=None, reason=None, name="")
    )


def wipe_files(session: Session, *, now: datetime) -> int:
    """Wipe the files whose time is over, but none that still has to be sent; returns how many."""
    has_to_go = exists().where(
        outbox.c.file_id == file.c.id, outbox.c.state.in_(("pending", "sending"))
    )
    return session.change(
        update(file)
        .where(file.c.expires_at < now, file.c.state != "wiped", ~has_to_go)
        .values(state="wiped", body=None, reason=None, name="")
    )


def _short(name: str) -> str:
    """A name that fits, its ending kept."""
    stem, dot, suffix = name.rpartition(".")
    if len(name) <= NAME_LIMIT or not dot or len(suffix) > 10:
        return name[:NAME_LIMIT]
    return f"{stem[: NAME_LIMIT - len(suffix) - 1]}.{suffix}"
