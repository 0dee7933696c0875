"""Rounds for tests: opened, run and answered in one line each."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from storage.registers import open_profile
from storage.registers.profiles import Value
from storage.rules.audiences import Audience
from storage.rules.fields import Register
from storage.rules.surveys import Channel
from storage.surveys import (
    HandedIn,
    Kept,
    Round,
    RoundDraft,
    get_round,
    keep_answers,
    move_rounds,
    next_round_at,
    open_round,
    open_sheet,
)
from storage.tables import outbox, person, survey_answer
from tests.storage.town import Town

FIELDS = ("household_size", "employment")


def draft(town: Town, **more: Any) -> RoundDraft:
    given: dict[str, Any] = {
        "title": "冬季摸底",
        "register": Register.RESIDENT,
        "fields": FIELDS,
        "questions": ("出门方便吗？",),
        "audience": Audience(),
        "reminders": 2,
        "closes_at": town.now + timedelta(days=30),
    }
    return RoundDraft(**given | more)


def begin(town: Town, who: str = "王珊", **more: Any) -> int:
    return town.database.do(open_round, now=town.now, actor=town[who], draft=draft(town, **more))


def step(town: Town) -> None:
    """Let everything that is due now go."""
    while move_rounds(town.database, now=town.now):
        pass


def run_until(town: Town, **length: float) -> None:
    """Go on for so long, stopping wherever something falls due."""
    end = town.now + timedelta(**length)
    step(town)
    while True:
        with town.database.transaction() as session:
            due = next_round_at(session)
        if due is None or due > end:
            town.now = end
            return
        town.now = max(due, town.now)
        step(town)


def sheet_of(town: Town, name: str) -> int:
    """The id of somebody's part of the newest round."""
    with town.database.transaction() as session:
        found = session.value(
            select(survey_answer.c.id)
            .where(survey_answer.c.person_id == town.people[name])
            .order_by(survey_answer.c.id.desc())
        )
    return int(found)


def state_of(town: Town, name: str) -> str:
    sheet = sheet_of(town, name)
    with town.database.transaction() as session:
        return str(session.value(select(survey_answer.c.state).where(survey_answer.c.id == sheet)))


def opened(town: Town, who: str, name: str, channel: Channel = Channel.CHAT) -> int:
    """Open somebody's sheet; returns how much had been handed in."""
    return town.database.do(
        open_sheet,
        now=town.now,
        actor=town[who],
        answer_id=sheet_of(town, name),
        channel=channel,
    ).seen


def answer(
    town: Town,
    who: str,
    name: str,
    *,
    channel: Channel = Channel.CHAT,
    seen: int | None = None,
    declined: tuple[str, ...] = (),
    reply: str | None = None,
    **values: Value,
) -> Kept:
    """Fill somebody's sheet in; ``seen`` if it had been opened before."""
    if seen is None:
        seen = opened(town, who, name, channel)
    return town.database.do(
        keep_answers,
        now=town.now,
        actor=town[who],
        answer_id=sheet_of(town, name),
        seen=seen,
        handed_in=HandedIn(values, declined, {"0": reply} if reply else {}),
        channel=channel,
    )


def profile(town: Town, name: str) -> dict[str, Value]:
    return town.database.do(open_profile, person_id=town.people[name])


def look(town: Town, round_id: int, who: str = "王珊") -> Round:
    return town.database.do(get_round, actor=town[who], round_id=round_id)


def times_asked(town: Town, name: str) -> int:
    """How often somebody's chat was written to about rounds."""
    with town.database.transaction() as session:
        rows = session.all(
            select(outbox.c.id)
            .join(person, person.c.telegram_id == outbox.c.chat_id)
            .where(person.c.id == town.people[name], outbox.c.template == "survey_ask")
        )
    return len(rows)
