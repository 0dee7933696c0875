"""An alarm's row: its times, its sealed words, and how it changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, or_, select, update

from storage.database import Session
from storage.hotlines import numbers_for, text_line
from storage.outbox import Button
from storage.refusals import Fact, TooLate
from storage.registers import find_disability, open_profile
from storage.rules.certificate import DisabilityCategory
from storage.rules.dangers import DangerKind
from storage.rules.text import cut
from storage.tables import alarm, caregiver, person
from storage.vault import VaultError

Facts = dict[str, Fact]

# The times of an alarm, as one table.
ANSWER_WITHIN = timedelta(minutes=3)  # the safety question; silence is treated as danger
RING_EVERY = timedelta(minutes=5)  # until a named person holds it
CONFIRM_WITHIN = timedelta(minutes=5)  # who took it says "I am there", or it goes on
HELD_FOR = timedelta(minutes=10)  # from then on; it rings again, unless it has ended
FOLLOWED_FOR = timedelta(minutes=30)  # what the person writes in this time belongs to it
PASSED_ON_AT_ONCE = 10  # messages between two rings; more is a flood, and waits a minute each

WORDS_LIMIT = 8000
# A bot's message holds 4,096 characters with everything around the words.
SHOWN_LIMIT = 1500


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as it stands; ``rings`` is 0 while only the safety question has been asked."""

    id: int
    uid: str
    chat_id: int
    person_id: int | None
    kind: DangerKind
    words: str
    state: str
    holder_id: int | None
    next_step_at: datetime | None
    rings: int
    ending: str | None
    created_at: datetime
    version: int
    confirmed_as: str | None = None
    handed_to: str | None = None
    handed_by: str | None = None

    @property
    def card(self) -> str:
        """The card that its messages share in each chat."""
        return f"alarm:{self.id}"

    @property
    def is_live(self) -> bool:
        """Whether it has rung and is not over."""
        return self.rings > 0 and self.state != "closed"

    def button(self, act: str) -> Button:
        """A button that acts on this version of the alarm."""
        return Button(f"alarm.{act}", f"alarm:{act}:{self.id}:{self.version}")


def get_alarm(session: Session, *, alarm_id: int) -> Alarm:
    """Return the alarm, its row held until the end of the transaction; LookupError for none."""
    row = session.find(select(alarm).where(alarm.c.id == alarm_id).with_for_update())
    if row is None:
        raise LookupError(f"no alarm {alarm_id}")
    return _alarm(session, row)


def find_open_alarm(session: Session, *, chat_id: int) -> Alarm | None:
    """Return the alarm of a chat that is not over; not one that staff raised about another."""
    theirs = select(person.c.id).where(person.c.telegram_id == chat_id)
    cared_for = (
        select(caregiver.c.resident_id)
        .where(caregiver.c.state == "confirmed")
        .where(caregiver.c.caregiver_id.in_(theirs))
    )
    mine = or_(alarm.c.person_id.in_(theirs), alarm.c.person_id.in_(cared_for))
    row = session.find(
        select(alarm)
        .where(alarm.c.chat_id == chat_id, alarm.c.state != "closed")
        .where(or_(alarm.c.person_id.is_(None), mine))
        .order_by(alarm.c.id.desc())
        .limit(1)
        .with_for_update()
    )
    return _alarm(session, row) if row is not None else None


def find_alarm_about(session: Session, *, person_id: int) -> Alarm | None:
    """Return the alarm about a person that is not over, wherever it was raised."""
    row = session.find(
        select(alarm)
        .where(alarm.c.person_id == person_id, alarm.c.state != "closed")
        .order_by(alarm.c.id.desc())
        .limit(1)
        .with_for_update()
    )
    return _alarm(session, row) if row is not None else None


def _alarm(session: Session, row: Row[Any]) -> Alarm:
    return Alarm(
        id=row.id,
        uid=row.uid,
        chat_id=row.chat_id,
        person_id=row.person_id,
        kind=DangerKind(row.danger),
        words=session.vault.unseal_or_mark(row.words, place=f"alarm.words:{row.uid}"),
        state=row.state,
        holder_id=row.holder_id,
        next_step_at=row.next_step_at,
        rings=row.rings,
        ending=row.ending,
        created_at=row.created_at,
        version=row.version,
        confirmed_as=row.confirmed_as,
        handed_to=row.handed_to,
        handed_by=row.handed_by,
    )


def seal_words(session: Session, *, uid: str, words: str) -> bytes:
    """Seal what was said, cut where nobody would read on."""
    return session.vault.seal(cut(words, WORDS_LIMIT), place=f"alarm.words:{uid}")


def change_alarm(session: Session, row: Alarm, values: Mapping[str, object]) -> Alarm:
    """Change an alarm if it is still as it was read, and return it as it is now."""
    changed = session.change(
        update(alarm)
        .where(alarm.c.id == row.id, alarm.c.version == row.version)
        .where(alarm.c.state != "closed")
        .values(**values, version=row.version + 1)
    )
    if changed != 1:
        raise TooLate
    return get_alarm(session, alarm_id=row.id)


def name_of(session: Session, person_id: int | None) -> str | None:
    """Return somebody's name, or None for somebody who has not joined."""
    if person_id is None:
        return None
    name: str | None = session.value(select(person.c.name).where(person.c.id == person_id))
    return name


def number_facts(session: Session, *, kind: DangerKind, person_id: int | None) -> Facts:
    """Return the numbers to call in this danger, and the way for those who cannot speak.

    ``sms_first``: the person neither hears nor speaks, so the text line is the one to read first.
    """
    contacts = numbers_for(session, kind)
    return {
        "kind": kind.value,
        "numbers": [contact.key.value for contact in contacts],
        "digits": [contact.number for contact in contacts],
        "sms": text_line(session).number,
        "sms_first": person_id is not None and "by_text" in ways_to_reach(session, person_id),
    }


# What somebody who goes or phones has to know first.
_BY_CATEGORY = {
    DisabilityCategory.HEARING: "by_text",
    DisabilityCategory.SPEECH: "by_text",
    DisabilityCategory.VISUAL: "speak_first",
    DisabilityCategory.PHYSICAL: "slow_to_door",
    DisabilityCategory.INTELLECTUAL: "gently",
    DisabilityCategory.PSYCHIATRIC: "gently",
}
_BY_WAY = {
    "text": "by_text",
    "sign_language": "sign_language",
    "through_family": "through_family",
}


def ways_to_reach(session: Session, person_id: int) -> list[str]:
    """How a person is reached: by text, in sign language, speak first … as far as it is known."""
    try:
        return _ways(session, person_id)
    except VaultError:
        return []  # no key opens the register's row: the alarm rings without it


def _ways(session: Session, person_id: int) -> list[str]:
    known = find_disability(session, person_id=person_id)
    ways = [_BY_CATEGORY[known.category]] if known and known.category in _BY_CATEGORY else []
    said = open_profile(session, person_id=person_id).get("communication")
    listed = said if isinstance(said, list) else []
    only_by_text = "voice" not in listed
    ways += [_BY_WAY[way] for way in listed if way in _BY_WAY and (way != "text" or only_by_text)]
    return list(dict.fromkeys(ways))
