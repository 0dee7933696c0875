"""What has to be told by word of mouth: the message of somebody who does not use the chat."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Session
from storage.refusals import Fact
from storage.tables import to_tell

# Questions with buttons are asked of whoever can press them, never read out.
NEVER_ALOUD = frozenset({"need_was_it_done", "check_in_are_you_well"})

_SQLITE = sqlite.insert(to_tell).on_conflict_do_nothing(index_elements=["key"])
_POSTGRES = postgresql.insert(to_tell).on_conflict_do_nothing(index_elements=["key"])


def keep_to_tell(
    session: Session,
    *,
    now: datetime,
    key: str,
    person_id: int,
    template: str,
    facts: Mapping[str, Fact],
    wanted: str | None = None,
) -> bool:
    """Lay a message on the staff's list of what to tell; the same key once, ever."""
    if template in NEVER_ALOUD:
        return False
    sealed = session.vault.seal(json.dumps(facts, ensure_ascii=False), place=f"to_tell:{key}")
    row = {
        "key": key,
        "person_id": person_id,
        "template": template,
        "facts": sealed,
        "wanted": wanted,
        "state": "open",
        "created_at": now,
        "version": 1,
    }
    return session.execute(_insert_once(session), row).rowcount == 1


def _insert_once(session: Session) -> Insert:
    return _SQLITE if session.connection.dialect.name == "sqlite" else _POSTGRES
