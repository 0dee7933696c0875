"""Raising: words of danger become an alarm, are asked about once, or are added to one."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from storage.alarms.hearing import listen
from storage.alarms.ringing import ring
from storage.alarms.rows import (
    ANSWER_WITHIN,
    FOLLOWED_FOR,
    PASSED_ON_AT_ONCE,
    RING_EVERY,
    SHOWN_LIMIT,
    Alarm,
    change_alarm,
    find_alarm_about,
    find_open_alarm,
    get_alarm,
    name_of,
    seal_words,
)
from storage.database import Session
from storage.duty import OnDuty, list_duty
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.refusals import NotAllowed
from storage.rules.dangers import DangerKind
from storage.rules.text import cut
from storage.scope import staff_levels
from storage.tables import alarm, alarm_listener, dialogue, outbox, person


@dataclass(frozen=True, slots=True)
class Raised:
    """What happened to words of danger, and who knows of them; ``told`` may be nobody."""

    alarm: Alarm
    is_new: bool
    told: list[str]


def raise_alarm(
    session: Session,
    *,
    now: datetime,
    chat_id: int,
    person_id: int | None,
    words: str,
    kind: DangerKind,
) -> Raised:
    """Ring everyone on duty at once; words said while an alarm is open are added to that one."""
    before = _find_before(session, chat_id=chat_id, person_id=person_id)
    if before is not None and before.is_live:
        listen(session, before, chat_id=chat_id)
        return _add(session, before, now=now, words=words)
    if before is None:
        row = _insert(
            session, now=now, chat_id=chat_id, person_id=person_id, words=words, kind=kind
        )
    else:
        # The safety question was still open: these words have answered it.
        row = _append(session, before, words=words, kind=kind)
    rung, told = ring(session, row, now=now)
    return Raised(rung, True, [one.name for one in told])


def raise_alarm_about(
    session: Session,
    *,
    now: datetime,
    chat_id: int,
    person_id: int | None,
    words: str,
    kind: DangerKind,
) -> Raised:
    """Staff wrote words of danger about somebody: it rings about that person, not the writer.

    ``chat_id`` is the writer's, who is told when somebody takes it.
    """
    before = find_alarm_about(session, person_id=person_id) if person_id is not None else None
    if before is not None and before.is_live:
        return _add(session, before, now=now, words=words)
    row = _insert(session, now=now, chat_id=chat_id, person_id=person_id, words=words, kind=kind)
    rung, told = ring(session, row, now=now)
    return Raised(rung, True, [one.name for one in told])


def ask_if_danger(
    session: Session,
    *,
    now: datetime,
    chat_id: int,
    person_id: int | None,
    words: str,
    kind: DangerKind,
) -> Raised:
    """Keep unclear words for one safety question; unanswered, they are treated as danger."""
    before = _find_before(session, chat_id=chat_id, person_id=person_id)
    if before is not None and before.is_live:
        listen(session, before, chat_id=chat_id)
        return _add(session, before, now=now, words=words)
    if before is not None:
        return Raised(_append(session, before, words=words, kind=before.kind), False, [])
    row = _insert(session, now=now, chat_id=chat_id, person_id=person_id, words=words, kind=kind)
    return Raised(row, True, [])


def add_to_alarm(session: Session, *, now: datetime, chat_id: int, words: str) -> Raised | None:
    """Pass on what somebody in danger writes next, where they are for example.

    None when no alarm of this chat is young enough, or when they went back to their form.
    """
    row = find_open_alarm(session, chat_id=chat_id) or _find_heard(session, chat_id=chat_id)
    if row is None or not row.is_live:
        return None
    # Whoever thinks of dying is listened to until somebody has them.
    if row.kind is not DangerKind.SELF_HARM and now - row.created_at > FOLLOWED_FOR:
        return None
    resumed = session.value(
        select(dialogue.c.chat_id).where(
            dialogue.c.chat_id == chat_id, dialogue.c.updated_at > row.created_at
        )
    )
    return None if resumed is not None else _add(session, row, now=now, words=words)


def _find_heard(session: Session, *, chat_id: int) -> Alarm | None:
    """The alarm of another chat about which somebody spoke up in this one."""
    found = session.value(
        select(alarm_listener.c.alarm_id)
        .join(alarm, alarm.c.id == alarm_listener.c.alarm_id)
        .where(alarm_listener.c.chat_id == chat_id, alarm.c.state != "closed")
        .order_by(alarm_listener.c.id.desc())
        .limit(1)
    )
    return get_alarm(session, alarm_id=found) if found is not None else None


def confirm_danger(session: Session, *, now: datetime, chat_id: int, alarm_id: int) -> Raised:
    """The safety question was answered with yes; after its end, it is a new alarm."""
    row = _own(session, chat_id=chat_id, alarm_id=alarm_id)
    if row.state == "closed":
        # Somebody in danger who said no by mistake must not be told that people know.
        return raise_alarm(
            session,
            now=now,
            chat_id=chat_id,
            person_id=row.person_id,
            words=row.words,
            kind=row.kind,
        )
    if row.is_live:
        duty = list_duty(session, now=now, about=row.person_id, everyone=row.rings > 1)
        return Raised(row, False, [one.name for one in duty])
    rung, told = ring(session, row, now=now)
    return Raised(rung, True, [one.name for one in told])


def deny_danger(session: Session, *, now: datetime, chat_id: int, alarm_id: int) -> Raised:
    """The safety question was answered with no. An alarm that has rung goes on: see say_safe."""
    row = _own(session, chat_id=chat_id, alarm_id=alarm_id)
    if row.state == "closed":
        return Raised(row, False, [])
    if row.is_live:
        return say_safe(session, now=now, chat_id=chat_id, alarm_id=alarm_id)
    closed = change_alarm(
        session, row, {"state": "closed", "ending": "not_danger", "next_step_at": None}
    )
    _note(session, closed, now=now, what="alarm_not_danger")
    return Raised(closed, True, [])


def say_safe(session: Session, *, now: datetime, chat_id: int, alarm_id: int) -> Raised:
    """The person says that they are safe: told on, but only a named person ends an alarm."""
    row = _own(session, chat_id=chat_id, alarm_id=alarm_id)
    if row.state == "closed":
        return Raised(row, False, [])
    told = _tell_on(session, row, now=now, template="alarm_says_safe", words=None, step="safe")
    _note(session, row, now=now, what="alarm_says_safe")
    return Raised(row, True, told)


def say_unsafe(session: Session, *, now: datetime, chat_id: int, alarm_id: int) -> Raised:
    """The person says that they are not safe now: told on at once, to the holder or to everyone."""
    row = _own(session, chat_id=chat_id, alarm_id=alarm_id)
    if row.state == "closed":
        return confirm_danger(session, now=now, chat_id=chat_id, alarm_id=alarm_id)
    step = f"unsafe:{now:%Y%m%d%H%M}"
    told = _tell_on(session, row, now=now, template="alarm_says_unsafe", words=None, step=step)
    _note(session, row, now=now, what="alarm_says_unsafe")
    return Raised(row, True, told)


def _find_before(session: Session, *, chat_id: int, person_id: int | None) -> Alarm | None:
    """The alarm that is going on in this chat, or about this person from wherever it was raised.

    A safety question that is open in another chat is not answered by these words.
    """
    before = find_open_alarm(session, chat_id=chat_id)
    if before is not None or person_id is None:
        return before
    about = find_alarm_about(session, person_id=person_id)
    return about if about is not None and about.is_live else None


def _own(session: Session, *, chat_id: int, alarm_id: int) -> Alarm:
    try:
        row = get_alarm(session, alarm_id=alarm_id)
    except LookupError as error:
        raise NotAllowed from error
    if row.chat_id != chat_id and not _has_heard(session, row, chat_id=chat_id):
        raise NotAllowed
    return row


def _has_heard(session: Session, row: Alarm, *, chat_id: int) -> bool:
    heard = select(alarm_listener.c.id).where(
        alarm_listener.c.alarm_id == row.id, alarm_listener.c.chat_id == chat_id
    )
    return session.find(heard) is not None


def _insert(
    session: Session,
    *,
    now: datetime,
    chat_id: int,
    person_id: int | None,
    words: str,
    kind: DangerKind,
) -> Alarm:
    uid = secrets.token_hex(16)
    alarm_id: int = session.value(
        insert(alarm)
        .values(
            uid=uid,
            chat_id=chat_id,
            person_id=person_id,
            danger=kind.value,
            words=seal_words(session, uid=uid, words=words),
            state="open",
            next_step_at=now + ANSWER_WITHIN,
            rings=0,
            created_at=now,
            version=1,
        )
        .returning(alarm.c.id)
    )
    row = get_alarm(session, alarm_id=alarm_id)
    _note(session, row, now=now, what="alarm_raised")
    return row


def _append(session: Session, row: Alarm, *, words: str, kind: DangerKind) -> Alarm:
    """Add words to an alarm. The version stays: a ring on its way must not become unwanted."""
    sealed = seal_words(session, uid=row.uid, words=f"{row.words}\n{words}")
    session.change(
        update(alarm).where(alarm.c.id == row.id).values(words=sealed, danger=kind.value)
    )
    return get_alarm(session, alarm_id=row.id)


def _add(session: Session, row: Alarm, *, now: datetime, words: str) -> Raised:
    added = _append(session, row, words=words, kind=row.kind)
    told = _tell_on(
        session,
        added,
        now=now,
        template="alarm_more",
        words=words,
        step=_step_of_more(session, row, now=now),
    )
    _note(session, added, now=now, what="alarm_words_added")
    return Raised(added, False, told)


def _step_of_more(session: Session, row: Alarm, *, now: datetime) -> str:
    """Each message is passed on by itself; of a flood, one a minute.

    A chat takes about a message a second: two hundred would keep the next person's alarm waiting.
    """
    mine = outbox.c.card == _card_of_more(row)
    duty = [one.id for one in list_duty(session, now=now, about=row.person_id, everyone=True)]
    in_chats = outbox.c.chat_id.in_(select(person.c.telegram_id).where(person.c.id.in_(duty)))
    lately = mine & in_chats & (outbox.c.created_at > now - RING_EVERY)
    busiest = session.value(
        select(func.count()).where(lately).group_by(outbox.c.chat_id).order_by(func.count().desc())
    )
    if (busiest or 0) >= PASSED_ON_AT_ONCE:
        return f"more:{now:%Y%m%d%H%M}"
    return f"more:{secrets.token_hex(8)}"


def _card_of_more(row: Alarm) -> str:
    return f"{row.card}:more"


def _tell_on(
    session: Session,
    row: Alarm,
    *,
    now: datetime,
    template: str,
    words: str | None,
    step: str,
) -> list[str]:
    """Tell the holder, or everyone on duty while nobody holds it; no new siren."""
    duty = list_duty(
        session, now=now, about=row.person_id, without=row.person_id, everyone=row.rings > 1
    )
    # Whoever took it may be off the rota, kept apart, or from farther away.
    *_, staff = staff_levels(session, person_id=row.person_id, reachable=True)
    receivers = [OnDuty(one.id, one.name) for one in staff if one.id == row.holder_id] or duty
    said = {"words": cut(words, SHOWN_LIMIT)} if words is not None else {}
    for one in receivers:
        say(
            session,
            now=now,
            to=one.id,
            key=f"alarm:{row.id}:{step}:{one.id}",
            template=template,
            message_class=MessageClass.ALARM,
            facts={"name": name_of(session, row.person_id), **said},
            # Not the alarm's own card, whose buttons must stay good.
            card=_card_of_more(row),
        )
    return [one.name for one in receivers]


def _note(session: Session, row: Alarm, *, now: datetime, what: str) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=row.person_id,
        subject_id=row.person_id,
        thing="alarm",
        thing_id=row.id,
        detail=row.kind.value,
    )
