"""The form of a need: its questions, and what becomes of the answers."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import Form, Option, Question, start
from handlers.dialogue.engine import CARD
from handlers.dialogue.form import Condition
from handlers.needs.cards import card_of, show_need
from handlers.needs.reading import (
    TYPED,
    WORDS_LIMIT,
    check_address,
    check_words,
    kept,
    longer,
    reading_of,
    said_in,
    typed_words,
)
from handlers.turn import Turn
from storage.choices import close_card
from storage.dialogues import Answers
from storage.needs import (
    NeedCard,
    Statement,
    change_need,
    find_need,
    list_spoken_for,
    resident_buttons,
    shows_contact,
    state_need,
)
from storage.people import get_person
from storage.refusals import Fact, NotAllowed
from storage.rules.areas import (
    CATEGORIES,
    SIX_AREAS,
    Area,
    Category,
    Urgency,
    VolunteerMay,
    categories_of,
)
from storage.rules.at_home import is_at_home
from storage.rules.text import clean

# Sent, but whoever comes is not shown name, address and phone.
QUIET = "quiet"
SENDING = ("send", QUIET)
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
        start(turn, FORM, reading_of(words))
    return True


def change_stated(turn: Turn, card: NeedCard) -> None:
    """Open the same form over a need that was sent, so that it can be said differently."""
    answers: Answers = {
        **kept(Statement(card.category, card.urgency, card.words)),
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
    if answers.get("again") or turn.person is None:
        return False
    # Whoever cares for somebody may ask for them; asked also of one who only cares for one.
    spoken = list_spoken_for(turn.session, person_id=turn.person.id)
    return len(spoken) > 1 or not spoken[0].own if spoken else False


def _resident_id(turn: Turn, answers: Answers) -> int:
    chosen = answers.get("whom")
    if isinstance(chosen, str):
        return int(chosen)
    if turn.person is None:
        raise NotAllowed
    return turn.person.id


def _asks_address(turn: Turn, answers: Answers) -> bool:
    if answers.get("review") not in SENDING or not is_at_home(said_in(answers).category):
        return False
    resident_id = _resident_id(turn, answers)
    return not get_person(turn.session, person_id=resident_id).has_address


def _review_facts(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    said = said_in(answers)
    resident_id = _resident_id(turn, answers)
    own = turn.person is not None and turn.person.id == resident_id
    return {
        "words": said.words,
        "area": said.area.value,
        "category": said.category.value,
        "urgency": said.urgency.value,
        "whom": None if own else get_person(turn.session, person_id=resident_id).name,
        "at_home": is_at_home(said.category),
        "to_office": CATEGORIES[said.category].volunteer_may is VolunteerMay.NO,
        "sent": answers.get("need_id") is not None,
        "shows": _shows_contact(turn, answers),
    }


def _review(turn: Turn, answers: Answers) -> Sequence[Option]:
    change = Option("change", "need.change")
    if answers.get("need_id") is not None:
        return (Option("send", "need.save"), change)
    if not _shows_contact(turn, answers):
        return (Option("send", "need.send_plain"), change)
    return (Option("send", "need.send"), Option(QUIET, "need.send_quiet"), change)


def _shows_contact(turn: Turn, answers: Answers) -> bool:
    return turn.person is not None and shows_contact(
        turn.session,
        now=turn.now,
        actor_id=turn.person.id,
        resident_id=_resident_id(turn, answers),
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
    return [Option(k.value, f"category.{k.value}") for k in kinds if k not in NOT_OFFERED]


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
    return not answers.get("straight")


def _finish(turn: Turn, answers: Answers) -> None:
    if answers.get("review") in SENDING:
        _send(turn, answers)
    else:
        start(turn, FORM, _next_reading(turn, answers))


def _next_reading(turn: Turn, answers: Answers) -> Answers:
    """The answers after something was added or changed, ready to be looked at again."""
    kept_on = ("category", "urgency", "words", "whom", "settled", "need_id", "version")
    again: Answers = {key: answers[key] for key in kept_on if key in answers} | {"again": True}
    review, what = answers.get("review"), answers.get("what")
    if isinstance(review, str) and review.startswith(TYPED):
        words = longer(turn, str(answers["words"]), review.removeprefix(TYPED))
        return again | _understood(words, answers)
    if what == "area":
        return again | {"category": answers["new_kind"], "settled": True}
    if what == "urgency":
        return again | {"urgency": answers["new_urgency"], "settled": True}
    if what == "whom":
        return again | {"whom": answers["new_whom"]}
    return again | _understood(str(answers["new_words"]), answers)


def _understood(words: str, answers: Answers) -> Answers:
    """Read the words anew, unless the person has said themselves what kind of need it is."""
    return {"words": words} if answers.get("settled") else reading_of(words)


def _send(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    need_id = answers.get("need_id")
    if isinstance(need_id, int):
        _save(turn, answers, need_id=need_id, actor_id=turn.person.id)
        return
    address = answers.get("address")
    need_id = state_need(
        turn.session,
        now=turn.now,
        actor_id=turn.person.id,
        resident_id=_resident_id(turn, answers),
        said=said_in(answers),
        address=address if isinstance(address, str) else None,
        share=answers.get("review") != QUIET,
    )
    _say_sent(turn, "need_sent", need_id=need_id)


def _save(turn: Turn, answers: Answers, *, need_id: int, actor_id: int) -> None:
    card = find_need(turn.session, need_id=need_id)
    if card is not None and card.version != answers.get("version"):
        # It moved while the form was open: the form is over, and the card says where it stands.
        close_card(turn.session, chat_id=turn.chat_id, card=CARD)
        show_need(turn, card, lead="need_moved_on", edit=False)
        return
    change_need(
        turn.session,
        now=turn.now,
        actor_id=actor_id,
        need_id=need_id,
        version=int(str(answers["version"])),
        said=said_in(answers),
    )
    _say_sent(turn, "need_changed_own", need_id=need_id)


def _say_sent(turn: Turn, template: str, *, need_id: int) -> None:
    card = find_need(turn.session, need_id=need_id)
    if card is None:
        raise NotAllowed
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    turn.edit(template, buttons=resident_buttons(card), card=card_of(need_id), more=card.facts)


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
        Question("what", "ask_need_what", options=_what, applies=_changes),
        Question("new_area", "ask_need_area", options=_areas, applies=_is_what("area")),
        Question("new_kind", "ask_need_kind", options=_kinds, columns=2, applies=_is_what("area")),
        Question("new_urgency", "ask_need_urgency", options=_urgent, applies=_is_what("urgency")),
        Question("new_words", "ask_need_words", check_words, applies=_is_what("words")),
        Question("new_whom", "ask_need_whom", options=_whom, applies=_is_what("whom")),
    ),
    finish=_finish,
)
