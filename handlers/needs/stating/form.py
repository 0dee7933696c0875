"""The form of a need: its questions, and what becomes of the answers."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import Form, Option, Question, start
from handlers.dialogue.form import Condition
from handlers.needs.stating.details import (
    MORE,
    QUESTIONS,
    answers_of,
    detail_lines,
    settle,
    with_home,
)
from handlers.needs.stating.reading import (
    TYPED,
    WORDS_LIMIT,
    check_address,
    check_words,
    kept,
    longer,
    resident_in,
    said_in,
    typed_words,
)
from handlers.needs.stating.sending import QUIET, SENDING, is_likely, list_like, send
from handlers.needs.stating.understanding import (
    check_unsaid,
    chosen_kind,
    other_kinds,
    reading_facts,
    said_more,
    says_nothing,
    switched_off,
    taken,
    unsaid_options,
)
from handlers.turn import Turn
from storage.categories import list_switched_off
from storage.dialogues import Answers
from storage.needs import (
    NeedCard,
    Statement,
    list_spoken_for,
    shows_contact,
)
from storage.people import get_person
from storage.refusals import Fact
from storage.rules.areas import SIX_AREAS, Area, Category, Urgency, categories_of
from storage.rules.at_home import is_at_home
from storage.rules.text import clean

# Not offered: a mutual offer is no need, and the bot's own reading of small talk is no category.
NOT_OFFERED = frozenset({Category.NOT_A_NEED, Category.MUTUAL_HELP})


def hear_need(turn: Turn, text: str) -> bool:
    """Free words of somebody who may ask for help: show how they were understood."""
    if turn.person is None or not list_spoken_for(turn.session, person_id=turn.person.id):
        return False
    words = clean(text, limit=WORDS_LIMIT)
    if words is None:
        turn.say("problem_need_empty")
    else:
        start(turn, FORM, taken(turn, words))
    return True


def begin(
    turn: Turn, answers: Answers, *, lead: str, facts: Mapping[str, Fact] | None = None
) -> None:
    """Open the form with what came as a voice, photo or place."""
    start(turn, FORM, answers, lead=lead, facts=facts)


def go_on(
    turn: Turn, answers: Answers, *, lead: str, facts: Mapping[str, Fact] | None = None
) -> None:
    """Show the need of the open form again, after a voice, photo or place came to it."""
    start(turn, FORM, _next_reading(turn, answers), lead=lead, facts=facts)


def change_stated(turn: Turn, card: NeedCard) -> None:
    """Open the same form over a need that was sent, so that it can be said differently."""
    answers: Answers = {
        **kept(Statement(card.category, card.urgency, card.words)),
        **answers_of(card.details),
        "whom": str(card.resident_id),
        "again": True,
        "settled": True,
        "straight": True,
        "need_id": card.id,
        "version": card.version,
        "review": "change",
    }
    start(turn, FORM, answers)


def _whom(turn: Turn, answers: Answers) -> Sequence[Option]:
    if turn.person is None:
        return ()
    return [
        Option(str(one.resident_id), "need.myself")
        if one.own
        else Option(str(one.resident_id), "verbatim", {"text": one.name})
        for one in list_spoken_for(turn.session, person_id=turn.person.id)
    ]


def _asks_whom(turn: Turn, answers: Answers) -> bool:
    if answers.get("again") or turn.person is None or said_more(answers) is not None:
        return False
    # Whoever cares for somebody may ask for them; asked also of one who only cares for one.
    spoken = list_spoken_for(turn.session, person_id=turn.person.id)
    return len(spoken) > 1 or not spoken[0].own if spoken else False


def _asks_address(turn: Turn, answers: Answers) -> bool:
    if answers.get("review") not in SENDING or not is_at_home(said_in(answers).category):
        return False
    resident_id = resident_in(turn, answers)
    return not get_person(turn.session, person_id=resident_id).has_address


def _review_facts(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    said = said_in(answers)
    resident_id = resident_in(turn, answers)
    own = turn.person is not None and turn.person.id == resident_id
    return {
        "words": said.words,
        "area": said.area.value,
        "category": said.category.value,
        "urgency": said.urgency.value,
        "whom": None if own else get_person(turn.session, person_id=resident_id).name,
        "at_home": is_at_home(said.category),
        **reading_facts(turn, answers, said.category),
        "sent": answers.get("need_id") is not None,
        "shows": _shows_contact(turn, answers),
        "details": detail_lines(with_home(turn, answers)),
        "has_media": bool(answers.get("media")),
    }


def _review(turn: Turn, answers: Answers) -> Sequence[Option]:
    rest = (
        *other_kinds(turn, answers),
        Option("change", "need.change"),
        Option(MORE, "more.open"),
    )
    if answers.get("need_id") is not None:
        return (Option("send", "need.save"), *rest)
    if not _shows_contact(turn, answers):
        return (Option("send", "need.send_plain"), *rest)
    return (Option("send", "need.send"), Option(QUIET, "need.send_quiet"), *rest)


def _shows_contact(turn: Turn, answers: Answers) -> bool:
    return turn.person is not None and shows_contact(
        turn.session,
        now=turn.now,
        actor_id=turn.person.id,
        resident_id=resident_in(turn, answers),
    )


def _what(turn: Turn, answers: Answers) -> Sequence[Option]:
    options = [
        Option("area", "need.what_area"),
        Option("urgency", "need.what_urgency"),
        Option("words", "need.what_words"),
    ]
    if answers.get("need_id") is None and len(_whom(turn, answers)) > 1:
        options.append(Option("whom", "need.what_whom"))
    return options


def _is_what(*what: str) -> Condition:
    def applies(turn: Turn, answers: Answers) -> bool:
        return answers.get("review") == "change" and answers.get("what") in what

    return applies


def _changes(turn: Turn, answers: Answers) -> bool:
    return answers.get("review") == "change"


def _areas(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(area.value, f"area.{area.value}") for area in (*SIX_AREAS, Area.OTHER)]


def _kinds(turn: Turn, answers: Answers) -> Sequence[Option]:
    kinds = categories_of(Area(str(answers["new_area"])))
    left_out = NOT_OFFERED | list_switched_off(turn.session)
    return [Option(k.value, f"category.{k.value}") for k in kinds if k not in left_out]


def _urgent(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(u.value, f"urgency.{u.value}") for u in (Urgency.U1, Urgency.U2, Urgency.U3)]


def _is_no_need(turn: Turn, answers: Answers) -> bool:
    return answers["category"] == Category.NOT_A_NEED.value and not answers.get("again")


def _said_words(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    return {"words": answers["words"]}


def _it_is(turn: Turn, answers: Answers) -> Sequence[Option]:
    return (Option("yes", "need.it_is"),)


def _reviews(turn: Turn, answers: Answers) -> bool:
    # Over a need that was sent, the first thing asked is what to change.
    return not answers.get("straight") and said_more(answers) is None


def _finish(turn: Turn, answers: Answers) -> None:
    off = switched_off(turn, answers) if answers.get("need_id") is None else None
    if answers.get("review") in SENDING and off is not None:
        # Since it was shown: shown again, with where to turn, and nothing of the words is lost.
        again = _next_reading(turn, answers | {"review": ""})
        start(turn, FORM, again | {"category": Category.UNCLEAR.value, "off": off})
    elif answers.get("review") in SENDING:
        _send(turn, answers)
    elif answers.get("review") == MORE and not answers.get("open"):
        about = str(resident_in(turn, answers))
        start(turn, FORM, with_home(turn, answers) | {"open": True, "about": about}, at="more")
    else:
        start(turn, FORM, _next_reading(turn, answers))


def _next_reading(turn: Turn, answers: Answers) -> Answers:
    """The answers after something was added or changed, ready to be looked at again."""
    kept_on: tuple[str, ...] = ("category", "urgency", "words", "whom", "settled", "need_id")
    kept_on += ("version", "media", "service", "others", "off")
    again: Answers = {key: answers[key] for key in kept_on if key in answers} | {"again": True}
    again |= settle(turn, answers)
    review, what = answers.get("review"), answers.get("what")
    more, kind = said_more(answers), chosen_kind(answers)
    if more is not None:
        words = longer(turn, str(answers["words"]), more)
        return again | taken(turn, words)
    if kind is not None:
        again.pop("service", None)
        return again | {"category": kind, "settled": True}
    if review in (MORE, ""):
        return again
    if isinstance(review, str) and review.startswith(TYPED):
        words = longer(turn, str(answers["words"]), review.removeprefix(TYPED))
        return again | _understood(turn, words, answers)
    if what == "area":
        again.pop("service", None)
        return again | {"category": answers["new_kind"], "settled": True}
    if what == "urgency":
        return again | {"urgency": answers["new_urgency"], "settled": True}
    if what == "whom":
        # Another home: what was known of the first one's door is not said of it.
        home = ("access", "floor", "remember", "place", "group", "where")
        again = {key: again[key] for key in again if key not in home}
        return again | {"whom": answers["new_whom"]}
    return again | _understood(turn, str(answers["new_words"]), answers)


def _understood(turn: Turn, words: str, answers: Answers) -> Answers:
    """Read the words anew, unless the person has said themselves what kind of need it is."""
    if answers.get("settled"):
        return {"words": words}
    read = taken(turn, words)
    if answers.get("media"):
        # What nobody has heard or seen yet is not made less urgent by the words beside it.
        read["urgency"] = min(str(answers["urgency"]), str(read["urgency"]))
    return read


def _send(turn: Turn, answers: Answers) -> None:
    """Send it, unless it is likely an open need: then that is asked once."""
    alike = send(turn, answers)
    if alike:
        start(turn, FORM, answers | {"like_ids": alike}, at="like")


FORM = Form(
    topic="need",
    questions=(
        Question(
            "chat",
            "ask_need_is_it",
            options=_it_is,
            applies=_is_no_need,
            facts=_said_words,
        ),
        Question(
            "unsaid",
            "ask_need_unsaid",
            check_unsaid,
            options=unsaid_options,
            applies=says_nothing,
            facts=_said_words,
        ),
        Question("whom", "ask_need_whom", options=_whom, applies=_asks_whom),
        Question(
            "review",
            "ask_need_review",
            typed_words,
            options=_review,
            facts=_review_facts,
            applies=_reviews,
        ),
        Question("address", "ask_need_address", check_address, applies=_asks_address),
        Question("like", "ask_need_like", options=list_like, applies=is_likely),
        *QUESTIONS,
        Question("what", "ask_need_what", options=_what, applies=_changes),
        Question("new_area", "ask_need_area", options=_areas, applies=_is_what("area")),
        Question("new_kind", "ask_need_kind", options=_kinds, columns=2, applies=_is_what("area")),
        Question("new_urgency", "ask_need_urgency", options=_urgent, applies=_is_what("urgency")),
        Question("new_words", "ask_need_words", check_words, applies=_is_what("words")),
        Question("new_whom", "ask_need_whom", options=_whom, applies=_is_what("whom")),
    ),
    finish=_finish,
)
