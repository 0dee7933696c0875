"""Details of a need, each asked for only when its button is pressed: when, where, door, wishes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from handlers.dialogue import BadAnswer, Option, Question
from handlers.dialogue.form import Condition
from handlers.needs.stating.reading import resident_in
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.needs import list_groups, open_access
from storage.refusals import Fact
from storage.rules.details import (
    GROUP_LIMIT,
    PLACE_LIMIT,
    Access,
    Details,
    Place,
    Wish,
    lines_of,
    read_floor,
    sort_access,
    sort_wishes,
)
from storage.rules.moments import MomentProblem, parse_moment
from storage.rules.quick_details import says_an_hour
from storage.rules.text import clean
from storage.rules.times import local_moment

MORE = "more"
NOTHING = "nothing"
TODAY, TOMORROW, WEEK, ANY_TIME = "today", "tomorrow", "week", "any_time"
REMEMBER = "remember"
# A button carries at most 64 bytes.
CODE_BYTES = 30
# Until when somebody may come on a day whose hour does not matter.
EVENING = time(20)
# What of the answers are details; they stay while the need is looked at again.
KEYS = (
    "when",
    "hours",
    "by",
    "place",
    "group",
    "where",
    "point",
    "access",
    "floor",
    "remember",
    "wishes",
)


def details_in(answers: Answers) -> Details:
    """The details as the form has them."""
    when, place, floor = answers.get("when"), answers.get("place"), answers.get("floor")
    point, access, wishes = answers.get("point"), answers.get("access"), answers.get("wishes")
    known = Place(place) if isinstance(place, str) and place else None
    return Details(
        wanted_at=datetime.fromisoformat(when) if isinstance(when, str) and when else None,
        hours=bool(answers.get("hours")),
        by=bool(answers.get("by")),
        place=known,
        group_code=str(answers.get("group") or "") if known is Place.GROUP else "",
        words=str(answers.get("where") or "") if known is Place.OTHER else "",
        point=(float(point[0]), float(point[1])) if isinstance(point, list) and point else None,
        access=sort_access(access if isinstance(access, list) else ()),
        floor=int(floor) if isinstance(floor, str) and floor.isdigit() else None,
        wishes=sort_wishes(wishes if isinstance(wishes, list) else ()),
    )


def answers_of(details: Details) -> Answers:
    """The details as answers of the form, for a need that is changed."""
    return {
        "when": details.wanted_at.isoformat() if details.wanted_at else None,
        "hours": details.hours,
        "by": details.by,
        "place": details.place.value if details.place else None,
        "group": details.group_code,
        "where": details.words,
        "point": [str(one) for one in details.point] if details.point else None,
        "access": [one.value for one in details.access],
        "floor": str(details.floor) if details.floor is not None else None,
        "wishes": [one.value for one in details.wishes],
    }


def with_home(turn: Turn, answers: Answers) -> Answers:
    """The answers with what was kept of the resident's home, unless they say otherwise."""
    if "access" in answers:
        return answers
    access, floor = open_access(turn.session, person_id=resident_in(turn, answers))
    if not access:
        return answers
    kept: Answers = {"access": [one.value for one in access]}
    return answers | kept | ({"floor": str(floor)} if floor is not None else {})


def detail_lines(answers: Answers) -> list[str]:
    """The details as tokens for the wording."""
    return lines_of(details_in(answers))


def settle(turn: Turn, answers: Answers) -> Answers:
    """The answers of one question as they are kept: words of a day as a moment, "none" as none."""
    kept: Answers = {key: answers[key] for key in KEYS if key in answers}
    if "when_word" in answers:
        kept |= _moment(turn, answers["when_word"])
    for key in ("access", "wishes"):
        chosen = kept.get(key)
        if isinstance(chosen, list) and NOTHING in chosen:
            kept[key] = []
    access = kept.get("access")
    if not isinstance(access, list) or Access.STAIRS.value not in access:
        kept["floor"] = None
    return kept


def _moment(turn: Turn, word: Fact) -> Answers:
    """What a pressed day means, or the moment that was typed."""
    local = turn.session.house.local(turn.now)
    if word in (None, ANY_TIME):
        return {"when": None, "hours": False, "by": False}
    if word in (TODAY, TOMORROW, WEEK):
        ahead = {TODAY: 0, TOMORROW: 1, WEEK: 6 - local.weekday()}[str(word)]
        day = local.date() + timedelta(days=ahead)
        moment = local_moment(day, EVENING, turn.session.house.zone)
        return {"when": moment.isoformat(), "hours": False, "by": word == WEEK}
    text, hours = str(word).rsplit("|", 1)
    return {"when": text, "hours": hours == "1", "by": False}


