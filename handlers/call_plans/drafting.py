"""The draft that a form's answers make, and the plan in plain facts before it is saved."""

from dataclasses import replace
from datetime import time

from handlers.call_plans.people import chosen
from handlers.call_plans.questions import IN_CHAT, SAID, contact_name, tier_in
from handlers.turn import Turn
from storage.call_plans import PlanDraft, when_facts
from storage.dialogues import Answers
from storage.people import get_person, open_contact
from storage.refusals import Fact
from storage.rules.recurring import Every as Counted
from storage.rules.rhythm import Every
from storage.rules.tiers import EVERY, Channel


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
    tier = tier_in(answers)
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
    name = answers.get("contact_name") if answers.get("second") in ("contact", "both") else None
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
