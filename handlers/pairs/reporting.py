"""How a pair goes, said by either side or by staff who asked them: buttons, and words if any."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import Form, Option, Question, start, words_within
from handlers.pairs.own import Act
from handlers.turn import Press, Turn
from storage.dialogues import Answers
from storage.pairs import check_staff_of, get_pair, report_pair, side_of
from storage.pairs.reporting import acts_of
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.pairs import Outcome

WORDS_LIMIT = 300
CHANNELS = ("phone", "visit", "paper")


def _start(outcome: Outcome | None) -> Act:
    def begin(turn: Turn, person: Person, press: Press) -> None:
        one = get_pair(turn.session, pair_id=press.id)
        if side_of(turn.session, one, person) is None:
            raise NotAllowed
        if not one.is_agreed:
            raise TooLate
        known: dict[str, Fact] = {}
        if outcome is not None:
            known = {"outcome": outcome.value, "pressed": True}
        start(turn, REPORT, {"pair": one.id, **known})

    return begin


def _called(turn: Turn, person: Person, press: Press) -> None:
    """Staff have asked the two on the phone or at the door."""
    one = get_pair(turn.session, pair_id=press.id)
    check_staff_of(turn.session, one, person)
    if not one.is_agreed:
        raise TooLate
    start(turn, REPORT, {"pair": one.id, "staff": True})


def _nothing(turn: Turn, person: Person, press: Press) -> None:
    one = report_pair(
        turn.session, now=turn.now, actor=person, pair_id=press.id, outcome=Outcome.NOTHING
    )
    turn.edit("pair_reported", card=one.card, outcome=Outcome.NOTHING.value, more=one.facts)


def _pair_id(answers: Answers) -> int:
    value = answers.get("pair")
    return value if isinstance(value, int) else 0


def _facts(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    return get_pair(turn.session, pair_id=_pair_id(answers)).facts


def _outcomes(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"pair.{one.value}") for one in Outcome]


def _acts(turn: Turn, answers: Answers) -> Sequence[Option]:
    one = get_pair(turn.session, pair_id=_pair_id(answers))
    return [_act(act) for act in acts_of(one)]


def _act(act: str) -> Option:
    """What the office named itself begins with "=" and is worded by that name."""
    if act.startswith("="):
        return Option(act, "verbatim", {"text": act[1:]})
    return Option(act, f"pair_act.{act}")


def _channels(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one, f"pair_channel.{one}") for one in CHANNELS]


def _check_words(_turn: Turn, text: str) -> Fact:
    return words_within(text, limit=WORDS_LIMIT)


def _is_open(_turn: Turn, answers: Answers) -> bool:
    """Whether it was not pressed already."""
    return answers.get("pressed") is not True


def _is_done(_turn: Turn, answers: Answers) -> bool:
    return answers.get("outcome") == Outcome.DONE.value


def _is_problem(_turn: Turn, answers: Answers) -> bool:
    return answers.get("outcome") == Outcome.PROBLEM.value


def _is_staff(_turn: Turn, answers: Answers) -> bool:
    return answers.get("staff") is True


def _finish(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    acts = answers.get("acts")
    words = answers.get("words") or answers.get("problem")
    outcome = Outcome(str(answers["outcome"]))
    one = report_pair(
        turn.session,
        now=turn.now,
        actor=turn.person,
        pair_id=_pair_id(answers),
        outcome=outcome,
        acts=[str(each) for each in acts] if isinstance(acts, list) else (),
        words=words if isinstance(words, str) else None,
        channel=str(answers.get("channel") or "chat"),
    )
    turn.say("pair_reported", keyboard="menu", outcome=outcome.value, more=one.facts)


REPORT = Form(
    topic="pair_report",
    questions=(
        Question("outcome", "ask_pair_outcome", options=_outcomes, facts=_facts, applies=_is_open),
        Question("acts", "ask_pair_done", options=_acts, many=True, facts=_facts, applies=_is_done),
        Question("words", "ask_pair_words", _check_words, may_skip=True, applies=_is_done),
        Question("problem", "ask_pair_problem", _check_words, applies=_is_problem),
        Question("channel", "ask_pair_channel", options=_channels, applies=_is_staff),
    ),
    finish=_finish,
)

ACTS: Mapping[str, Act] = {
    "tell": _start(None),
    "done": _start(Outcome.DONE),
    "problem": _start(Outcome.PROBLEM),
    "nothing": _nothing,
    "called": _called,
}
