"""What is known of a voice or photo: who sent it, about whom, and where its file stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from storage.choices import Button
from storage.database import Session
from storage.refusals import Fact
from storage.tables import community, file, need_media, person

VOICE, PHOTO = "voice", "photo"
PURPOSES = {VOICE: "need_voice", PHOTO: "need_photo"}


@dataclass(frozen=True, slots=True)
class Medium:
    """A voice or photo. ``file_state`` is None where there is no file: it was too big."""

    id: int
    uid: str
    need_id: int | None
    resident_id: int
    resident: str
    community: str | None
    sender_id: int
    sender: str
    file_id: int | None
    file_state: str | None
    kind: str
    seconds: int
    transcript: str | None
    state: str
    rings: int
    heard_by: str | None
    created_at: datetime
    version: int

    @property
    def card(self) -> str:
        """The card of its messages to the staff."""
        return f"media:{self.id}"

    @property
    def is_kept(self) -> bool:
        """Whether it can be played."""
        return self.file_state == "kept"

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for the wording of the staff's messages."""
        return {
            "name": self.resident,
            "community": self.community,
            "by": self.sender if self.sender_id != self.resident_id else None,
            "kind": self.kind,
            "seconds": self.seconds,
            "since": self.created_at.isoformat(),
            "ring": self.rings,
            "kept": self.is_kept,
            "heard_by": self.heard_by,
            "transcript": self.transcript,
        }

    @property
    def buttons(self) -> list[list[Button]]:
        """What whoever of the staff hears it can do."""
        return [
            [self.button("danger")],
            [self.button("write")],
            [self.button("heard")],
            [self.button("phone")],
        ]

    def button(self, act: str) -> Button:
        """One button of it."""
        return Button(f"media.{act}", f"media:{act}:{self.id}:{self.version}")


_resident, _sender, _hearer = person.alias("who"), person.alias("sent"), person.alias("hearer")


def media_query() -> Select[Any]:
    """Every voice and photo with the names that go with it."""
    return (
        select(
            need_media,
            _resident.c.name.label("resident"),
            community.c.name.label("community"),
            _sender.c.name.label("sender"),
            _hearer.c.name.label("hearer"),
            file.c.state.label("file_state"),
        )
        .join(_resident, _resident.c.id == need_media.c.resident_id)
        .join(_sender, _sender.c.id == need_media.c.sender_id)
        .outerjoin(community, community.c.id == _resident.c.community_id)
        .outerjoin(_hearer, _hearer.c.id == need_media.c.heard_by)
        .outerjoin(file, file.c.id == need_media.c.file_id)
    )


def find_medium(session: Session, *, media_id: int) -> Medium | None:
    """Return a voice or photo, or None. Who may know of it is the caller's to check."""
    row = session.find(media_query().where(need_media.c.id == media_id))
    return medium_in(session, row) if row is not None else None


def medium_in(session: Session, row: Row[Any]) -> Medium:
    """The voice or photo in a row of the query."""
    written = None
    if row.transcript is not None:
        place = f"need_media.transcript:{row.uid}"
        written = session.vault.unseal(row.transcript, place=place) or None
    return Medium(
        id=row.id,
        uid=row.uid,
        need_id=row.need_id,
        resident_id=row.resident_id,
        resident=row.resident,
        community=row.community,
        sender_id=row.sender_id,
        sender=row.sender,
        file_id=row.file_id,
        file_state=row.file_state,
        kind=row.kind,
        seconds=row.seconds,
        transcript=written,
        state=row.state,
        rings=row.rings,
        heard_by=row.hearer,
        created_at=row.created_at,
        version=row.version,
    )
