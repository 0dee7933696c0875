"""What taking a yes back does, at once and in the same transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import delete

from storage.database import Session
from storage.dialogues import close_chat
from storage.duty import tell_duty
from storage.guardians import is_known_minor
from storage.journal import note
from storage.needs.hiding import hide_contacts_of
from storage.outbox import MessageClass
from storage.outbox.shown import withdraw_all
from storage.people import Person, get_person
from storage.registers import change_profile
from storage.roles import end_role
from storage.rules.fields import Register
from storage.rules.purposes import Purpose
from storage.rules.shown_to import DISABILITY_FIELDS
from storage.tables import disability_certificate

Effect = Callable[[Session, datetime, Person, Person], None]


def take_effect(
    session: Session, *, now: datetime, actor: Person, person_id: int, purpose: Purpose
) -> None:
    """Let a no work; doing it once more changes nothing."""
    effect = _EFFECTS.get(purpose)
    if effect is not None:
        effect(session, now, actor, get_person(session, person_id=person_id))


def undo_effect(session: Session, *, person_id: int, purpose: Purpose) -> None:
    """A yes again: the chat opens. What was forgotten stays forgotten until it is told anew."""
    if purpose is Purpose.ABROAD:
        chat_id = get_person(session, person_id=person_id).telegram_id
        if chat_id is not None:
            close_chat(session, chat_id=chat_id, closed=False)


def _hide_contacts(session: Session, now: datetime, actor: Person, whose: Person) -> None:
    hide_contacts_of(session, now=now, person_id=whose.id)


def _close_chat(session: Session, now: datetime, actor: Person, whose: Person) -> None:
    """Nothing more is sent there but answers and alarms; staff go on by phone and on paper."""
    if whose.telegram_id is None:
        return
    if not close_chat(session, chat_id=whose.telegram_id, closed=True):
        return
    withdraw_all(session, now=now, chat_id=whose.telegram_id)
    note(session, now=now, what="chat_closed", actor_id=actor.id, subject_id=whose.id)
    _tell(session, now, whose, "consent_chat_closed_desk", without=whose.id)


def _forget_disability(session: Session, now: datetime, actor: Person, whose: Person) -> None:
    """Forget category, grade, certificate numbers and what hangs on them (个人信息保护法 47).

    The federation's own register of certificates stands on its statutory duty and is not here.
    Sums that were reported stay, they name nobody; in new ones the person counts as without.
    """
    for register in Register:
        change_profile(
            session,
            now=now,
            actor=actor,
            person_id=whose.id,
            values=dict.fromkeys(sorted(DISABILITY_FIELDS[register])),
            ground="consent",
            register=register,
        )
    theirs = disability_certificate.c.person_id == whose.id
    forgotten = session.change(delete(disability_certificate).where(theirs))
    note(
        session,
        now=now,
        what="disability_forgotten",
        actor_id=actor.id,
        subject_id=whose.id,
        ground="consent",
        detail=f"certificates {forgotten}",
    )


def _stop_publishing(purpose: Purpose) -> Effect:
    def stop(session: Session, now: datetime, actor: Person, whose: Person) -> None:
        """Whoever prepares publicity takes it down."""
        _tell(session, now, whose, "consent_unpublish", purpose=purpose)

    return stop


def _end_helping(session: Session, now: datetime, actor: Person, whose: Person) -> None:
    """A minor without a guardian's yes helps no more; the office hands open tasks over."""
    if "volunteer" in whose.roles and is_known_minor(session, now=now, person_id=whose.id):
        end_role(
            session,
            now=now,
            person_id=whose.id,
            kind="volunteer",
            actor_id=actor.id,
            ground="consent",
        )
        _tell(session, now, whose, "consent_minor_ended")


def _tell(
    session: Session,
    now: datetime,
    whose: Person,
    template: str,
    *,
    purpose: Purpose | None = None,
    without: int | None = None,
) -> None:
    facts = {"name": whose.name} | ({"purpose": purpose.value} if purpose else {})
    tell_duty(
        session,
        now=now,
        key=f"{template}:{whose.id}:{now:%Y%m%d%H%M%S}:{purpose or ''}",
        template=template,
        message_class=MessageClass.MUST,
        facts=facts,
        about=whose.id,
        without=without,
    )


_EFFECTS: Mapping[Purpose, Effect] = MappingProxyType(
    {
        Purpose.ABROAD: _close_chat,
        Purpose.RECORD_DISABILITY: _forget_disability,
        Purpose.SHARE_CONTACT: _hide_contacts,
        Purpose.PUBLISH_NAME: _stop_publishing(Purpose.PUBLISH_NAME),
        Purpose.PUBLISH_PICTURE: _stop_publishing(Purpose.PUBLISH_PICTURE),
        Purpose.PUBLISH_STORY: _stop_publishing(Purpose.PUBLISH_STORY),
        Purpose.VOLUNTEER_MINOR: _end_helping,
    }
)
