"""Neighbours of a pair whom the bot cannot write to: somebody at a telephone rings them up."""

from datetime import datetime

from storage.check_ins.cases import Case
from storage.check_ins.facts import Facts
from storage.database import Session
from storage.journal import note
from storage.partners import list_partners
from storage.people import open_contact

PHONED_AT_MOST = 2


def neighbours_by_phone(session: Session, case: Case, *, now: datetime, to: int) -> Facts:
    """Return names and numbers of the nearest neighbours without the chat; each look is noted.

    Only of pairs that both sides said yes to, and never of whoever is shown it.
    """
    names: list[str] = []
    phones: list[str] = []
    for one in list_partners(session, now=now, resident_id=case.resident_id):
        if one.by_chat or one.person_id == to or len(names) == PHONED_AT_MOST:
            continue
        phone = open_contact(session, person_id=one.person_id, or_mark=True).phone
        if phone is None:
            continue
        names.append(one.name)
        phones.append(phone)
        note(
            session,
            now=now,
            what="contact_shown",
            actor_id=to,
            subject_id=one.person_id,
            thing="check_in",
            thing_id=case.id,
            ground=case.rung.value,
        )
    return {"neighbours": names, "neighbour_phones": phones}