def _check_when(turn: Turn, text: str) -> Fact:
    moment = parse_moment(text, turn.session.house.local(turn.now))
    if isinstance(moment, MomentProblem):
        raise BadAnswer("claim_time", problem=moment.value)
    return f"{moment.isoformat()}|{int(says_an_hour(text))}"


def _check_group(turn: Turn, text: str) -> Fact:
    code = clean(text, limit=GROUP_LIMIT + 1)
    if code is None or len(code) > GROUP_LIMIT:
        raise BadAnswer("need_address")
    return " ".join(code.split())


def _check_where(turn: Turn, text: str) -> Fact:
    words = clean(text, limit=PLACE_LIMIT + 1)
    if words is None or len(words) > PLACE_LIMIT:
        raise BadAnswer("need_place", limit=PLACE_LIMIT)
    return words


def _check_floor(turn: Turn, text: str) -> Fact:
    floor = read_floor(text)
    if floor is None:
        raise BadAnswer("need_floor")
    return str(floor)


def _about(*what: str) -> Condition:
    def applies(turn: Turn, answers: Answers) -> bool:
        return answers.get("review") == MORE and answers.get("more") in what

    return applies


def _opens(turn: Turn, answers: Answers) -> bool:
    return answers.get("review") == MORE and bool(answers.get("open"))


def _in_place(place: Place) -> Condition:
    def applies(turn: Turn, answers: Answers) -> bool:
        return _about("where")(turn, answers) and answers.get("place") == place.value

    return applies


def _asks_floor(turn: Turn, answers: Answers) -> bool:
    chosen = answers.get("access")
    ticked = isinstance(chosen, list) and Access.STAIRS.value in chosen and NOTHING not in chosen
    return _about("access")(turn, answers) and ticked


def _asks_to_remember(turn: Turn, answers: Answers) -> bool:
    return _about("access")(turn, answers)


def _what(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(one, f"more.{one}") for one in ("when", "where", "access", "wishes")]


def _days(turn: Turn, answers: Answers) -> Sequence[Option]:
    local = turn.session.house.local(turn.now)
    days = [TODAY] if local.time() < EVENING else []
    return [Option(one, f"more.{one}") for one in (*days, TOMORROW, WEEK, ANY_TIME)]


def _places(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"more.{one.value}") for one in Place]


def _groups(turn: Turn, answers: Answers) -> Sequence[Option]:
    codes = list_groups(turn.session, person_id=int(str(answers["about"])))
    return [
        Option(code, "verbatim", {"text": code})
        for code in codes
        if len(code.encode()) <= CODE_BYTES
    ]


def _access(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(one, f"access.{one}") for one in (*(a.value for a in Access), NOTHING)]


def _floors(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(str(n), "more.floor", {"n": n}) for n in range(2, 8)]


def _remember(turn: Turn, answers: Answers) -> Sequence[Option]:
    return (Option("yes", "more.remember"), Option("no", "more.only_now"))


def _wishes(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(one, f"wish.{one}") for one in (*(w.value for w in Wish), NOTHING)]


def _has_groups(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    return {"known": bool(_groups(turn, answers))}


ACCESS = Question("access", "ask_need_access", options=_access, many=True, applies=_about("access"))
FLOOR = Question(
    "floor",
    "ask_need_floor",
    _check_floor,
    options=_floors,
    columns=3,
    counts=True,
    may_skip=True,
    applies=_asks_floor,
)
QUESTIONS = (
    Question("more", "ask_need_details", options=_what, applies=_opens, columns=2),
    Question(
        "when_word",
        "ask_need_when",
        _check_when,
        options=_days,
        applies=_about("when"),
        columns=2,
    ),
    Question("place", "ask_need_place", options=_places, applies=_about("where")),
    Question(
        "group",
        "ask_need_group",
        _check_group,
        options=_groups,
        columns=3,
        applies=_in_place(Place.GROUP),
        facts=_has_groups,
    ),
    Question("where", "ask_need_where", _check_where, applies=_in_place(Place.OTHER)),
    ACCESS,
    FLOOR,
    Question("remember", "ask_need_remember", options=_remember, applies=_asks_to_remember),
    Question("wishes", "ask_need_wishes", options=_wishes, many=True, applies=_about("wishes")),
)
