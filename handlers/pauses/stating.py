"""Saying that somebody is away: in one line, or by a short form."""

from datetime import date

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.dialogue.form import Condition
from handlers.doors import present
from handlers.pauses.cards import show_card, show_moved, tell_on
from handlers.pauses.volunteers import show_rest
from handlers.turn import Turn
from storage.choices import close_card
from storage.communities import get_name, list_communities
from storage.dialogues import Answers
from storage.paper import find_named, get_named
from storage.pauses import begin_pause, find_card, list_pausable, move_resident
from storage.people import get_person
from storage.refusals import Fact, NotAllowed
from storage.registers import find_household, list_members
from storage.rules.moments import MomentProblem
from storage.rules.pauses import FOR_GOOD, Reason, parse_until, understand_pause
from storage.rules.text import clean

OPEN, LEAVES, ALONE, ALL = "open", "leaves", "alone", "all"
LENGTHS = ("3天", "一周", "一个月")
LINE_LIMIT = 200


def open_pause(turn: Turn) -> None:
    """/pause, alone or with who and how long: "/pause 王桂英 住院到周五"."""
    person = present(turn)
    words = clean(turn.text or "", limit=LINE_LIMIT)
    if not person.is_approved("coordinator") and list(person.roles) == ["volunteer"]:
        show_rest(turn, person)
        return
    own = find_card(turn.session, person_id=person.id)
    if words is None and own is not None and own.is_live:
        show_card(turn, own, edit=False)
        return
    try:
        answers = _from_line(turn, words) if words else {}
    except BadAnswer as problem:
        start(turn, FORM, lead=f"problem_{problem.key}", facts=problem.facts)
        return
    start(turn, FORM, answers)


def _from_line(turn: Turn, words: str) -> Answers:
    """What one line says; only what it leaves open is asked."""
    person = present(turn)
    name, _, rest = words.partition(" ")
    answers: Answers = {}
    if person.is_approved("coordinator") and understand_pause(name, _today(turn)).reason is None:
        answers |= {"whom": _check_whom(turn, name), "given_whom": True}
    else:
        rest = words
    if rest.strip():
        answers |= {"reason": _check_reason(turn, rest), "given_reason": True}
    return answers


def _today(turn: Turn) -> date:
    return turn.session.house.local(turn.now).date()


def _is_staff(turn: Turn) -> bool:
    return turn.person is not None and turn.person.is_approved("coordinator")


def _whom(turn: Turn, answers: Answers) -> list[Option]:
    person = present(turn)
    mine = [
        Option(str(one), "pause.myself" if one == person.id else "verbatim", {"text": name})
        for one, name in list_pausable(turn.session, actor=person)
    ]
    if "volunteer" in person.roles:
        mine.append(Option("rest", "pause.rest"))
    return mine


def _asks_whom(turn: Turn, answers: Answers) -> bool:
    return "given_whom" not in answers and (_is_staff(turn) or len(_whom(turn, answers)) > 1)


def _check_whom(turn: Turn, text: str) -> Fact:
    """Staff name anybody of their scope; of several the next question asks which."""
    words = clean(text, limit=64) or ""
    found = find_named(turn.session, actor=present(turn), name=words, residents_only=False)
    if not words or not found or not _is_staff(turn):
        raise BadAnswer("pause_nobody", words=words)
    return ",".join(str(one.id) for one in found)


def _several(turn: Turn, answers: Answers) -> bool:
    return "," in str(answers.get("whom"))


def _who(turn: Turn, answers: Answers) -> list[Option]:
    found = (
        get_named(turn.session, actor=present(turn), person_id=int(one))
        for one in str(answers["whom"]).split(",")
    )
    return [
        Option(str(one.id), "verbatim", {"text": f"{one.name} {one.where}".strip()})
        for one in found
        if one is not None
    ]


def whom_in(turn: Turn, answers: Answers) -> int:
    """The person the answers name."""
    chosen = str(answers.get("who") or answers.get("whom") or present(turn).id)
    if not chosen.isdigit():
        raise NotAllowed
    return int(chosen)


def _reasons(turn: Turn, answers: Answers) -> list[Option]:
    kinds = [Reason.HOSPITAL, Reason.AWAY, Reason.OTHER]
    if _is_staff(turn):
        kinds[2:2] = [Reason.MOVED, Reason.DIED]
    return [Option(one.value, f"pause_reason.{one.value}") for one in kinds]


def _check_reason(turn: Turn, text: str) -> Fact:
    """ "住院到周五" answers the next question too."""
    said = understand_pause(text, _today(turn))
    if said.problem is not None:
        raise BadAnswer("pause_until")
    if said.reason in FOR_GOOD and not _is_staff(turn):
        raise BadAnswer("pause_reason")
    if said.reason is None and not said.says_until:
        raise BadAnswer("pause_reason")
    reason = (said.reason or Reason.OTHER).value
    if not said.says_until or said.reason in FOR_GOOD:
        return reason
    return f"{reason}|{said.last_day.isoformat() if said.last_day else OPEN}"


def _reason(answers: Answers) -> Reason:
    return Reason(str(answers.get("reason")).partition("|")[0])


