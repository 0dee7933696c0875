"""Records of home visits: an institution's staff write down what was done, also from paper."""

from collections.abc import Sequence
from datetime import date

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.rehab.sites import check_notes, check_past_day, day_in, offer_today
from handlers.turn import Press, Turn, press_data, read_number
from storage.attachments import PAGE, list_attached
from storage.choices import Button, close_card
from storage.dialogues import Answers
from storage.organisations import check_reach, get_organisation
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rehab import HomeVisit, Record, list_home_visits, record_home_visit
from storage.rules.certificate import DisabilityCategory
from storage.rules.home_visits import HOME_ACTS
from storage.rules.moments import MomentProblem, parse_day

CARD = "visit_log"


def press(turn: Turn, press: Press) -> None:
    """A button of the list, or of one person's visits; the organisation stands as the version."""
    actor = _staff(turn)
    if press.act == "list":
        _list(turn, actor, press.id, after=read_number(press.extra) or 0)
    elif press.act == "see":
        _show(turn, actor, person_id=press.id, organisation_id=press.version)
    elif press.act == "new":
        check_reach(actor, get_organisation(turn.session, organisation_id=press.version))
        start(turn, WRITE, {"person": press.id, "organisation": press.version})
    else:
        raise TooLate


def _staff(turn: Turn) -> Person:
    if turn.person is None or turn.person.scope is None:
        raise NotAllowed
    return turn.person


def _list(turn: Turn, actor: Person, organisation_id: int, *, after: int) -> None:
    one = get_organisation(turn.session, organisation_id=organisation_id)
    found = list_attached(
        turn.session, now=turn.now, actor=actor, organisation_id=one.id, after=after
    )
    lines = [
        [
            Button(
                "verbatim",
                press_data("visit_log", "see", each.person_id, one.id),
                {"text": each.name},
            )
        ]
        for each in found[:PAGE]
    ]
    if len(found) > PAGE:
        more = press_data("visit_log", "list", one.id, 0, str(found[PAGE - 1].id))
        lines.append([Button("org.after", more)])
    lines.append([Button("org.see", press_data("org", "see", one.id, 0))])
    turn.edit("visit_log_people", buttons=lines, card=CARD, name=one.name, people=len(found))


def _show(
    turn: Turn, actor: Person, *, person_id: int, organisation_id: int, edit: bool = True
) -> None:
    found = list_home_visits(
        turn.session,
        now=turn.now,
        actor=actor,
        organisation_id=organisation_id,
        person_id=person_id,
    )
    data = press_data("visit_log", "new", person_id, organisation_id)
    back = press_data("visit_log", "list", organisation_id, 0)
    say = turn.edit if edit else turn.say
    say(
        "visit_log",
        buttons=[[Button("visit_log.new", data)], [Button("visit_log.list", back)]],
        card=CARD,
        more={"name": found[0].name if found else None, **_columns(found)},
    )


def _columns(found: Sequence[HomeVisit]) -> dict[str, Fact]:
    records = [one.record for one in found]
    return {
        "days": [one.visited_on.isoformat() for one in records],
        "categories": [one.category.value for one in records],
        "acts": [",".join(one.acts) for one in records],
        "advice": [one.advice or "" for one in records],
        "next_days": [one.next_on.isoformat() if one.next_on else "" for one in records],
    }


def _categories(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"choice.category.{one.value}") for one in HOME_ACTS]


def _acts(_turn: Turn, answers: Answers) -> Sequence[Option]:
    category = DisabilityCategory(str(answers["category"]))
    return [Option(act, f"home_act.{act}") for act in HOME_ACTS[category]]


def _check_next(turn: Turn, text: str) -> Fact:
    today = turn.session.house.local(turn.now).date()
    day = parse_day(text, today)
    if isinstance(day, MomentProblem) or day <= today:
        raise BadAnswer("series_until")
    return day.isoformat()


def _channels(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("chat", "visit_log.mine"), Option("paper", "visit_log.paper")]


def _write(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
    actor, acts = _staff(turn), answers["acts"]
    advice, following = answers.get("advice"), answers.get("next")
    if not isinstance(acts, list):
        raise TooLate
    ids = {"organisation_id": int(str(answers["organisation"]))}
    ids["person_id"] = int(str(answers["person"]))
    record_home_visit(
        turn.session,
        now=turn.now,
        actor=actor,
        **ids,
        record=Record(
            visited_on=day_in(turn, answers),
            category=DisabilityCategory(str(answers["category"])),
            acts=tuple(acts),
            advice=advice if isinstance(advice, str) else None,
            next_on=date.fromisoformat(following) if isinstance(following, str) else None,
        ),
        channel=str(answers["channel"]),
    )
    _show(turn, actor, **ids, edit=False)


WRITE = Form(
    topic="visit_log",
    questions=(
        Question("day", "ask_visit_day", check_past_day, options=offer_today),
        Question("category", "ask_visit_category", options=_categories, columns=2),
        Question("acts", "ask_visit_acts", options=_acts, many=True),
        Question("advice", "ask_visit_advice", check_notes, may_skip=True),
        Question("next", "ask_visit_next", _check_next, may_skip=True),
        Question("channel", "ask_visit_channel", options=_channels),
    ),
    finish=_write,
)
