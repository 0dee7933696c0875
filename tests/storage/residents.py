"""People for the tests of joining: registered in one line each, with chats of their own."""

from datetime import datetime

from sqlalchemy import func, select

from storage.consents import NOTICE_VERSION, give_consent
from storage.database import Session
from storage.dialogues import choose_language
from storage.people import Person, add_person, get_person, set_phone
from storage.roles import grant
from storage.rules.skills import Skill, TimeSlot
from storage.tables import journal, outbox
from storage.volunteers import PLEDGE_VERSION, apply_to_volunteer

# The office as such, to which everything belongs.
OFFICE = Person(
    id=0,
    uid="",
    telegram_id=None,
    name="",
    community_id=None,
    has_phone=False,
    has_address=False,
    day_reminders=False,
    roles={"coordinator": "approved"},
    version=1,
    scope="/",
    is_office=True,
)


def register(
    session: Session,
    *,
    now: datetime,
    name: str,
    roles: tuple[str, ...] = (),
    chat: int | None = None,
    phone: str | None = None,
    community_id: int | None = None,
) -> Person:
    """Add a person; with ``chat`` they can be written to."""
    person_id = add_person(session, now=now, name=name, telegram_id=chat, community_id=community_id)
    if chat is not None:
        choose_language(session, chat_id=chat, language="zh")
    if phone is not None:
        set_phone(session, person_id=person_id, phone=phone)
    if roles and chat is not None:
        give_consent(
            session,
            now=now,
            person_id=person_id,
            purpose="keep_data",
            version=NOTICE_VERSION,
            given_by=person_id,
        )
    for kind in roles:
        grant(session, now=now, person_id=person_id, kind=kind, actor_id=None)
    return get_person(session, person_id=person_id)


def apply(session: Session, *, now: datetime, person: Person) -> None:
    """Apply with two skills and one time."""
    apply_to_volunteer(
        session,
        now=now,
        person=person,
        skills=[Skill.HAIRCUT, Skill.ERRANDS],
        times=[TimeSlot.WEEKEND],
        pledge_version=PLEDGE_VERSION,
    )


def heard(session: Session, chat: int) -> list[str]:
    """The templates queued for a chat, oldest first."""
    rows = session.all(
        select(outbox.c.template).where(outbox.c.chat_id == chat).order_by(outbox.c.id)
    )
    return [row.template for row in rows]


def journalled(session: Session, what: str) -> int:
    """How often something stands in the journal."""
    return int(session.value(select(func.count()).where(journal.c.what == what)))