def _asks_until(turn: Turn, answers: Answers) -> bool:
    return _reason(answers) not in FOR_GOOD and "|" not in str(answers["reason"])


def _lengths(turn: Turn, answers: Answers) -> list[Option]:
    given = [Option(one, f"pause_length.{at}") for at, one in enumerate(LENGTHS)]
    return [*given, Option(OPEN, "pause.open")]


def _check_until(turn: Turn, text: str) -> Fact:
    until = parse_until(text, _today(turn))
    if isinstance(until, MomentProblem):
        raise BadAnswer("pause_until")
    return until.isoformat() if until is not None else OPEN


def _last_day(turn: Turn, answers: Answers) -> date | None:
    said = str(answers["reason"]).partition("|")[2] or str(answers.get("until") or OPEN)
    if said == OPEN:
        return None
    until = parse_until(said, _today(turn))
    return until if isinstance(until, date) else None


def _home(turn: Turn, answers: Answers) -> list[Option]:
    return [Option(ALONE, "pause.alone"), Option(ALL, "pause.all")]


def _asks_home(turn: Turn, answers: Answers) -> bool:
    if _reason(answers) in FOR_GOOD:
        return False
    home = find_household(turn.session, person_id=whom_in(turn, answers))
    return home is not None and len(list_members(turn.session, household_id=home.id)) > 1


def _places(turn: Turn, answers: Answers) -> list[Option]:
    here = [
        Option(str(one.id), "verbatim", {"text": one.name})
        for one in list_communities(turn.session)
    ]
    return [Option(LEAVES, "pause.leaves"), *here]


def _is(reason: Reason) -> Condition:
    def applies(turn: Turn, answers: Answers) -> bool:
        return _reason(answers) is reason

    return applies


def _asks_sure(turn: Turn, answers: Answers) -> bool:
    return _reason(answers) in FOR_GOOD


def _sure(turn: Turn, answers: Answers) -> list[Option]:
    return [Option("yes", "pause.sure")]


def _named(turn: Turn, answers: Answers) -> dict[str, Fact]:
    one = get_person(turn.session, person_id=whom_in(turn, answers))
    own = turn.person is not None and one.id == turn.person.id
    return {"name": one.name, "own": own, "staff": _is_staff(turn)}


def _sure_facts(turn: Turn, answers: Answers) -> dict[str, Fact]:
    where = str(answers.get("where") or LEAVES)
    place = get_name(turn.session, community_id=int(where)) if where.isdigit() else None
    return {**_named(turn, answers), "reason": _reason(answers).value, "community": place}


def _finish(turn: Turn, answers: Answers) -> None:
    person = present(turn)
    close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
    if answers.get("whom") == "rest":
        show_rest(turn, person)
        return
    person_id, where = whom_in(turn, answers), str(answers.get("where") or LEAVES)
    if _reason(answers) is Reason.MOVED and where.isdigit():
        before = move_resident(
            turn.session, now=turn.now, actor=person, person_id=person_id, community_id=int(where)
        )
        name = get_person(turn.session, person_id=person_id).name
        place = get_name(turn.session, community_id=int(where))
        show_moved(turn, person_id=person_id, name=name, community=place, before=before)
        return
    home = find_household(turn.session, person_id=person_id) if answers.get("home") == ALL else None
    card = begin_pause(
        turn.session,
        now=turn.now,
        actor=person,
        person_id=person_id,
        reason=_reason(answers),
        last_day=_last_day(turn, answers),
        household_id=home.id if home is not None else None,
    )
    show_card(turn, card, edit=False)
    if not _is_staff(turn):
        tell_on(turn, card)


def _rests(turn: Turn, answers: Answers) -> bool:
    return answers.get("whom") == "rest"


def _unless_rest(condition: Condition | None) -> Condition:
    def applies(turn: Turn, answers: Answers) -> bool:
        return not _rests(turn, answers) and (condition is None or condition(turn, answers))

    return applies


def _asks_reason(turn: Turn, answers: Answers) -> bool:
    return "given_reason" not in answers


FORM = Form(
    topic="pause",
    questions=(
        Question(
            "whom",
            "ask_pause_whom",
            _check_whom,
            _whom,
            applies=_asks_whom,
            facts=lambda turn, answers: {"staff": _is_staff(turn)},
        ),
        Question("who", "ask_plan_who_of_these", None, _who, applies=_unless_rest(_several)),
        Question(
            "reason",
            "ask_pause_reason",
            _check_reason,
            _reasons,
            columns=2,
            facts=_named,
            applies=_unless_rest(_asks_reason),
        ),
        Question(
            "until",
            "ask_pause_until",
            _check_until,
            _lengths,
            columns=2,
            facts=_named,
            applies=_unless_rest(_asks_until),
        ),
        Question(
            "home", "ask_pause_home", None, _home, facts=_named, applies=_unless_rest(_asks_home)
        ),
        Question(
            "where",
            "ask_pause_where",
            None,
            _places,
            columns=2,
            facts=_named,
            applies=_unless_rest(_is(Reason.MOVED)),
        ),
        Question(
            "sure",
            "ask_pause_sure",
            None,
            _sure,
            facts=_sure_facts,
            applies=_unless_rest(_asks_sure),
        ),
    ),
    finish=_finish,
)
