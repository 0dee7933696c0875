"""Details of a need: kept sealed beside it, opened by those who may know."""

import json
import secrets
from typing import Any

from sqlalchemy import Row, delete, insert, update

from storage.database import Session
from storage.rules.details import Details, as_facts, from_facts
from storage.tables import need, need_detail

_NONE = Details()


def details_in(session: Session, row: Row[Any]) -> Details:
    """The details in a row that has ``wanted_at`` and the columns of need_detail."""
    if row.facts is None:
        return Details(wanted_at=row.wanted_at) if row.wanted_at else _NONE
    text = session.vault.unseal(row.facts, place=f"need_detail.facts:{row.detail_uid}")
    return from_facts(json.loads(text), wanted_at=row.wanted_at, group_code=row.group_code)


def keep_details(session: Session, *, need_id: int, details: Details) -> None:
    """Put these details in the place of whatever was kept of the need."""
    session.change(update(need).where(need.c.id == need_id).values(wanted_at=details.wanted_at))
    session.change(delete(need_detail).where(need_detail.c.need_id == need_id))
    if details in (_NONE, Details(wanted_at=details.wanted_at)):
        return
    uid = secrets.token_hex(16)
    text = json.dumps(as_facts(details), ensure_ascii=False)
    session.execute(
        insert(need_detail).values(
            need_id=need_id,
            uid=uid,
            group_code=details.group_code,
            facts=session.vault.seal(text, place=f"need_detail.facts:{uid}"),
        )
    )
