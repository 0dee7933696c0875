"""The questions of a call plan: whom, who, when, and who is behind the caller."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from handlers.dialogue import BadAnswer, Option, Question
from handlers.dialogue.form import Check, Condition, Options
from handlers.turn import Turn
from storage.call_plans import Candidate, PlanDraft, search_callers, search_residents
from storage.dialogues import Answers
from storage.people import get_person
from storage.refusals import Fact, NotAllowed
from storage.rules.phones import Phone, parse_phone
from storage.rules.text import clean
from storage.rules.times import parse_clock_time, parse_weekdays

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
    return search_callers(turn.session, actor=turn.person, words=words, without=without)


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


def _check_time(turn: Turn, text: str) -> Fact:
    clock = parse_clock_time(text)
    if clock is None:
        raise BadAnswer("plan_time")
    house = turn.session.house
    if house.quiet.covers(datetime.combine(house.local(turn.now), clock)):
        raise BadAnswer("plan_night", quiet=str(house.quiet))
    return f"{clock:%H:%M}"


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


def _contact_facts(_turn: Turn, answers: Answers) -> dict[str, Fact]:
    return {"name": answers.get("contact_name")}


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
WHEN = (
    _ask("weekdays", _check_days, _offer_days),
    _ask("time", _check_time, _offer_times, columns=2),
)
SECOND = (
    _ask("second", None, _offer_seconds),
    *(replace(one, applies=both(one.applies, _wants_stand_in)) for one in _stand_in),
    replace(_ask("contact_name", _check_contact_name, None), applies=_wants_contact),
    replace(
        _ask("contact_phone", _check_contact_phone, None),
        applies=_wants_contact,
        facts=_contact_facts,
    ),
)


def draft_from(answers: Answers, before: PlanDraft | None = None) -> PlanDraft:
    """Return the plan that the answers make, over what was decided before."""
    second = answers.get("second")
    has_stand_in, has_contact = second in ("stand_in", "both"), second in ("contact", "both")
    days, clock = answers.get("weekdays"), answers.get("time")
    caller_id = chosen(answers, "caller") or (before.caller_id if before else 0)
    draft = PlanDraft(
        caller_id=caller_id,
        weekdays=frozenset(int(day) for day in str(days))
        if days
        else (before.weekdays if before else frozenset()),
        clock=time.fromisoformat(str(clock)) if clock else (before.clock if before else time(9)),
        stand_in_id=chosen(answers, "stand_in") if has_stand_in else None,
        contact_name=str(answers["contact_name"]) if has_contact else None,
        contact_phone=str(answers["contact_phone"]) if has_contact else None,
    )
    if second is None and before is not None:
        return replace(
            draft,
            stand_in_id=before.stand_in_id,
            contact_name=before.contact_name,
            contact_phone=before.contact_phone,
        )
    return draft


def summary(turn: Turn, *, resident_id: int, draft: PlanDraft) -> dict[str, Fact]:
    """Return the plan in plain facts, for the review before it is saved."""

    def name(person_id: int | None) -> str | None:
        return get_person(turn.session, person_id=person_id).name if person_id else None

    return {
        "resident": name(resident_id),
        "caller": name(draft.caller_id),
        "stand_in": name(draft.stand_in_id),
        "contact_name": draft.contact_name,
        "weekdays": [str(day) for day in sorted(draft.weekdays)],
        "time": f"{draft.clock:%H:%M}",
    }
