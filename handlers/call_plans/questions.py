"""The questions of a call plan: whom, who, when, and who is behind the caller."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.call_plans.people import chosen, person_questions
from handlers.dialogue import BadAnswer, Option, Question
from handlers.dialogue.form import Check, Condition, Options
from handlers.turn import Turn
from storage.call_plans import (
    list_contacts,
    may_phone,
    suggest_plan_tier,
)
from storage.dialogues import Answers
from storage.people import get_person
from storage.refusals import Fact, NotAllowed
from storage.rules.phones import Phone, parse_phone
from storage.rules.recurring import Every as Counted
from storage.rules.recurring import parse_pattern
from storage.rules.rhythm import Every
from storage.rules.text import clean
from storage.rules.tiers import EVERY, Channel, Tier
from storage.rules.times import parse_weekdays, parse_window

NAME_LIMIT = 20
USUAL_DAYS = {
    "0123456": "plan.every_day",
    "01234": "plan.working_days",
    "024": "plan.mon_wed_fri",
    "13": "plan.tue_thu",
}
USUAL_TIMES = ("09:00", "10:00", "15:00", "19:00")
SECONDS = ("stand_in", "contact", "both", "nobody")
# How a contact without a chat said yes; "not_yet" is no yes.
SAID = ("in_person", "phone", "paper", "not_yet")
# "day:15", or "nth:1:0" for the first Monday.
USUAL_IN_MONTH = ("day:1", "day:15", "day:31", "nth:1:0")
# An answer that begins so is a contact who uses the chat.
IN_CHAT = "#"


def _check_days(_turn: Turn, text: str) -> Fact:
    days = parse_weekdays(text)
    if not days:
        raise BadAnswer("plan_weekdays")
    return "".join(str(day) for day in sorted(days))


def _offer_days(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(days, label) for days, label in USUAL_DAYS.items()]


def _check_in_month(_turn: Turn, text: str) -> Fact:
    found = parse_pattern(text if text.startswith("每") else f"每月{text}")
    if found is None or found[0].every is Counted.WEEK or found[1].strip():
        raise BadAnswer("plan_in_month")
    return str(found[0])


def _offer_in_month(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one, f"plan_in_month.{one.replace(':', '_')}") for one in USUAL_IN_MONTH]


def _check_time(turn: Turn, text: str) -> Fact:
    window = parse_window(text)
    if window is None:
        raise BadAnswer("plan_time")
    house = turn.session.house
    today = house.local(turn.now)
    start, until = window
    if house.quiet.covers(datetime.combine(today, start)) or (
        until is not None and house.quiet.covers(datetime.combine(today, until))
    ):
        raise BadAnswer("plan_night", quiet=str(house.quiet))
    return f"{start:%H:%M}" + (f"-{until:%H:%M}" if until else "")


def _offer_times(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(clock, "verbatim", {"text": clock}) for clock in USUAL_TIMES]


def _offer_seconds(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one, f"plan.{one}") for one in SECONDS]


def _second_is(*wanted: str) -> Condition:
    def applies(_turn: Turn, answers: Answers) -> bool:
        return answers.get("second") in wanted

    return applies


def _check_contact_name(_turn: Turn, text: str) -> Fact:
    name = " ".join((clean(text, limit=400) or "").split())
    if not name:
        raise BadAnswer("name_empty")
    if len(name) > NAME_LIMIT:
        raise BadAnswer("name_long", limit=NAME_LIMIT)
    return name


def _check_contact_phone(_turn: Turn, text: str) -> Fact:
    phone = parse_phone(text)
    if not isinstance(phone, Phone):
        raise BadAnswer("phone", problem=phone.value)
    return phone.e164


def _contact_facts(turn: Turn, answers: Answers) -> dict[str, Fact]:
    return {"name": contact_name(turn, answers)}


def contact_name(turn: Turn, answers: Answers) -> str | None:
    """The contact as typed, or as somebody in the chat is called."""
    said = answers.get("contact_name")
    if not isinstance(said, str):
        return None
    if said.startswith(IN_CHAT):
        return get_person(turn.session, person_id=int(said.removeprefix(IN_CHAT))).name
    return said


def _offer_contacts(turn: Turn, answers: Answers) -> Sequence[Option]:
    """Those who speak for the person and use the chat: they are asked there."""
    resident_id = chosen(answers, "resident")
    if resident_id is None:
        return []
    return [
        Option(f"{IN_CHAT}{one.id}", "plan.in_chat", {"name": one.name})
        for one in list_contacts(turn.session, resident_id=resident_id)
    ]


def _typed_contact(_turn: Turn, answers: Answers) -> bool:
    return not str(answers.get("contact_name", IN_CHAT)).startswith(IN_CHAT)


def _offer_said(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one, f"plan_said.{one}") for one in SAID]


def _suggested(turn: Turn, answers: Answers) -> dict[str, Fact]:
    if turn.person is None:
        raise NotAllowed
    found = suggest_plan_tier(
        turn.session,
        now=turn.now,
        actor_id=turn.person.id,
        resident_id=chosen(answers, "resident") or 0,
    )
    return {"tier": found.tier.value, "reason": found.reason}


def _offer_tiers(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(tier.value, f"tier.{tier.value}") for tier in Tier]


def tier_in(answers: Answers) -> Tier:
    """The tier that was chosen in this form."""
    return Tier(str(answers.get("tier") or Tier.C))


def _offer_every(_turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"plan_every.{one.value}") for one in EVERY[tier_in(answers)]]


def _may_choose_every(_turn: Turn, answers: Answers) -> bool:
    return len(EVERY[tier_in(answers)]) > 1


def _counts_by(*wanted: Every) -> Condition:
    def applies(_turn: Turn, answers: Answers) -> bool:
        return Every(str(answers.get("every") or EVERY[tier_in(answers)][0])) in wanted

    return applies


def _may_not_phone(turn: Turn, answers: Answers) -> bool:
    resident_id = chosen(answers, "resident")
    return resident_id is not None and not may_phone(turn.session, resident_id=resident_id)


def _offer_channels(turn: Turn, answers: Answers) -> Sequence[Option]:
    resident_id = chosen(answers, "resident")
    deaf = resident_id is not None and not may_phone(turn.session, resident_id=resident_id)
    ways = [one for one in Channel if not (deaf and one is Channel.PHONE)]
    return [Option(one.value, f"greeting.{one.value}") for one in ways]


def _channel_facts(turn: Turn, answers: Answers) -> dict[str, Fact]:
    return {"may_phone": not _may_not_phone(turn, answers)}


def _ask(key: str, check: Check | None, options: Options | None, columns: int = 1) -> Question:
    template = f"ask_plan_{key}"
    return Question(key=key, template=template, check=check, options=options, columns=columns)


def both(first: Condition | None, second: Condition) -> Condition:
    """A question applies when both conditions hold."""

    def applies(turn: Turn, answers: Answers) -> bool:
        return (first is None or first(turn, answers)) and second(turn, answers)

    return applies


_stand_in = person_questions("stand_in", "ask_plan_stand_in")
_wants_stand_in, _wants_contact = _second_is("stand_in", "both"), _second_is("contact", "both")

RESIDENT = person_questions("resident", "ask_plan_whom")
CALLER = person_questions("caller", "ask_plan_caller")
CHANNEL = replace(_ask("channel", None, _offer_channels), facts=_channel_facts)
CHANNEL_IF_DEAF = replace(CHANNEL, applies=_may_not_phone)
TIME = _ask("time", _check_time, _offer_times, columns=2)


def ask_weekdays(applies: Condition) -> Question:
    """On which days of the week."""
    return replace(_ask("weekdays", _check_days, _offer_days), applies=applies)


WHEN = (
    replace(_ask("tier", None, _offer_tiers), facts=_suggested),
    replace(_ask("every", None, _offer_every), applies=_may_choose_every),
    ask_weekdays(_counts_by(Every.WEEK, Every.FORTNIGHT)),
    replace(
        _ask("in_month", _check_in_month, _offer_in_month),
        applies=_counts_by(Every.MONTH, Every.QUARTER),
    ),
    TIME,
)
SECOND = (
    _ask("second", None, _offer_seconds),
    *(replace(one, applies=both(one.applies, _wants_stand_in)) for one in _stand_in),
    replace(_ask("contact_name", _check_contact_name, _offer_contacts), applies=_wants_contact),
    replace(
        _ask("contact_phone", _check_contact_phone, None),
        applies=both(_typed_contact, _wants_contact),
        facts=_contact_facts,
    ),
    replace(
        _ask("contact_said", None, _offer_said),
        applies=both(_typed_contact, _wants_contact),
        facts=_contact_facts,
    ),
)
