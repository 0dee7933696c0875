"""The register of rehabilitation stations: how often they are guided, notes, what is overdue."""

from collections.abc import Sequence
from datetime import date

from handlers.dialogue import BadAnswer, Form, Option, Question, start, words_within
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.turn import Press, Turn, press_data
from storage.choices import Button, close_card
from storage.dialogues import Answers
from storage.organisations import find_by_name, get_organisation
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rehab import (
    find_site,
    list_guidance,
    list_overdue,
    list_quarters,
    note_guidance,
    register_site,
)
from storage.rehab.sites import check_guides
from storage.rules.moments import MomentProblem
from storage.rules.recurring import parse_pattern, read_pattern
from storage.rules.text import clean
from storage.rules.visit_days import parse_past_day

CARD = "site"
NOTES_LIMIT = 1000
USUAL = ("day:1", "day:15", "nth:1:0", "nth:1:2")
NOBODY, TODAY = "nobody", "today"


def press(turn: Turn, press: Press) -> None:
    """A button of a station."""
    actor = _staff(turn)
    if press.act == "overdue":
        _show_overdue(turn, actor)
        return
    one = check_guides(turn.session, actor=actor, organisation_id=press.id)
    if press.act == "see":
        show(turn, actor, one.id)
    elif press.act == "notes":
        _show_notes(turn, actor, one.id)
    elif press.act == "register":
        start(turn, REGISTER, {"organisation": str(one.id)})
    elif press.act == "guide":
        start(turn, GUIDE, {"organisation": str(one.id)})
    else:
        raise TooLate


def _staff(turn: Turn) -> Person:
    if turn.person is None or turn.person.scope is None:
        raise NotAllowed
    return turn.person


def show(turn: Turn, actor: Person, organisation_id: int, *, edit: bool = True) -> None:
    """Show a station with its figures over the last quarters."""
    one = get_organisation(turn.session, organisation_id=organisation_id)
    site = find_site(turn.session, organisation_id=one.id)
    today = _today(turn)
    quarters = list_quarters(turn.session, organisation_id=one.id, today=today) if site else []
    lines = [[_button("register", one.id)]]
    if site is not None:
        lines.insert(0, [_button("guide", one.id), _button("notes", one.id)])
    if actor.scope is not None and one.path.startswith(actor.scope):
        lines.append([Button("org.see", press_data("org", "see", one.id, 0))])
    say = turn.edit if edit else turn.say
    pattern = site.pattern if site else None
    next_on = site.next_on if site else None
    say(
        "site_card",
        buttons=lines,
        card=CARD,
        name=one.name,
        registered=site is not None,
        guide=site.guide if site else None,
        every=pattern.every.value if pattern else "day",
        weekdays=[str(day) for day in pattern.weekdays] if pattern else [],
        nth=pattern.number if pattern else 0,
        time="",
        next_on=next_on.isoformat() if next_on else None,
        overdue=next_on is not None and next_on < today,
        years=[str(each.quarter // 10) for each in quarters],
        quarters=[str(each.quarter % 10) for each in quarters],
        visits=[str(each.visits) for each in quarters],
        scores=[f"{each.tenths / 10:.1f}" if each.tenths is not None else "" for each in quarters],
        answers=[str(each.answers) for each in quarters],
    )


def _button(act: str, organisation_id: int) -> Button:
    return Button(f"site.{act}", press_data("site", act, organisation_id, 0))


def _show_overdue(turn: Turn, actor: Person) -> None:
    found = list_overdue(turn.session, actor=actor, today=_today(turn))
    turn.say(
        "site_overdue",
        buttons=[
            [
                Button(
                    "verbatim",
                    press_data("site", "see", one.organisation_id, 0),
                    {"text": one.name},
                )
            ]
            for one in found
        ],
        card=CARD,
        names=[one.name for one in found],
        days=[one.next_on.isoformat() if one.next_on else "" for one in found],
    )


def _show_notes(turn: Turn, actor: Person, organisation_id: int) -> None:
    found = list_guidance(turn.session, actor=actor, organisation_id=organisation_id)
    turn.say(
        "site_notes",
        name=get_organisation(turn.session, organisation_id=organisation_id).name,
        days=[each.on.isoformat() for each in found],
        notes=[each.notes for each in found],
    )


def _today(turn: Turn) -> date:
    return turn.session.house.local(turn.now).date()


def _check_guide(turn: Turn, text: str) -> Fact:
    found = find_by_name(turn.session, name=" ".join((clean(text, limit=400) or "").split()))
    if found is None:
        raise BadAnswer("organisation_unknown")
    return str(found.id)


def _guides(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(NOBODY, "site.nobody")]


def _check_pattern(_turn: Turn, text: str) -> Fact:
    found = parse_pattern(text)
    if found is None:
        raise BadAnswer("series_when")
    return str(found[0])


def _patterns(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one, f"site_every.{number}") for number, one in enumerate(USUAL)]


def _register(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
    guide, actor = str(answers["guide"]), _staff(turn)
    site = register_site(
        turn.session,
        now=turn.now,
        actor=actor,
        organisation_id=int(str(answers["organisation"])),
        guided_by=None if guide == NOBODY else int(guide),
        pattern=read_pattern(str(answers["pattern"])),
    )
    show(turn, actor, site.organisation_id, edit=False)


def check_past_day(turn: Turn, text: str) -> Fact:
    """A day on which something was done; today at the latest."""
    day = parse_past_day(text, _today(turn))
    if isinstance(day, MomentProblem):
        raise BadAnswer("visit_day")
    return day.isoformat()


def offer_today(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    """Most write it down on the day itself."""
    return [Option(TODAY, "visit_log.today")]


def day_in(turn: Turn, answers: Answers, key: str = "day") -> date:
    """The day that the form has."""
    said = str(answers[key])
    return _today(turn) if said == TODAY else date.fromisoformat(said)


def check_notes(_turn: Turn, text: str) -> Fact:
    """A few sentences."""
    return words_within(text, limit=NOTES_LIMIT)


def _guide(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
    actor = _staff(turn)
    site = note_guidance(
        turn.session,
        now=turn.now,
        actor=actor,
        organisation_id=int(str(answers["organisation"])),
        visited_on=day_in(turn, answers),
        notes=str(answers["notes"]),
    )
    show(turn, actor, site.organisation_id, edit=False)


REGISTER = Form(
    topic="site_register",
    questions=(
        Question("guide", "ask_site_guide", _check_guide, options=_guides),
        Question("pattern", "ask_site_pattern", _check_pattern, options=_patterns),
    ),
    finish=_register,
)
GUIDE = Form(
    topic="site_guide",
    questions=(
        Question("day", "ask_visit_day", check_past_day, options=offer_today),
        Question("notes", "ask_site_notes", check_notes),
    ),
    finish=_guide,
)
