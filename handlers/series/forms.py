"""The forms of services that recur: make one from a need, or give one another time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from handlers.dialogue import BadAnswer, Form, Option, Question
from handlers.series.cards import show_series
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.needs import NeedCard, find_need
from storage.needs.series import Recurring, get_series, make_series, move_series
from storage.refusals import Fact, NotAllowed
from storage.rules.moments import MomentProblem, parse_day
from storage.rules.recurring import Pattern, parse_pattern, read_pattern
from storage.rules.times import parse_clock_time

USUAL_TIMES = ("09:00", "10:00", "14:30", "16:00")
# Days from now; what is to go on for ever is said to.
SPANS = {"months_3": 91, "months_6": 183}
ON_AND_ON = "on_and_on"
# Between the days and the hour, when both were said at once.
AT = "@"


def _check_when(turn: Turn, text: str) -> Fact:
    found = parse_pattern(text)
    if found is None:
        raise BadAnswer("series_when")
    pattern, rest = found
    clock = parse_clock_time(rest.strip(" ,，的"))
    return f"{pattern}{AT}{_in_daylight(turn, clock)}" if clock else str(pattern)


def _in_daylight(turn: Turn, clock: time) -> str:
    house = turn.session.house
    if house.quiet.covers(datetime.combine(house.local(turn.now), clock)):
        raise BadAnswer("plan_night", quiet=str(house.quiet))
    return f"{clock:%H:%M}"


def _days(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(f"weekly:{day}", f"weekday.{day}") for day in range(7)]


def _check_time(turn: Turn, text: str) -> Fact:
    clock = parse_clock_time(text)
    if clock is None:
        raise BadAnswer("plan_time")
    return _in_daylight(turn, clock)


def _times(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(clock, "verbatim", {"text": clock}) for clock in USUAL_TIMES]


def _lacks_time(_turn: Turn, answers: Answers) -> bool:
    return AT not in str(answers.get("when"))


def _check_until(turn: Turn, text: str) -> Fact:
    today = turn.session.house.local(turn.now).date()
    day = parse_day(text, today)
    if isinstance(day, MomentProblem) or day <= today:
        raise BadAnswer("series_until")
    return day.isoformat()


def _spans(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one, f"series.{one}") for one in (*SPANS, ON_AND_ON)]


def _holidays(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("skip", "series.rest"), Option("keep", "series.come")]


def _helpers(turn: Turn, answers: Answers) -> Sequence[Option]:
    held = _need(turn, answers).claim
    options = [Option("any", "series.any"), Option("same", "series.same")]
    if held is not None:
        options.append(Option("fixed", "series.fixed", {"name": held.volunteer}))
    return options


def _save(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("save", "series.save")]


def _need(turn: Turn, answers: Answers) -> NeedCard:
    card = find_need(turn.session, need_id=int(str(answers["need_id"])))
    if card is None:
        raise NotAllowed
    return card


def _when(answers: Answers) -> tuple[Pattern, time]:
    pattern, _, clock = str(answers["when"]).partition(AT)
    return read_pattern(pattern), time.fromisoformat(clock or str(answers["time"]))


def _how(turn: Turn, answers: Answers) -> Recurring:
    pattern, clock = _when(answers)
    until = str(answers.get("until"))
    today = turn.session.house.local(turn.now).date()
    ends_on = None
    if until in SPANS:
        ends_on = today + timedelta(days=SPANS[until])
    elif until != ON_AND_ON:
        ends_on = datetime.fromisoformat(until).date()
    return Recurring(
        pattern=pattern,
        clock=clock,
        ends_on=ends_on,
        skips_holidays=answers.get("holidays") == "skip",
        helper=str(answers.get("helper")),
    )


def _summary(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    how, card = _how(turn, answers), _need(turn, answers)
    return {
        "words": card.words,
        "category": card.category.value,
        "every": how.pattern.every.value,
        "weekdays": [str(one) for one in how.pattern.weekdays],
        "nth": how.pattern.number,
        "time": f"{how.clock:%H:%M}",
        "until": how.ends_on.isoformat() if how.ends_on else None,
        "left": None,
        "holidays": how.skips_holidays,
        "helper": card.claim.volunteer if card.claim else None,
        "helper_mode": how.helper,
    }


def _make(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    card = _need(turn, answers)
    how, by = _how(turn, answers), turn.person.id
    one = make_series(turn.session, now=turn.now, actor_id=by, need_id=card.id, how=how)
    show_series(turn, one, lead="series_saved", edit=False)


def _move(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    pattern, clock = _when(answers)
    one = move_series(
        turn.session,
        now=turn.now,
        actor_id=turn.person.id,
        series_id=int(str(answers["series_id"])),
        version=int(str(answers["version"])),
        pattern=pattern,
        clock=clock,
    )
    fresh = get_series(turn.session, series_id=one.id)
    show_series(turn, fresh, lead="series_saved", edit=False)


WHEN = (
    Question("when", "ask_series_when", _check_when, options=_days, columns=2),
    Question(
        "time", "ask_series_time", _check_time, options=_times, columns=2, applies=_lacks_time
    ),
)
NEW = Form(
    topic="series",
    questions=(
        *WHEN,
        Question("until", "ask_series_until", _check_until, options=_spans),
        Question("holidays", "ask_series_holidays", options=_holidays),
        Question("helper", "ask_series_helper", options=_helpers),
        Question("review", "ask_series_review", options=_save, facts=_summary),
    ),
    finish=_make,
)
MOVE = Form(topic="series_move", questions=WHEN, finish=_move)
