"""What somebody sent before there was a need comes to belong to it."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from storage.database import Session
from storage.tables import file, need_media


def attach_media(
    session: Session, *, actor_id: int, need_id: int, resident_id: int, media_ids: Sequence[int]
) -> int:
    """Let what somebody sent belong to a need, photos of the same album as well; returns how many.

    Only what they sent themselves or was sent about the resident, and belongs to no need yet. The
    need's own use case has checked that they may write to it.
    """
    if not media_ids:
        return 0
    albums = select(need_media.c.album).where(
        need_media.c.id.in_(media_ids), need_media.c.album != ""
    )
    theirs = or_(need_media.c.sender_id == actor_id, need_media.c.resident_id == resident_id)
    mine = (theirs, need_media.c.need_id.is_(None))
    chosen = or_(need_media.c.id.in_(media_ids), need_media.c.album.in_(albums))
    rows = session.all(
        select(need_media.c.id, need_media.c.file_id).where(*mine, chosen).order_by(need_media.c.id)
    )
    ids = [row.id for row in rows]
    files = [row.file_id for row in rows if row.file_id is not None]
    session.change(
        update(need_media)
        .where(need_media.c.id.in_(ids), need_media.c.need_id.is_(None))
        .values(need_id=need_id, resident_id=resident_id)
    )
    session.change(update(file).where(file.c.id.in_(files)).values(owner_id=resident_id))
    return len(ids)
