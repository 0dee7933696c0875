"""Forms of staff: proposing a neighbour, one without the app, and what somebody said aloud."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, start, words_within
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.pairs.desk import show_pair
from handlers.pairs.own import Act
from handlers.turn import Press, Turn
from storage.choices import close_card
from storage.dialogues import Answers
from storage.pairs import (
    Spoken,
    add_neighbour,
    check_staff_of,
    enter_spoken,
    get_pair,
    propose_neighbour,
)
from storage.pairs.agreeing import needs_guardian
from storage.pairs.saying import facts_of
from storage.people import Person, get_person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.registers import check_staff, find_household
from storage.rules.pairs import ACTS as PAIR_ACTS
from storage.rules.pairs import FREQUENCIES, Side
from storage.rules.phones import Phone, parse_phone
from storage.rules.purposes import Channel
from storage.rules.text import clean

NAME_LIMIT = 20
PLACE_LIMIT = 40
WORDS_LIMIT = 120
SAME = "same"


def _staff(turn: Turn) -> Person:
    if turn.person is None or not turn.person.is_approved("coordinator"):
        raise NotAllowed
    return turn.person


def _number(answers: Answers, key: str) -> int:
    value = answers.get(key)
    return value if isinstance(value, int) else 0


def _ask(turn: Turn, person: Person, press: Press) -> None:
    check_staff(turn.session, actor=_staff(turn), person_id=press.id)
    start(turn, PROPOSE, {"resident": press.id, "helper": press.version})


def _other(turn: Turn, person: Person, press: Press) -> None:
    check_staff(turn.session, actor=_staff(turn), person_id=press.id)
    start(turn, NEIGHBOUR, {"resident": press.id})


def _spoken(turn: Turn, person: Person, press: Press) -> None:
    one = get_pair(turn.session, pair_id=press.id)
    check_staff_of(turn.session, one, person)
    if press.extra not in {side.value for side in Side}:
        raise TooLate
    start(turn, SPOKEN, {"pair": one.id, "side": press.extra})


def _both(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    names = {
        key: get_person(turn.session, person_id=_number(answers, key)).name
        for key in ("resident", "helper")
        if _number(answers, key)
    }
    acts, frequency = answers.get("acts"), answers.get("frequency")
    also = answers.get("also")
    return {
        "resident": names.get("resident"),
        "helper": names.get("helper"),
        "acts": list(acts) if isinstance(acts, list) else [],
        "frequency": frequency if isinstance(frequency, str) else None,
        "also": also if isinstance(also, str) else None,
    }


def _acts(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one, f"pair_act.{one}") for one in PAIR_ACTS]


def _frequencies(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one, f"pair_frequency.{one}") for one in FREQUENCIES]


def _send(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("send", "pair.send")]


def _words(text: str, limit: int) -> str:
    return words_within(text, limit=limit)


def _check_words(_turn: Turn, text: str) -> Fact:
    return _words(text, WORDS_LIMIT)


def _propose(turn: Turn, answers: Answers) -> None:
    acts, also = answers["acts"], answers.get("also")
    one = propose_neighbour(
        turn.session,
        now=turn.now,
        actor=_staff(turn),
        resident_id=_number(answers, "resident"),
        helper_id=_number(answers, "helper"),
        acts=[str(each) for each in acts] if isinstance(acts, list) else [],
        frequency=str(answers["frequency"]),
        words=also if isinstance(also, str) else None,
    )
    close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
    show_pair(turn, _staff(turn), one, edit=False)


PROPOSE = Form(
    topic="pair_propose",
    questions=(
        Question("acts", "ask_pair_acts", options=_acts, many=True, facts=_both),
        Question("frequency", "ask_pair_frequency", options=_frequencies, facts=_both),
        Question("also", "ask_pair_also", _check_words, may_skip=True),
        Question("review", "ask_pair_review", options=_send, facts=_both),
    ),
    finish=_propose,
)


def _check_name(_turn: Turn, text: str) -> Fact:
    name = " ".join((clean(text, limit=400) or "").split())
    if not name:
        raise BadAnswer("name_empty")
    if len(name) > NAME_LIMIT:
        raise BadAnswer("name_long", limit=NAME_LIMIT)
    return name


def _check_phone(_turn: Turn, text: str) -> Fact:
    phone = parse_phone(text)
    if not isinstance(phone, Phone):
        raise BadAnswer("phone", problem=phone.value)
    return phone.e164


def _check_place(_turn: Turn, text: str) -> Fact:
    return _words(text, PLACE_LIMIT)


def _same_place(turn: Turn, answers: Answers) -> Sequence[Option]:
    home = find_household(turn.session, person_id=_number(answers, "resident"))
    if home is None or not home.group_code:
        return []
    return [Option(SAME, "pair.same_place", {"place": home.group_code})]


def _add(turn: Turn, answers: Answers) -> None:
    resident_id, phone = _number(answers, "resident"), answers.get("phone")
    place = answers.get("place")
    home = find_household(turn.session, person_id=resident_id)
    if place == SAME and home is not None:
        place = home.group_code
    helper_id = add_neighbour(
        turn.session,
        now=turn.now,
        actor=_staff(turn),
        resident_id=resident_id,
        name=str(answers["name"]),
        phone=phone if isinstance(phone, str) else None,
        group_code=place if isinstance(place, str) else "",
    )
    start(turn, PROPOSE, {"resident": resident_id, "helper": helper_id})


NEIGHBOUR = Form(
    topic="pair_neighbour",
    questions=(
        Question("name", "ask_pair_name", _check_name, facts=_both),
        Question("phone", "ask_pair_phone", _check_phone, may_skip=True),
        Question("place", "ask_pair_place", _check_place, options=_same_place, may_skip=True),
    ),
    finish=_add,
)


def _said(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    one = get_pair(turn.session, pair_id=_number(answers, "pair"))
    return {**facts_of(turn.session, one), "side": str(answers["side"])}


def _yes_no(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("yes", "consent.said_yes"), Option("no", "consent.said_no")]


def _speakers(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("guardian", "consent.by_guardian"), Option("self", "consent.by_self")]


def _channels(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [
        Option(one.value, f"consent.over_{one.value}") for one in (Channel.PAPER, Channel.PHONE)
    ]


def _is_yes(_turn: Turn, answers: Answers) -> bool:
    return answers.get("answer") == "yes"


def _is_childs(turn: Turn, answers: Answers) -> bool:
    one = get_pair(turn.session, pair_id=_number(answers, "pair"))
    of_resident = answers.get("side") == Side.RESIDENT.value
    return _is_yes(turn, answers) and (
        of_resident and needs_guardian(turn.session, one, now=turn.now)
    )


def _enter(turn: Turn, answers: Answers) -> None:
    one = enter_spoken(
        turn.session,
        now=turn.now,
        actor=_staff(turn),
        pair_id=_number(answers, "pair"),
        side=Side(str(answers["side"])),
        yes=answers["answer"] == "yes",
        spoken=Spoken(
            channel=Channel(str(answers.get("channel") or Channel.PHONE.value)),
            where=str(answers.get("where") or ""),
            present=str(answers.get("present") or ""),
            by_guardian=answers.get("speaker") == "guardian",
        ),
    )
    show_pair(turn, _staff(turn), one, edit=False)


SPOKEN = Form(
    topic="pair_spoken",
    questions=(
        Question("answer", "ask_pair_spoken", options=_yes_no, facts=_said),
        Question("speaker", "ask_pair_speaker", options=_speakers, applies=_is_childs),
        Question("channel", "ask_statement_channel", options=_channels, applies=_is_yes),
        Question("where", "ask_statement_where", _check_words, applies=_is_yes),
        Question("present", "ask_statement_present", _check_words, applies=_is_yes),
    ),
    finish=_enter,
)

ACTS: Mapping[str, Act] = {"ask": _ask, "other": _other, "spoken": _spoken}
