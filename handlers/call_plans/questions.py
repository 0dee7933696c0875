"""The questions of a call plan: whom, who, when, and who is behind the caller."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from handlers.dialogue import BadAnswer, Option, Question
from handlers.dialogue.form import Check, Condition, Options
from handlers.turn import Turn
from storage.call_plans import (
    Candidate,
    PlanDraft,
    list_contacts,
    may_phone,
    search_callers,
    search_residents,
    suggest_plan_tier,
    when_facts,
)
from storage.dialogues import Answers
from storage.people import get_person, open_contact
from storage.refusals import Fact, NotAllowed
from storage.rules.phones import Phone, parse_phone
from storage.rules.recurring import Every as Counted
from storage.rules.recurring import parse_pattern
from storage.rules.rhythm import Every
from storage.rules.text import clean
from storage.rules.tiers import EVERY, Channel, Tier
from storage.rules.times import parse_weekdays, parse_window

NAME_LIMIT = 20
SEARCH_LIMIT = 40
# An answer that begins so is a search with several hits; the next question chooses among them.
SEARCH = "?"
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


def chosen(answers: Answers, key: str) -> int | None:
    """Return the id of the person chosen for a question, in one step or in two."""
    answer = answers.get(key)
    if isinstance(answer, str) and answer.startswith(SEARCH):
        answer = answers.get(f"{key}_which")
    return int(answer) if isinstance(answer, str) and answer.isdigit() else None


def _find(turn: Turn, key: str, answers: Answers, words: str) -> list[Candidate]:
    if turn.person is None:
        raise NotAllowed
    if key == "resident":
        return search_residents(turn.session, actor=turn.person, words=words)
    others = (chosen(answers, other) for other in ("resident", "caller") if other != key)
    without = [person_id for person_id in others if person_id is not None]
    return search_callers(
        turn.session,
        actor=turn.person,
        words=words,
        without=without,
        for_whom=chosen(answers, "resident"),
    )


def _options(candidates: Sequence[Candidate]) -> list[Option]:
    return [
        Option(
            str(one.id),
            "plan.candidate" if one.community else "verbatim",
            {"name": one.name, "community": one.community} if one.community else {"text": one.name},
        )
        for one in candidates
    ]


def _person_questions(key: str, template: str) -> tuple[Question, Question]:
    """Ask for a person by name or from a list; when several fit, which one."""

    def check(turn: Turn, text: str) -> Fact:
        words = clean(text, limit=SEARCH_LIMIT)
        found = _find(turn, key, {}, words) if words else []
        if not found:
            raise BadAnswer("plan_nobody", words=words or "")
        return str(found[0].id) if len(found) == 1 else f"{SEARCH}{words}"

    def offer(turn: Turn, answers: Answers) -> Sequence[Option]:
        return _options(_find(turn, key, answers, ""))

    def offer_found(turn: Turn, answers: Answers) -> Sequence[Option]:
        words = str(answers.get(key)).removeprefix(SEARCH)
        return _options(_find(turn, key, answers, words))

    def several(_turn: Turn, answers: Answers) -> bool:
        return str(answers.get(key, "")).startswith(SEARCH)

    which = "ask_plan_who_of_these"
    return (
        Question(key=key, template=template, check=check, options=offer),
        Question(key=f"{key}_which", template=which, options=offer_found, applies=several),
    )


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


def _tier(answers: Answers) -> Tier:
    return Tier(str(answers.get("tier") or Tier.C))


def _offer_every(_turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"plan_every.{one.value}") for one in EVERY[_tier(answers)]]


def _may_choose_every(_turn: Turn, answers: Answers) -> bool:
    return len(EVERY[_tier(answers)]) > 1


def _counts_by(*wanted: Every) -> Condition:
    def applies(_turn: Turn, answers: Answers) -> bool:
        return Every(str(answers.get("every") or EVERY[_tier(answers)][0])) in wanted

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


_stand_in = _person_questions("stand_in", "ask_plan_stand_in")
_wants_stand_in, _wants_contact = _second_is("stand_in", "both"), _second_is("contact", "both")

RESIDENT = _person_questions("resident", "ask_plan_whom")
CALLER = _person_questions("caller", "ask_plan_caller")
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


def draft_from(turn: Turn, answers: Answers, before: PlanDraft | None = None) -> PlanDraft:
    """Return the plan that the answers make, over what was decided before.

    A stand-in is not among it: they are asked, and stand behind the caller when they said yes.
    """
    draft = before or PlanDraft(caller_id=0, weekdays=frozenset(), clock=time(9))
    draft = replace(draft, caller_id=chosen(answers, "caller") or draft.caller_id)
    if answers.get("time"):
        draft = _with_when(draft, answers)
    if answers.get("channel"):
        draft = replace(draft, channel=Channel(str(answers["channel"])))
    if answers.get("own_button"):
        draft = replace(draft, own_button=str(answers["own_button"]))
    if answers.get("second") is not None:
        draft = _with_contact(turn, draft, answers)
        if not wants_stand_in(answers):
            draft = replace(draft, stand_in_id=None)
    return draft


def wants_stand_in(answers: Answers) -> bool:
    """Whether somebody is to stand behind the caller."""
    return answers.get("second") in ("stand_in", "both")


def _with_when(draft: PlanDraft, answers: Answers) -> PlanDraft:
    tier = _tier(answers)
    start, _, until = str(answers["time"]).partition("-")
    in_month = str(answers.get("in_month") or "").split(":")
    by_week = in_month == [""]
    number = None if by_week else int(in_month[1])
    nth = number if in_month[0] == Counted.NTH else None
    if by_week:
        days = frozenset(int(day) for day in str(answers.get("weekdays") or ""))
    else:
        days = frozenset({int(in_month[2])}) if nth else frozenset(range(7))
    return replace(
        draft,
        tier=tier,
        every=Every(str(answers.get("every") or EVERY[tier][0])),
        weekdays=days,
        monthday=None if nth else number,
        nth=nth,
        starts_on=None,
        clock=time.fromisoformat(start),
        until=time.fromisoformat(until) if until else None,
    )


def _with_contact(turn: Turn, draft: PlanDraft, answers: Answers) -> PlanDraft:
    said = answers.get("contact_said")
    name = answers.get("contact_name") if _second_is("contact", "both")(turn, answers) else None
    in_chat = isinstance(name, str) and name.startswith(IN_CHAT)
    contact_id = int(str(name).removeprefix(IN_CHAT)) if in_chat else None
    known = open_contact(turn.session, person_id=contact_id) if contact_id else None
    phone = known.phone if known else answers.get("contact_phone")
    return replace(
        draft,
        contact_name=contact_name(turn, answers) if name else None,
        contact_phone=str(phone) if name and phone else None,
        contact_id=contact_id,
        contact_said=str(said) if name and said in SAID and said != "not_yet" else None,
    )


def summary(turn: Turn, *, resident_id: int, draft: PlanDraft, answers: Answers) -> dict[str, Fact]:
    """Return the plan in plain facts, for the review before it is saved."""

    def name(person_id: int | None) -> str | None:
        return get_person(turn.session, person_id=person_id).name if person_id else None

    asking = chosen(answers, "stand_in") if wants_stand_in(answers) else None
    answer = "agreed" if draft.contact_said else "asked" if draft.contact_id else "not_asked"
    return {
        "resident": name(resident_id),
        "caller": name(draft.caller_id),
        "stand_in": name(draft.stand_in_id),
        "asking": name(asking),
        "contact_name": draft.contact_name,
        "contact_answer": answer,
        "tier": draft.tier.value,
        "raised_to": None,
        "raised_until": None,
        "channel": draft.channel.value,
        "own_button": draft.own_button,
        **when_facts(draft.rhythm, draft.clock, draft.until),
    }
